"""Search in a browser: what a reader types finds first the page that it is about."""

import json
import re

import pytest
from browsing import visiting
from playwright.sync_api import expect

from markup import glossary
from markup.facts import Facts
from markup.formulas import plain
from markup.search import Listed, SearchError, Used, check, complete

COUNTING = "basics/counting/"
ONE = "ideas/one-by-one/"
DENSE = "ideas/dense-or-average/"
FIRST = {
    "": {
        COUNTING: (
            "합성곱|합성곱은|합성곱에서는|합 성곱|컨볼루션|컨벌루션을|콘볼루션|컨볼루|"
            "conv|파라미터|파라미터를|파라미터가|파라 미터|매개변수|매개변수의|"
            "parameters"
        ),
        ONE: (
            "1x1|1×1|1x1 합성곱|1X1 컨볼루션|1 x 1 합성곱|1×1합성곱을|점별 합성곱|"
            "포인트와이즈"
        ),
        DENSE: (
            "완전 연결 층|완전연결층|완전연결 층이|완전 연결층의|전결합층|FC|FC층|"
            "전역 평균 풀링|전역평균풀링|전역평균 풀링으로|글로벌 평균 풀링|GAP"
        ),
        "glossary/": "BN|배치정규화를|batch normalization|특징맵|피처맵|드롭아웃",
        "ideas/cost/": "MACs|MAC|곱셈-누산 연산 수|레이턴시",
        "why-numbers-differ/": "FLOPs|플롭스",
        "ideas/receptive-field/": "수용영역|수용 필드|receptive field",
        "architectures/alexnet/": "알렉스넷|60,965,224|그룹 컨볼루션|그룹합성곱이",
        "architectures/vgg/": "VGG16|VGG-16|vgg 16|vgg16_bn|138357544|138,357,544",
        "architectures/googlenet/": (
            "GoogLeNet|google net|구글|구글넷|구글넷의|보조 분류기"
        ),
        "architectures/resnet/": (
            "ResNet-50|resnet50|resnet 50|ResNet50의 파라미터|레즈넷|레즈넷50|"
            "레즈넷 병목|보틀넥|25557032|25,557,032|25,557,032개|4089184256"
        ),
        "architectures/resnext/": (
            "ResNeXt|레즈넥스트|resnext 50|Wide ResNet|카디널리티|25,028,904|68883240"
        ),
        "architectures/densenet/": "덴스넷|DenseNet-121은|성장률",
        "architectures/xception/": "Xception|엑셉션|22855952|22,855,952",
        "architectures/inception-v3/": (
            "Inception v3|인셉션 v3|inception_v3|27,161,264|BN-Inception|공간 분해"
        ),
        "architectures/squeezenet/": "SqueezeNet|스퀴즈넷|파이어 모듈|1248424",
        "ideas/low-rank/": "저랭크 근사|저랭크|특잇값 분해|랭크 낮추기|SVD",
        "architectures/mobilenet-v1/": "MobileNet|모바일넷|MobileNet v1|4,231,976",
        "architectures/senet/": "SENet|SE-Net|에스이넷|SE 블록|seresnet50|28,088,024",
        "architectures/ghostnet/": "GhostNet|고스트넷|고스트넷의|고스트 모듈|5,182,508",
        "architectures/repvgg/": "RepVGG|렙브이지지|재매개변수화|8,309,384|9,108,968",
        "architectures/efficientnet/": (
            "EfficientNet|이피션트넷|efficientnet b7|MBConv|5,288,548|66347960"
        ),
        "architectures/convnext/": "ConvNeXt|컨브넥스트|convnext_tiny|28,589,128",
        "ideas/scaling/": "스케일링|모델 스케일링",
        "architectures/shufflenet/": "ShuffleNet v2|셔플넷|채널 셔플|1,865,728|2278604",
        "ideas/grouped-and-depthwise/": "깊이별 분리 합성곱|뎁스와이즈",
        "segmentation/deeplab/": "딥랩|팽창합성곱|아트러스|deeplabv3",
        "segmentation/upsampling/": "디컨볼루션|전치 컨볼루션|언풀링",
        "segmentation/unet/": "U-Net|u net|unet|유넷|스킵 연결",
        "segmentation/fcn/": "fcn_resnet50|시맨틱 분할",
        "segmentation/lraspp/": "LR-ASPP|lraspp",
        "segmentation/detection/": "Faster R-CNN|r-cnn|객체 탐지",
        "notebooks/weight-sharing/": "가중치 공유|파라미터 공유",
        "notebooks/degradation/": "퇴화 문제",
    },
    "en/": {
        COUNTING: (
            "convolution|convolutions|parameter|parameters|kernels|weights|biases|"
            "filters|conv|합성곱|컨볼루션"
        ),
        ONE: (
            "1x1|1×1|1x1 convolutions|1 x 1 convolution|1x1 conv|pointwise convolutions"
        ),
        DENSE: (
            "fully connected layer|fully-connected layers|fullyconnected|dense layers|"
            "linear layer|FC|FC layers|global average pooling|GAP"
        ),
        "glossary/": "BN|batch norm|BatchNorm|batch normalization|feature maps|dropout",
        "ideas/cost/": "MACs|multiply-adds|latency",
        "why-numbers-differ/": "FLOPs|flop",
        "ideas/receptive-field/": "receptive fields|receptivefield",
        "architectures/alexnet/": "alexnet|alex net|61,100,840|group convolution",
        "architectures/vgg/": "VGG16|VGG-16|vgg 16|vgg16_bn|138357544|138,357,544",
        "architectures/googlenet/": "GoogLeNet|google net|Inception v1|구글넷",
        "architectures/resnet/": (
            "ResNet-50|resnet50|resnet 50|resnets|레즈넷|bottlenecks|shortcuts|"
            "how many parameters does ResNet-50 have?|25557032|25,557,032"
        ),
        "architectures/resnext/": (
            "ResNeXt-50|resnext101|Wide ResNet|WRN|cardinality|25028904|68,883,240"
        ),
        "architectures/densenet/": "DenseNet-121|growth rate",
        "architectures/xception/": "Xception|extreme inception|22,855,952",
        "architectures/inception-v3/": (
            "Inception v3|inception_v3|27161264|Inception v2|spatial factorisation"
        ),
        "architectures/squeezenet/": "SqueezeNet|squeezenet1_1|fire modules|1,248,424",
        "ideas/low-rank/": "low rank|low-rank approximation|SVD|저랭크",
        "architectures/mobilenet-v1/": "MobileNet|mobilenet v1|4231976",
        "architectures/senet/": "SENet|squeeze-and-excitation|SE-ResNet-50|28088024",
        "architectures/ghostnet/": "GhostNet|ghost net|ghost module|5182508",
        "architectures/repvgg/": "RepVGG|RepVGG-A0|re-parameterization|8,309,384",
        "architectures/efficientnet/": (
            "EfficientNet|efficientnet-b0|compound scaling|MBConv|5288548"
        ),
        "architectures/convnext/": "ConvNeXt|convnext tiny|28589128",
        "ideas/scaling/": "scaling|model scaling",
        "architectures/shufflenet/": (
            "ShuffleNet|shufflenet v1|channel shuffle|2,278,604|1865728"
        ),
        "ideas/grouped-and-depthwise/": "depthwise separable convolutions|depthwise",
        "segmentation/deeplab/": "DeepLab|atrous convolutions|dilated convolution",
        "segmentation/upsampling/": "deconvolution|transposed convolutions",
        "segmentation/unet/": "U-Net|u net|unet|skip connections",
        "segmentation/fcn/": "fcn_resnet50|fully convolutional network",
        "segmentation/lraspp/": "LR-ASPP|lraspp",
        "segmentation/detection/": "Faster R-CNN|r-cnn|YOLO",
        "notebooks/weight-sharing/": "weight sharing",
        "notebooks/gradients/": "vanishing gradients",
    },
}
ODD = """title:^ x~ +|"|""|"a|*|^|~|a~|a^|a^x|+|-|-resnet|+resnet -vgg|tags:x|foo:bar|\\
|[|(((|constructor|__proto__|toString|深層学習|a ~1000000|1e999|...|.|ㅎ|은|를 은 는|in
conv2d(3, 64, kernel_size=3)|layer1.0.conv1|C++|😀|<script>|&lt;|%|*a|~1 ~2|resnet^|NaN
null|é|Ａ１|1×|×|3*3*64|$\\frac{1}{2}$|이나이나이나이나이나이나이나이나이나이나"""


