"""Charts can be read, the record of times is whole, and what pages say of it holds."""

import copy as copying
import re
from collections import Counter
from itertools import combinations, pairwise

import pytest
from lxml import etree, html

import cache
from draw import chart, labels
from draw.words import word
from hooks.navigation import entries
from markup import matrix
from markup.costs import costs
from markup.facts import Facts, UnknownName
from markup.page import Page
from markup.values import Calls, answer, ranks
from tools import latency, pages

both = pytest.mark.parametrize("language", ["ko", "en"])
FONT = chart.USUAL.font
LEFT, TOP, RIGHT, BOTTOM = chart.USUAL.inside
FAMILY = ".//text[starts-with(@class, 'family ')]"
folders = pytest.mark.parametrize("folder", ["", "en/"])


@pytest.fixture(scope="module")
def facts() -> Facts:
    return Facts()


@pytest.fixture(scope="module")
def charts(facts) -> dict[str, list[chart.Point]]:
    """What the page draws: time against parameters and against MACs."""
    page = Page(facts, "en", report=pytest.fail)
    page.entries = entries(cache.ROOT / "docs" / "en")
    page.address = lambda path: path
    given = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chart, "scatter", lambda points, *_, **__: given.append(points))
        costs(page)
    assert [len(points) for points in given] == 2 * [len(facts.timed_classifiers())]
    return dict(zip(("params", "macs"), given, strict=True))


def drawn(points, language: str = "ko") -> etree._Element:
    svg = chart.scatter(points, language, title="t", across="MACs", up="시간")
    return etree.fromstring(svg)


def placed(points) -> tuple[list[labels.Place], list[labels.Box]]:
    svg = drawn(points)
    dots = [(float(dot.get("cx")), float(dot.get("cy"))) for dot in svg.iter("circle")]
    boxes = []
    for name in svg.iterfind(".//text[@textLength]"):
        left, base = float(name.get("x")), float(name.get("y"))
        right = left + float(name.get("textLength"))
        boxes.append((left, base - 0.8 * FONT, right, base + 2.5))
    return dots, boxes


# Charts


@pytest.mark.parametrize("key", ["params", "macs"])
def test_names_lie_upon_nothing(charts, key):
    dots, boxes = placed(charts[key])
    assert len(dots) == len(charts[key])
    families = {point.family for point in charts[key]}
    assert len(families) < len(boxes), "some of the members are named, too"
    for one, other in combinations(boxes, 2):
        assert not labels.covers(one, other)
    for box in boxes:
        assert box[0] > 0 and box[2] < chart.USUAL.width
        assert box[1] > 0 and box[3] < BOTTOM
        for x, y in dots:
            assert labels.gap((x, y, chart.RADIUS), box) > 0


@folders
def test_a_family_looks_the_same_in_both_charts(site, folder):
    page = html.parse(site / folder / "ideas/cost/index.html")
    one, other = (
        {(name.text, name.get("class")) for name in drawn.xpath(FAMILY)}
        for drawn in page.xpath("//div[@class='chart']")
    )
    assert one == other and len(one) > 5


@pytest.mark.parametrize("key", ["params", "macs"])
def test_lines_to_names_cross_nothing(charts, key):
    dots, boxes = placed(charts[key])
    lines = []
    for path in drawn(charts[key]).iter("path"):
        if path.get("class").startswith("leader"):
            x1, y1, x2, y2 = map(float, re.findall(r"[\d.]+", path.get("d")))
            lines.append(((x1, y1), (x2, y2)))
    for line in lines:
        assert sum(labels.away(dot, line) < chart.RADIUS for dot in dots) <= 2
        inner = [(a + 1, b + 1, c - 1, d - 1) for a, b, c, d in boxes]
        assert sum(labels.passes(line, box) for box in inner) <= 1
    assert not any(labels.meets(*two) for two in combinations(lines, 2))


@pytest.mark.parametrize("key", ["params", "macs"])
def test_points_are_inside_the_axes_and_in_order(charts, key):
    points = charts[key]
    dots, _ = placed(points)
    for x, y in dots:
        assert LEFT < x < RIGHT
        assert TOP < y < BOTTOM
    for of_point, of_dot, sign in (("x", 0, 1), ("y", 1, -1)):
        order = sorted(range(len(points)), key=lambda n: getattr(points[n], of_point))
        places = [sign * dots[number][of_dot] for number in order]
        assert places == sorted(places)


