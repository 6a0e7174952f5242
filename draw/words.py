"""The words that pictures and tables need, in both languages."""

WORDS = {
    "input": ("입력", "input"),
    "results": ("출력", "output"),
    "conv": ("합성곱", "conv"),
    "depthwise conv": ("깊이별 합성곱", "depthwise conv"),
    "dilated conv": ("팽창 합성곱", "dilated conv"),
    "transposed conv": ("전치 합성곱", "transposed conv"),
    "dense": ("완전 연결", "dense"),
    "max pool": ("최대 풀링", "max pool"),
    "average pool": ("평균 풀링", "average pool"),
    "unpool": ("언풀링", "unpool"),
    "upsample": ("업샘플링", "upsample"),
    "norm": ("정규화", "norm"),
    "activation": ("활성화", "activation"),
    "add": ("더하기", "add"),
    "multiply": ("곱하기", "multiply"),
    "concat": ("이어 붙이기", "concat"),
    "unused": ("쓰이지 않음", "not used"),
    "parameters": ("파라미터", "parameters"),
    "layer": ("층", "layer"),
    "box": ("칸", "box"),
    "reads": ("받는 칸", "reads"),
    "what": ("종류", "kind"),
    "output": ("출력 모양", "output shape"),
    "share": ("비율", "share"),
    "macs": ("MACs", "MACs"),
    "memory": ("출력 메모리", "output memory"),
    "time": ("걸린 시간 (AlexNet = 1)", "time (AlexNet = 1)"),
    "costs": ("파라미터, MACs, 메모리와 시간", "Parameters, MACs, memory and time"),
    "correlation": ("시간과의 순위 상관 {}", "rank correlation with time {}"),
    "accuracy": ("ImageNet top-1 정확도 (%)", "ImageNet top-1 accuracy (%)"),
    "area": ("원의 넓이: MACs", "area: MACs"),
    "overview": (
        "파라미터와 정확도, 원의 넓이는 MACs",
        "Parameters against accuracy; the area is the MACs",
    ),
    "in the picture": ("그림에 있는 모델", "The models in the picture"),
    "to the table": ("점을 건너뛰고 표로 가기", "Skip the points and go to the table"),
    "in use": (
        "학습에만 쓰는 {}개 제외",
        "without the {} that only training uses",
    ),
    "machine": (
        "잰 날 {0}, CPU {1}, 스레드 {3}개, torch {2}, 이미지 한 장씩, "
        "{4}번 가운데 가장 빠른 값.",
        "Measured on {0}, CPU {1}, threads: {3}, torch {2}, one image at a time, "
        "the fastest of {4} turns.",
    ),
    "total": ("합계", "total"),
    "term": ("용어", "term"),
    "meaning": ("뜻", "meaning"),
    "not": ("쓰지 않는 말", "not in Korean"),
    "model": ("모델", "model"),
    "architecture": ("구조", "architecture"),
    "year": ("연도", "year"),
    "top1": ("top-1", "top-1"),
    "miou": ("mIoU", "mIoU"),
    "trick": ("기법", "trick"),
    "all models": ("이 사이트의 모델", "The models of this site"),
    "pixel models": ("픽셀마다 답하는 모델", "Models that answer for every pixel"),
    "matrix": ("구조마다 파라미터가 있는 층", "What each architecture is made of"),
    "1x1": ("1×1", "1×1"),
    "3x3": ("3×3", "3×3"),
    "larger": ("더 큰 커널", "larger kernels"),
    "grouped": ("그룹", "grouped"),
    "depthwise": ("깊이별", "depthwise"),
    "averaged": ("전역 평균", "global average"),
    "additions": ("더하기", "additions"),
    "concatenations": ("이어 붙이기", "concatenations"),
    "yes": ("예", "yes"),
    "as it is": ("그대로", "as it is"),
    "others": ("나머지", "the rest"),
    "largest": ("가장 큰 층", "the largest layer"),
    "groups": ("그룹 {}개", "{} groups"),
    "group of": ("그룹 {}/{}", "group {} of {}"),
    "rate": ("팽창률 {}", "rate {}"),
    "from": ("{}번", "from {}"),
    "skip": ("건너뛴 {}번", "skipping from {}"),
    "ratio": ("파라미터 비 {}", "parameter ratio {}"),
    "in words": ("그림을 표로 보기", "The picture as a table"),
    "all layers": ("층을 모두 보기", "All layers"),
    "strength": (
        "칸이 배경에서 도드라질수록 파라미터가 많습니다. "
        "자릿수가 하나 늘 때마다 한 단계입니다.",
        "The more a box stands out from the page, the more parameters it holds; "
        "each further digit is one step.",
    ),
    "bar": (
        "칸 안의 막대 길이는 한 그림 안에서 파라미터 수에 비례하고, "
        "선이 굵을수록 채널이 많습니다.",
        "The bar in a box is proportional to its parameters within one figure; "
        "thicker lines carry more channels.",
    ),
    "legend": ("그림의 눈금", "The scale of the pictures"),
    "gallery": ("그림 읽는 법", "How to read the pictures"),
}


def word(name: str, language: str, *values: object) -> str:
    korean, english = WORDS[name]
    return (korean if language == "ko" else english).format(*values)