# As Material does it: its messages 0 and 1 set the worker up, 2 asks and 3 answers.
PLACES = """async (queries) => {
  const config = JSON.parse(document.getElementById("__config").textContent);
  const root = new URL(config.base, location.href);
  const index = await (await fetch(new URL("search/search_index.json", root))).json();
  const worker = new Worker(new URL(config.search, location.href));
  const told = (type, data, answer) => new Promise((resolve, reject) => {
    const hear = ({ data }) => data.type === answer && resolve(data.data);
    worker.addEventListener("message", hear);
    worker.addEventListener("error", ({ message }) => reject(`${data}: ${message}`));
    worker.postMessage({ type, data });
  });
  await told(0, { ...index, options: { suggest: true } }, 1);
  const places = [];
  for (const query of queries) {
    const { items } = await told(2, query, 3);
    places.push(items.length ? items[0][0].location : null);
  }
  return places;
}"""


def found_first(page, queries: list[str]) -> list[str | None]:
    """The page that the search of an open page finds first, for each query."""
    places = page.evaluate(PLACES, queries)
    return [place if place is None else place.split("#")[0] for place in places]


class Search:
    """The search dialog of a language's home page."""

    def __init__(self, opened):
        self.opened = opened
        self.start = opened.url
        self.field = opened.locator(".md-search__input")
        self.links = opened.locator("a.md-search-result__link")
        self.field.wait_for(state="attached")
        self.open()

    def open(self) -> None:
        self.opened.keyboard.press("/")
        expect(self.opened.locator("#__search")).to_be_checked()

    def type(self, query: str) -> None:
        self.field.fill(query)
        self.field.press("End")  # a key, which Material listens for

    def ask(self, query: str) -> str:
        """The page of the first result: its address below the language's root."""
        self.type("")
        expect(self.links).to_have_count(0)
        self.type(query)
        self.links.first.wait_for(state="attached")
        address = self.links.first.get_attribute("href")
        return re.split(r"[?#]", address.removeprefix(self.start))[0]