@both
@pytest.mark.parametrize("key", ["params", "macs"])
def test_the_words_at_the_axes_have_room(charts, key, language):
    texts = [x for x in drawn(charts[key], language).iter("text") if not x.get("class")]
    across = [
        (float(x.get("x")), width(x.text))
        for x in texts
        if x.get("text-anchor") == "middle"
    ]
    for (one, wide), (other, wider) in pairwise(across):
        assert other - one > (wide + wider) / 2, "two words touch"
    assert across[-1][0] + across[-1][1] / 2 < chart.USUAL.width
    up = [x for x in texts if x.get("text-anchor") == "end"]
    assert all(float(x.get("x")) - width(x.text) > 14 for x in up)
    assert len(across) >= 3 and len(up) >= 3


def width(text: str) -> float:
    return sum(FONT * (0.95 if "가" <= x <= "힣" else 0.58) for x in text)


def test_an_axis_is_logarithmic_with_round_values():
    axis = chart.Logarithmic([1, 100], 0, 300, edge=18)
    assert (axis.at(1), axis.at(100)) == pytest.approx((18, 282))
    assert axis.at(10) - axis.at(1) == pytest.approx(axis.at(100) - axis.at(10))
    assert axis.ticks(room=30) == [1, 2, 5, 10, 20, 50, 100]
    assert axis.ticks(room=90) == [1, 10, 100]


def test_a_crowd_still_has_all_its_names(monkeypatch):
    monkeypatch.setattr(labels, "ORDERS", 1)
    points = [chart.Point(f"network{n}", 10 + n / 50, 10, ()) for n in range(40)]
    dots, boxes = placed(points)
    assert len(dots) == len(boxes) == 40


def test_a_chart_is_the_same_each_time(charts):
    first = etree.tostring(drawn(charts["macs"]))
    labels.placed.cache_clear()
    assert etree.tostring(drawn(charts["macs"])) == first


@folders
def test_both_charts_are_on_the_page_in_its_language(site, folder):
    page = html.parse(site / folder / "ideas/cost/index.html")
    language = "en" if folder else "ko"
    both = page.xpath("//div[@class='chart']")
    assert len(both) == 2
    up = word("time", language)
    for drawn, across in zip(both, ("parameters", "macs"), strict=True):
        words = drawn.xpath(".//text[@class='axis']/text()")
        assert words == [word(across, language), up]
        links = drawn.xpath(".//a/@href")
        assert len(links) == len(drawn.xpath(".//circle"))
        assert len(drawn.xpath(".//a//b")) == len(links)
        for link in links:
            target = (site / folder / "ideas/cost" / link.partition("#")[0]).resolve()
            assert target.exists(), link
    rows = page.xpath("//figure[contains(@class, 'charts')]//tbody/tr")
    assert len(rows) == len(both[0].xpath(".//circle"))
    assert page.xpath("//p[@class='machine']")


@folders
def test_a_page_prints_no_milliseconds(site, folder):
    text = html.parse(site / folder / "ideas/cost/index.html").getroot().text_content()
    assert not re.search(r"\d\s*ms\b", text)


def test_pages_ask_for_times_only_to_compare_them():
    for page in pages.DOCS.glob("*/**/*.md"):
        text = page.read_text(encoding="utf-8")
        for call in re.findall(r"\{\{.*?\}\}", text):
            compared = call.startswith(("{{ ratio(", "{{ share("))
            assert compared or "latency(" not in call, call


# The record of times


def test_the_record_is_whole(facts):
    for file, networks in facts.timed["networks"].items():
        for name, entry in networks.items():
            measured = facts.measured[file][name]
            for key in ("params", "macs"):
                assert entry[key] == measured[key], f"{name} changed: make latency"
            assert entry["milliseconds"] > 0
    assert facts.classifiers()
    assert len(facts.timed_classifiers()) > 10
    assert {"date", "cpu", "threads", "torch", "turns"} < set(facts.timed)


