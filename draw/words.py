"""The words that pictures and tables need, in both languages."""

WORDS = {
    "input": ("입력", "input"),
    "conv": ("합성곱", "conv"),
    "dense": ("완전 연결", "dense"),
    "max pool": ("최대 풀링", "max pool"),
    "average pool": ("평균 풀링", "average pool"),
    "norm": ("정규화", "norm"),
    "add": ("더하기", "add"),
    "concat": ("이어 붙이기", "concat"),
    "parameters": ("파라미터", "parameters"),
    "layer": ("층", "layer"),
    "what": ("종류", "kind"),
    "output": ("출력 모양", "output shape"),
    "share": ("비율", "share"),
    "macs": ("MACs", "MACs"),
    "total": ("합계", "total"),
    "groups": ("그룹 {}개", "{} groups"),
    "group of": ("그룹 {}/{}", "group {} of {}"),
    "ratio": ("파라미터 비 {}", "parameter ratio {}"),
    "strength": (
        "칸의 색이 배경과 뚜렷이 다를수록 파라미터가 많습니다. 한 단계는 10배입니다.",
        "The more a box stands out from the page, the more parameters it holds; "
        "one step is a factor of ten.",
    ),
    "bar": (
        "칸 안의 막대 길이는 이 그림 안에서 파라미터 수에 비례하고, "
        "선의 굵기는 채널 수를 나타냅니다.",
        "The bar in a box is proportional to its parameters within this figure; "
        "thicker lines carry more channels.",
    ),
    "legend": ("그림 읽는 법", "How to read the picture"),
}


def word(name: str, language: str, *values: str) -> str:
    korean, english = WORDS[name]
    return (korean if language == "ko" else english).format(*values)