@pytest.fixture
def visit(browser, address):
    with visiting(browser, address) as visit:
        visit.page.on("console", lambda said: visit.errors.append(said.text))
        yield visit
        assert not visit.errors
        assert not visit.foreign()


def test_there_are_enough_queries():
    for folder, pages in FIRST.items():
        queries = [query for line in pages.values() for query in line.split("|")]
        assert len(queries) == len(set(queries)) >= 40, folder


def expected_first(page, expected: dict[str, str]) -> None:
    found = found_first(page, [*expected])
    wrong = {
        query: f"{place} instead of {expected[query]}"
        for query, place in zip(expected, found, strict=True)
        if place != expected[query]
    }
    assert not wrong


@pytest.mark.parametrize("folder", FIRST)
def test_a_query_finds_its_page_first(visit, folder):
    lines = FIRST[folder].items()
    queries = {query: page for page, line in lines for query in line.split("|")}
    expected_first(visit.open(folder), queries)


@pytest.mark.parametrize("folder", FIRST)
def test_a_network_is_found_by_every_name_and_count(visit, site, folder):
    """Also those that come later: pages, and no test, say what they are about."""
    path = site / folder / "search" / "search_index.json"
    named = json.loads(path.read_text(encoding="utf-8"))["config"]["names"]
    assert len(named) > 20
    queries = {name: page for page, names in named.items() for name in names}
    expected_first(visit.open(folder), queries)


@pytest.mark.parametrize("folder", FIRST)
def test_no_query_throws(visit, site, folder):
    text = (site / folder / "search" / "search_index.json").read_text(encoding="utf-8")
    figures = sorted(set(re.findall(r"\b\w*\d[\w.,×-]*\b", text)))
    assert len(figures) > 500
    odd = [*re.split(r"\||\n", ODD), "가" * 300, "x" * 500, "vgg " * 300]
    odd += figures[::7]  # lunr's own sets of words broke on these
    *_, last = found_first(visit.open(folder), [*odd, "resnet"])
    assert last == "architectures/resnet/"


def test_the_index_shows_nothing_that_pages_do_not_say(site):
    for folder in FIRST:
        path = site / folder / "search" / "search_index.json"
        index = json.loads(path.read_text(encoding="utf-8"))
        text = " ".join(entry["text"] for entry in index["docs"])
        assert "25,557,032" in text
        assert "25557032" not in text
        assert not list(glossary.avoided(text))
        assert "k_h × k_w" in text, "formulas are read as text"
        places = {entry["location"] for entry in index["docs"]}
        assert {*index["config"]["names"], *index["config"]["terms"]} <= places


def test_the_reader_lands_where_the_figure_is_marked(visit):
    search = Search(visit.open("en/"))
    assert search.ask("25557032") == "architectures/resnet/"
    search.field.press("Enter")
    visit.page.wait_for_url("**/en/architectures/resnet/**")
    visit.page.locator("mark", has_text="25,557,032").first.wait_for(state="attached")