def test_what_pages_ask_is_timed(facts):
    record = latency.asked()
    files = {f"{path.parent.name}/{path.name}": names for path, names in record.items()}
    assert "mobilenet_v1_full_convolutions" in files["models/mobilenet_v1.py"]
    assert {"standard", "one_by_three"} <= files["tricks/one_budget.py"], "a notebook"
    assert "segnet" not in str(files), "no page compares its time"
    for network in facts.classifiers():
        assert network.name in files[network.file]


@folders
def test_the_page_names_what_came_after_the_record(site, facts, folder):
    timed = facts.timed_classifiers()
    (said,) = html.parse(site / folder / "ideas/cost/index.html").xpath(
        "//p[@class='machine']"
    )
    named = {name.text for name in said.iter("code")}
    assert named == {x.name for x in facts.classifiers() if x not in timed}


@pytest.mark.parametrize("how", ["missing", "changed"])
def test_a_time_that_cannot_be_trusted_names_the_remedy(facts, how):
    broken = copying.copy(facts)
    broken.timed = copying.deepcopy(facts.timed)
    record = broken.timed["networks"]["models/resnet.py"]
    if how == "missing":
        del record["resnet50"]
    else:
        record["resnet50"]["macs"] += 1
    with pytest.raises(UnknownName, match=r"resnet50.*make latency"):
        answer('{{ ratio(latency("resnet50"), 1) }}', Calls(broken, "en"))


def test_ranks_share_the_mean_place():
    assert ranks([30, 10, 20]) == [2, 0, 1]
    assert ranks([1, 2, 2, 3]) == [0, 1.5, 1.5, 3]


def test_correlation_compares_orders(facts, monkeypatch):
    small = copying.copy(facts)
    names = ["resnet18", "resnet34", "resnet50", "resnet101"]
    monkeypatch.setattr(
        Facts, "classifiers", lambda self: [self.models[name] for name in names]
    )
    for times, expected in (
        ([1, 2, 3, 400], 1),  # in the order of the parameters, whatever the distances
        ([4, 3, 2, 1], -1),
        ([2, 1, 3, 4], 0.8),  # 1 - 6 * 2 / (4 * 15)
    ):
        took = dict(zip(names, times, strict=True))
        monkeypatch.setattr(
            Facts, "milliseconds", lambda self, network, took=took: took[network.name]
        )
        found = Calls(small, "en").correlation("params")
        assert found.number == pytest.approx(expected)


# What pages say about time. A new record may show something else: then mend the words,
# in both languages, of ideas/cost and of the pages that link there.


@pytest.fixture(scope="module")
def times(facts):
    """How many times as much one network has, or took, as another."""

    def of(one: str, other: str) -> dict[str, float]:
        pair = [facts.models[name] for name in (one, other)]
        counts = {
            key: pair[0].measured[key] / pair[1].measured[key]
            for key in ("params", "macs", "bytes")
        }
        took = [facts.milliseconds(network) for network in pair]
        return counts | {"time": took[0] / took[1]}

    return of


def test_time_follows_macs_rather_than_parameters(facts, times):
    calls = Calls(facts, "en")
    params, macs, size = (
        float(calls.correlation(key).number) for key in ("params", "macs", "bytes")
    )
    assert macs > 0.9 > params > size
    assert times("alexnet", "densenet121")["params"] > 1
    assert times("densenet121", "alexnet")["time"] > 1
    against = times("resnet152", "alexnet")
    assert 0.9 < against["params"] < 1.1 and against["time"] > 4
    assert times("resnet152", "vgg16")["time"] < 1


def test_within_a_family_parameters_order_the_times(facts):
    """But for the normalisation of a VGG, which adds hardly any of either."""
    timed = facts.timed_classifiers()
    for family in ("vgg", "resnet", "densenet"):
        members = [x for x in timed if re.fullmatch(rf"{family}\d+", x.name)]
        assert len(members) > 2
        by_params = sorted(members, key=lambda network: network.measured["params"])
        assert by_params == sorted(members, key=facts.milliseconds), family
    for network in timed:
        if network.name.endswith("_bn"):
            plain = facts.models[network.name.removesuffix("_bn")]
            times = facts.milliseconds(network) / facts.milliseconds(plain)
            assert 0.9 < times < 1.1, network.name


def test_macs_that_differ_widely_tell_which_is_slower(facts):
    for one, other in combinations(facts.timed_classifiers(), 2):
        low, high = sorted((one, other), key=lambda network: network.measured["macs"])
        if high.measured["macs"] > 3 * low.measured["macs"]:
            assert facts.milliseconds(high) > facts.milliseconds(low)
    one, other = (facts.models[name] for name in ("efficientnet_b3", "resnet34"))
    assert one.measured["macs"] < 0.6 * other.measured["macs"]
    assert facts.milliseconds(one) > facts.milliseconds(other)


def test_where_macs_mislead(times):
    for one, other in (
        ("mobilenet_v1_full_convolutions", "mobilenet_v1"),
        ("alexnet_2012_ungrouped", "alexnet_2012"),
        ("deeplabv3_resnet50", "deeplabv3_resnet50_output_stride_32"),
    ):
        against = times(one, other)
        assert 1 < against["time"] < against["macs"], one
    googlenet = times("googlenet", "resnet18")
    assert googlenet["macs"] < 1 < googlenet["time"] and googlenet["bytes"] > 1
    dense = times("nin_imagenet_without_averaging", "nin_imagenet")
    assert dense["time"] > dense["macs"]


# Which architecture uses which trick


def test_what_networks_are_made_of(facts):
    resnet, alexnet = (
        matrix.parameters(facts.models[name]) for name in ("resnet50", "alexnet_2012")
    )
    assert set(resnet) == {"1x1", "3x3", "larger", "dense", "norm"}
    assert sum(resnet.values()) == facts.models["resnet50"].measured["params"]
    assert resnet["dense"] == 2048 * 1000 + 1000
    assert alexnet["grouped"] and not alexnet["1x1"]
    assert sum(alexnet.values()) == facts.models["alexnet_2012"].measured["params"]
    assert matrix.parameters(facts.models["mobilenet_v1"])["depthwise"]
    for gated, plain in (
        ("seresnet50", "resnet50"),
        ("mobilenet_v3_large", "mobilenet_v3_large_without_gates"),
    ):
        one, other = (matrix.parameters(facts.models[name]) for name in (gated, plain))
        assert one["gates"] == one.total() - other.total() > 0, "a gate is no dense one"
        assert one - Counter(gates=one["gates"]) == other
    convnext = matrix.parameters(facts.models["convnext_tiny"])
    assert convnext["dense"] == 768 * 1000 + 1000, "the others work at every place"
    blocks = ((96, 3), (192, 3), (384, 9), (768, 3))
    assert convnext["1x1"] == sum(n * (8 * c * c + 5 * c) for c, n in blocks)
    assert convnext["norm"] and convnext["depthwise"]
    averaged = {"resnet50": True, "alexnet_2012": False, "vgg16": False}
    averaged |= {"googlenet_2014": True, "densenet121": True, "nin_imagenet": True}
    averaged |= {"convnext_tiny": True}
    for name, expected in averaged.items():
        assert matrix.averages(facts.models[name]) == expected, name


@folders
def test_the_matrix_says_what_a_network_does(site, folder):
    page = html.parse(site / folder / "compare/index.html")
    language = "en" if folder else "ko"
    (table,) = (
        table
        for table in page.xpath("//table[@class='layers__table']")
        if table.findtext("caption") == word("matrix", language)
    )
    heads = [head.text_content() for head in table.xpath("./thead//th")]
    rows = {}
    for row in table.xpath("./tbody/tr"):
        name, *cells = (cell.text_content() for cell in row)
        rows[name] = dict(zip(heads[1:], cells, strict=True))
    added, joined, averaged, grouped = (
        word(name, language)
        for name in ("additions", "concatenations", "averaged", "grouped")
    )
    yes = word("yes", language)
    assert rows["ResNet"][added] == "16" and rows["ResNet"][averaged] == yes
    assert rows["ResNet"][joined] == "-" == rows["ResNet"][grouped]
    assert rows["GoogLeNet"][joined] == "9" and rows["GoogLeNet"][added] == "-"
    assert rows["AlexNet"][grouped].endswith("%")
    assert rows["AlexNet"][averaged] == "-"
    gates = word("gates", language)
    gated = {name for name, row in rows.items() if row[gates] != "-"}
    assert {"SENet", "MobileNetV3"} <= gated and "MobileNetV2" not in gated