def test_a_section_is_found_below_its_page(visit):
    search = Search(visit.open(""))
    search.ask("레즈넷 병목")
    section = visit.page.locator(".md-search-result__item").first.locator("h2").first
    assert section.inner_text() == "기법 1: 병목 구조"
    assert section.locator("mark").inner_text() == "병목"


@pytest.mark.parametrize(("folder", "name"), [("", "검색"), ("en/", "Search")])
def test_the_keyboard_is_enough(visit, folder, name):
    opened = visit.open(folder)
    search = Search(opened)
    dialog = opened.get_by_role("dialog", name=name, exact=True)
    assert dialog.locator(":focus").get_attribute("name") == "query"
    search.ask("VGG-16")
    assert re.search(r"\d", dialog.get_by_role("status").inner_text())
    focused = "document.activeElement.href ?? ''"
    opened.keyboard.press("ArrowDown")
    assert "architectures/vgg/" in opened.evaluate(focused)
    opened.keyboard.press("ArrowUp")
    assert dialog.locator(":focus").get_attribute("name") == "query"
    opened.keyboard.press("Escape")
    expect(opened.locator("#__search")).not_to_be_checked()
    opened.wait_for_timeout(200)  # Material hears of focus late, and of none so soon
    search.open()
    opened.keyboard.press("ArrowDown")
    opened.keyboard.press("Enter")
    opened.wait_for_url(f"**/{folder}architectures/vgg/**")


def test_a_page_says_what_it_is_called_and_explains():
    """A new page needs no line of code."""
    index = {
        "config": {},
        "docs": [
            {"location": "tiny/", "title": "TinyNet", "text": "<p>Two batches.</p>"},
            {"location": "tiny/#trick", "title": "The trick", "text": ""},
        ],
    }
    meta = {"title": "TinyNet", "aliases": ["타이니넷", "trick"], "network": "vgg16"}
    meta["explains"] = {"batch": "trick", "epoch": "tinynet"}
    complete(index, [Listed("tiny.md", "tiny/", meta)], Facts(), "en", "glossary/")
    names, terms = index["config"]["names"]["tiny/"], index["config"]["terms"]
    assert names["TinyNet"] == names["vgg16"] == names["138357544"] == ""
    assert names["타이니넷"] == "TinyNet", "searched for as the page writes it"
    assert names["trick"] == "", "the page's own word"
    assert terms["tiny/#trick"]["배치"] == "batch"
    assert terms["tiny/"]["에포크"] == "epoch", "its first heading is the page"
    assert "glossary/#term-kernel" in terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"aliases": ["Same"]}, {"title": "same"}),
        ({"explains": {"batch": "x"}}, {"explains": {"batch": "y"}}),
    ],
)
def test_two_pages_do_not_claim_the_same(one, other):
    pages = [
        Listed("one.md", "one/", {"title": "One"} | one),
        Listed("other.md", "other/", {"title": "Other"} | other),
    ]
    check(pages[:1])
    with pytest.raises(SearchError, match=r"^other.md: one.md, too, "):
        check(pages)


def test_a_name_is_used_if_it_stands_there_as_a_word():
    korean, english = "합성곱은 ResNet-50의 convolutions", "Its layers. 합성곱"
    for name in ("합성곱", "ResNet-50", "convolution"):
        assert name in Used([korean], "ko")
    for name in ("성곱", "Net", "conv"):
        assert name not in Used([korean], "ko")
    assert "layer" in Used([english], "en")
    assert "합성곱" not in Used([english], "en"), "no word of that language"


@pytest.mark.parametrize(
    ("latex", "said"),
    [
        (r"k_h \times \frac{C_{\mathrm{in}}}{g}", "k_h × (C_in/g)"),
        (r"r < \frac{k^2ab}{a + k^2b}", "r < (k²ab/(a + k²b))"),
        (r"4096 \times 1000", "4,096 × 1,000"),
        (r"\sum_i x_i", "…"),
    ],
)
def test_a_formula_is_read_as_text(latex, said):
    assert plain(latex) == said


def test_script_and_index_come_when_somebody_searches(browser, address):
    def asked(visit) -> list[str]:
        return [url for url in visit.requests if "search" in url]

    with visiting(browser, address) as visit:
        page = visit.open("en/architectures/vgg/")
        page.wait_for_load_state("networkidle")
        assert not asked(visit)
        page.keyboard.press("/")
        page.keyboard.type("receptive field")
        page.locator("a.md-search-result__link").first.wait_for()
        assert len(asked(visit)) == 3, "the index, our script, and Material's"
        page.locator("a.md-search-result__link").first.click()
        page.wait_for_load_state("networkidle")
        assert page.locator("mark").count(), "the words are marked on the page"
