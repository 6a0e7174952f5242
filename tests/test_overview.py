"""The home page's picture: every accuracy is in it, and it can be read and reached."""

import copy as copying
import csv
import functools
import math
import re
from itertools import combinations, compress, pairwise
from pathlib import Path

import pytest
from browsing import visiting
from lxml import etree, html

import cache
from draw import chart, labels
from draw.words import word
from hooks.navigation import Entry, entries
from markup.compare import short
from markup.facts import Facts
from markup.overview import NARROW, WIDE, overview
from markup.page import Page
from markup.values import CallError

# What torchvision 0.28 publishes of networks that the site has or may have one day.
PUBLISHED = Path(__file__).parent / "fixtures" / "published_networks.csv"
MOST = 150_000  # bytes of the page

folders = pytest.mark.parametrize("folder", ["", "en/"])
frames = pytest.mark.parametrize("frame", [WIDE, NARROW], ids=["wide", "narrow"])
crowds = pytest.mark.parametrize("crowd", ["the site's", "many"])


@pytest.fixture(scope="module")
def facts() -> Facts:
    return Facts()


def page(facts: Facts, language: str = "en") -> Page:
    found = Page(facts, language, report=pytest.fail)
    found.entries = entries(cache.ROOT / "docs" / language)
    return found


@functools.cache
def many() -> tuple[chart.Point, ...]:
    rows = list(csv.DictReader(PUBLISHED.read_text(encoding="utf-8").splitlines()))
    titles = [row["title"] for row in rows]
    return tuple(
        chart.Point(
            row["name"],
            float(row["parameters"]),
            float(row["top1"]),
            (f"parameters {int(row['parameters']):,}", f"top-1 {row['top1']} %"),
            "compare/",
            float(row["macs"]),
            row["title"],
            short(row["name"], row["title"]) if titles.count(row["title"]) > 1 else "",
        )
        for row in rows
    )


@pytest.fixture(scope="module")
def points(facts):
    """The points that the page draws, and those of a larger site."""

    def of(crowd: str) -> list[chart.Point]:
        if crowd == "many":
            return list(many())
        given = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                chart, "scatter", lambda points, *_, **__: given.extend(points)
            )
            overview(page(facts))
        return given

    return of


def drawn(points: list[chart.Point], language: str = "en") -> etree._Element:
    return etree.fromstring(
        chart.scatter(
            points,
            language,
            title="t",
            across=word("parameters", language),
            up=word("accuracy", language),
            area=word("area", language),
            rising=chart.Axis,
            frames=(WIDE, NARROW),
        )
    )


def markers(svg: etree._Element) -> list[labels.Dot]:
    """The circles whose area stands for MACs, in the order of the points."""
    return [
        tuple(float(circle.get(key)) for key in ("cx", "cy", "r"))
        for circle in svg.iterfind("g/circle[@class='area']")
    ]


def names(svg: etree._Element) -> list[tuple[str, labels.Box]]:
    found = []
    for text in svg.iterfind("text[@textLength]"):
        left, base, long = (float(text.get(k)) for k in ("x", "y", "textLength"))
        size = float(svg.get("font-size"))
        found.append((text.text, (left, base - 0.8 * size, left + long, base + 2.5)))
    return found


# What is in it


@folders
def test_every_classifier_with_a_figure_is_in_the_picture_and_the_table(
    site, facts, folder
):
    tree = html.parse(site / folder / "index.html")
    (figure,) = tree.xpath("//figure[contains(@class, 'overview')]")
    known = facts.accuracies()
    assert set(known) >= {network.name for network in facts.classifiers()}
    for where in (".//li//b/text()", ".//tbody/tr/th/code/text()"):
        found = figure.xpath(where)
        assert sorted(found) == sorted(known), where
    for svg in figure.xpath(".//div/svg"):
        assert len(markers(svg)) == len(known)
    for row in figure.xpath(".//tbody/tr"):
        name = row.xpath("./th/code/text()")[0]
        params, macs, top1 = map(float, row.xpath("./td//data/@value"))
        measured = facts.models[name].measured
        assert params == measured["params"] - sum(measured["unused"].values())
        assert macs == measured["macs"]
        assert top1 == facts.figures[known[name]]["value"]
        assert row.xpath("./td[last()]//a/@href"), "an accuracy names its source"


def test_parameters_are_those_that_reach_the_accuracy(points, facts):
    """torchvision publishes GoogLeNet's weights without the heads for training."""
    (googlenet,) = (x for x in points("the site's") if x.name == "googlenet")
    assert googlenet.x == facts.figure("googlenet.torchvision.params")["value"]
    assert any("training" in line for line in googlenet.said)


@folders
def test_points_lead_to_the_page_of_their_network(site, facts, folder):
    tree = html.parse(site / folder / "index.html")
    links = tree.xpath("//figure[contains(@class, 'overview')]//li/a")
    assert len(links) == len(facts.accuracies())
    for link in links:
        target = site / folder / link.get("href") / "index.html"
        text = html.parse(target).xpath("//main")[0].text_content()
        name = link.xpath(".//b/text()")[0]
        assert name in text or re.sub(r"\d.*", "", name) in text.lower()


def test_another_figure_counts_only_if_it_is_of_one_crop(facts):
    found = copying.copy(facts)
    found.figures = dict(facts.figures)
    ten = {"value": 60.0, "unit": "%", "source": "torchvision-0.28"}
    found.figures["alexnet_2012.paper.top1"] = ten
    assert "alexnet_2012" not in found.accuracies()
    found.figures["alexnet_2012.paper.top1"] = ten | {"crop": "single"}
    assert found.accuracies()["alexnet_2012"] == "alexnet_2012.paper.top1"
    assert "alexnet_2012</b>" in overview(page(found))
    found.figures["alexnet.paper.top1"] = ten | {"crop": "single"}
    assert found.accuracies()["alexnet"] == "alexnet.torchvision.top1"


def test_a_network_without_a_page_of_its_own_leads_to_its_code(facts):
    found = page(facts)
    kept = [x for x in found.entries if "models/vgg.py" not in x.text]
    found.entries = [
        *kept,
        Entry("ideas/code.md", {"title": "Code"}, '"models/vgg.py"'),
    ]
    links = html.fromstring(overview(found)).xpath("//li/a[starts-with(.//b, 'vgg')]")
    assert len(links) > 4
    assert {link.get("href") for link in links} == {"ideas/code.md"}
    assert len(re.findall(r'"family [^>]*>vgg16<', overview(found))) == 2


def test_a_network_that_no_page_shows_names_the_remedy(facts):
    found = page(facts)
    found.entries = [x for x in found.entries if "models/vgg.py" not in x.text]
    with pytest.raises(CallError, match=r"vgg\d+.*add it to the `models`"):
        overview(found)


@pytest.mark.parametrize(
    ("name", "title", "said"),
    [
        ("resnet50", "ResNet", "50"),
        ("vgg16_bn", "VGG", "16-bn"),
        ("densenet121", "DenseNet", "121"),
        ("efficientnet_b0", "EfficientNet", "b0"),
        ("squeezenet1_1", "SqueezeNet", "1.1"),
        ("shufflenet_v2_x0_5", "ShuffleNet v2", "x0.5"),
        ("mnasnet0_75", "MNASNet", "0.75"),
        ("mobilenet_v3_large", "MobileNet v3", "large"),
        ("mobilenet_v3_large", "MobileNet", "v3-large"),
        ("resnext101_32x8d", "ResNeXt", "101-32x8d"),
        ("wide_resnet50_2", "Wide ResNet", "50-2"),
    ],
)
def test_short_names(name, title, said):
    assert short(name, title) == said


# Where things stand


@frames
@crowds
def test_positions_are_the_values(points, frame, crowd):
    given = points(crowd)
    drawing = chart.Drawing(given, frame, chart.Axis)
    for (x, y, _), point in zip(drawing.dots, given, strict=True):
        assert x == pytest.approx(drawing.x.at(point.x))
        assert y == pytest.approx(drawing.y.at(point.y))
    low, high = (drawing.y.at(value) for value in (60, 70))
    assert drawing.y.at(65) == pytest.approx((low + high) / 2), "accuracy is linear"
    ten, hundred, thousand = (drawing.x.at(10.0**power) for power in (6, 7, 8))
    assert hundred - ten == pytest.approx(thousand - hundred), "parameters are not"
    left, top, right, bottom = frame.inside
    for x, y, radius in drawing.dots:
        assert left < x - radius and x + radius < right
        assert top < y - radius and y + radius < bottom


@frames
@crowds
def test_the_area_is_the_macs(points, frame, crowd):
    given = points(crowd)
    radii = [radius for *_, radius in chart.Drawing(given, frame, chart.Axis).dots]
    assert max(radii) == frame.largest
    largest = max(point.size for point in given)
    for radius, point in zip(radii, given, strict=True):
        area = (radius / frame.largest) ** 2
        assert radius == chart.LEAST or area == pytest.approx(point.size / largest)


@pytest.mark.parametrize("language", ["ko", "en"])
@crowds
def test_the_legend_has_three_round_areas(points, crowd, language):
    given = points(crowd)
    for svg, frame in zip(drawn(given, language), (WIDE, NARROW), strict=False):
        circles = svg.findall("circle[@class='area']")
        said = [
            text.text for text in svg.iterfind("text[@dy]") if not text.get("class")
        ]
        said = [text for text in said if not text.isdigit()]
        units = {"M": 1e6, "G": 1e9, "억": 1e8}
        sizes = [
            float(re.match(r"[\d,.]+", text)[0].replace(",", "")) * units[text[-1]]
            for text in said
        ]
        assert len(circles) == len(sizes) == 3
        largest = max(point.size for point in given)
        for circle, size in zip(circles, sizes, strict=True):
            expected = max(frame.largest * math.sqrt(size / largest), chart.LEAST)
            assert float(circle.get("r")) == pytest.approx(expected, abs=0.06)
            assert str(size)[0] in "125" and size <= largest
        ends = [float(text.get("x")) for text in svg.iterfind("text[@dy]")]
        assert max(ends) + 45 < frame.width


@frames
def test_lines_join_a_family_in_its_order(points, frame):
    given = points("the site's")
    drawing = chart.Drawing(given, frame, chart.Axis)

    def joined(family: str) -> list[tuple[str, str]]:
        return [tuple(given[n].name for n in pair) for pair in drawing.joined(family)]

    assert joined("VGG") == [
        ("vgg11", "vgg13"),
        ("vgg13", "vgg16"),
        ("vgg16", "vgg19"),
        ("vgg16", "vgg16_bn"),
    ]
    depths = [18, 34, 50, 101, 152]
    expected = [(f"resnet{a}", f"resnet{b}") for a, b in pairwise(depths)]
    assert joined("ResNet") == expected
    assert len(joined("DenseNet")) == 3 and not joined("AlexNet")


@frames
def test_neighbours_do_not_look_alike(points, frame):
    """Although a family looks the same in both drawings."""
    drawings = [chart.Drawing(points("many"), x, chart.Axis) for x in (WIDE, NARROW)]
    looks = chart.dressed(drawings)
    drawing = drawings[(WIDE, NARROW).index(frame)]
    assert len(drawing.families) == 15
    for one, other in combinations(drawing.families, 2):
        if looks[one] == looks[other]:
            assert drawing.between(one, other) > 50, f"{one} looks like {other}"
    small = chart.Drawing(points("the site's"), frame, chart.Axis)
    lined = [x for x in small.families if len(small.families[x]) > 1]
    dashes = {small.looks[family].split()[1] for family in lined}
    assert len(dashes) > 1, "a line is told by more than its colour"


# Names


@pytest.mark.parametrize("number", [0, 1], ids=["wide", "narrow"])
@crowds
def test_names_lie_upon_nothing(points, crowd, number):
    svg = drawn(points(crowd))[number]
    frame = (WIDE, NARROW)[number]
    dots, found = markers(svg), names(svg)
    for (one, a), (other, b) in combinations(found, 2):
        assert not labels.covers(a, b), f"{one} lies on {other}"
    for text, box in found:
        assert all(labels.gap(dot, box) > 0 for dot in dots), text
        assert frame.inside[0] < box[0] and box[2] < frame.inside[2], text
        assert box[1] > 0 and box[3] < frame.inside[3], text


@frames
@crowds
def test_names_mislead_nobody(points, crowd, frame):
    """A name without a line to it stands nearest to a marker that it means."""
    given = points(crowd)
    drawing = chart.Drawing(given, frame, chart.Axis)
    tags = list(drawing.named())
    found = labels.placed(
        tuple(tag for *_, tag in tags),
        tuple(drawing.dots),
        drawing.lines(),
        frame.inside,
    )
    for (text, _, tag), label in zip(tags, found, strict=True):
        if not label:
            continue
        assert label.cost < math.inf, text
        own = min(labels.far(drawing.dots[number], label.box) for number in tag.of)
        if not label.line:
            for number, dot in enumerate(drawing.dots):
                near = tag.needed and any(
                    math.dist(dot[:2], drawing.dots[own][:2]) <= 8 for own in tag.of
                )
                assert number in tag.of or near or labels.far(dot, label.box) >= own, (
                    f"{text} seems to be {given[number].name}"
                )


@frames
@crowds
def test_every_family_is_named_and_most_of_its_members(points, crowd, frame):
    given = points(crowd)
    number = (WIDE, NARROW).index(frame)
    said = [text for text, _ in names(drawn(given)[number])]
    families = {point.family for point in given}
    assert families <= set(said)
    members = [point for point in given if point.short]
    least = {"the site's": (0.9, 0.7), "many": (0.9, 0.6)}[crowd][number]
    assert len(said) - len(families) >= least * len(members)


def test_it_is_the_same_each_time(points):
    first = etree.tostring(drawn(points("many")))
    labels.placed.cache_clear()
    assert etree.tostring(drawn(points("many"))) == first


# In a browser


def shown(tab, crowd: str) -> None:
    """Open the home page with the site's own picture or, in its place, with many."""
    if crowd == "many":
        code = etree.tostring(drawn(list(many())), encoding="unicode", method="html")
        tab.evaluate(
            "code => document.querySelector('figure.overview .chart').outerHTML = code",
            code,
        )


MEASURE = """() => {
  const [svg, ...more] = [...document.querySelectorAll('figure.overview .chart > svg')]
    .filter(svg => svg.getBoundingClientRect().width);
  const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  const place = svg.getBoundingClientRect();
  const y = value => place.top + scale * value;
  return {
    drawings: 1 + more.length,
    place: [place.left, place.top, place.right, place.bottom],
    names: [...svg.querySelectorAll('text[textLength]')].map(text => {
      const {left, right} = text.getBoundingClientRect();
      const size = scale * parseFloat(getComputedStyle(text).fontSize);
      const base = y(text.y.baseVal[0].value);
      const [top, bottom] = [base - 0.74 * size, base + 0.2 * size];
      return [text.textContent, size, [left, top, right, bottom]];
    }),
    words: [...svg.querySelectorAll('text')].map(text => {
      const {left, right} = text.getBoundingClientRect();
      return [scale * parseFloat(getComputedStyle(text).fontSize), left, right];
    }),
    markers: [...svg.querySelectorAll('g > .area')].map(circle => {
      const {left, right, top, bottom} = circle.getBoundingClientRect();
      return [(left + right) / 2, (top + bottom) / 2, circle.r.baseVal.value * scale];
    }),
    spots: [...document.querySelectorAll('figure.overview li > a')].map(link => {
      const {left, right, top, bottom} = link.getBoundingClientRect();
      return [(left + right) / 2, (top + bottom) / 2, right - left];
    }),
  };
}"""


@folders
@crowds
@pytest.mark.parametrize("width", [1280, 768, 360])
def test_names_lie_upon_nothing_in_a_browser(browser, address, folder, crowd, width):
    with visiting(browser, address, width=width) as visit:
        tab = visit.open(folder)
        shown(tab, crowd)
        seen = tab.evaluate(MEASURE)
        assert seen["drawings"] == 1, "one of the two drawings"
        left, _, right, _ = seen["place"]
        assert left >= 0 and right <= width
        for size, start, end in seen["words"]:
            assert size >= 10.5, "too small to read"
            assert left - 2 <= start and end <= right, "cut off"
        for (one, _, a), (other, _, b) in combinations(seen["names"], 2):
            beside = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
            assert beside, f"{one} lies on {other}"
        for text, _, box in seen["names"]:
            assert left <= box[0] and box[2] <= right, text
            for dot in seen["markers"]:
                assert labels.gap(tuple(dot), tuple(box)) > -0.5, text
        for spot in seen["spots"]:
            near = min(math.dist(spot[:2], dot[:2]) for dot in seen["markers"])
            assert near < 1, "a link does not lie upon its marker"
            assert spot[2] >= 20


NOTES = """() => [...document.querySelectorAll('figure.overview .chart__why')]
  .filter(note => getComputedStyle(note).clipPath === 'none')
  .map(note => {
    const {left, right, top, bottom} = note.getBoundingClientRect();
    return [note.textContent, left, right, bottom - top, note.closest('a').href];
  })"""


@folders
@pytest.mark.parametrize("width", [1280, 360])
def test_every_point_speaks_on_focus_and_on_hover(
    browser, address, facts, folder, width
):
    language = "en" if folder else "ko"
    with visiting(browser, address, width=width) as visit:
        tab = visit.open(folder)
        shown(tab, "the site's")
        assert not tab.evaluate(NOTES), "nothing is said unasked"
        tab.focus(".chart__skip")
        spoken = []
        for _ in facts.accuracies():
            tab.keyboard.press("Tab")
            ((text, left, right, high, link),) = tab.evaluate(NOTES)
            assert left >= 0 and right <= width and right - left > 100 and high > 40
            assert tab.evaluate("document.activeElement.href") == link
            for name in ("parameters", "macs", "top1"):
                assert word(name, language) in text
            spoken.append(text)
        assert len(set(spoken)) == len(spoken)
        tab.keyboard.press("Tab")
        assert not tab.evaluate(NOTES)
        wide = tab.evaluate("document.documentElement.scrollWidth")
        assert wide <= width
        tab.evaluate(
            "document.querySelector('.overview ul').scrollIntoView({block: 'center'})"
        )
        spots = tab.evaluate(MEASURE)["spots"]
        for x, y, _ in spots:
            tab.mouse.move(x, y)
            ((text, *_),) = tab.evaluate(NOTES)
            # Where points lie upon each other, one of them speaks.
            there = [math.dist((x, y), spot[:2]) <= spot[2] / 2 for spot in spots]
            assert text in compress(spoken, there)


def test_the_keyboard_can_pass_the_points_by(browser, address):
    with visiting(browser, address) as visit:
        tab = visit.open("en/")
        size = "document.querySelector('.chart__skip').getBoundingClientRect().height"
        tab.focus(".chart__skip")
        assert tab.evaluate(size) > 15
        tab.keyboard.press("Enter")
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.tagName") == "SUMMARY"
        tab.wait_for_selector("#overview-table table", state="visible")


# The page around it


@folders
def test_the_page_stays_small(site, facts, folder):
    """Also with 45 networks in the picture."""
    text = (site / folder / "index.html").read_text(encoding="utf-8")
    figure = re.search(r'<figure class="charts overview.*?</figure>', text, re.DOTALL)[
        0
    ]
    rows = len(facts.accuracies())
    each = len(figure.encode()) / rows
    assert len(text.encode()) + max(45 - rows, 0) * each <= MOST


@folders
def test_three_ways_in_lead_on(site, folder):
    tree = html.parse(site / folder / "index.html")
    ways = tree.xpath("//h2[@id='start']/following-sibling::ul[1]/li")
    assert len(ways) == 3
    assert all(way.xpath("./strong") and way.xpath(".//a/@href") for way in ways)


def test_what_the_page_says_of_the_picture_holds(points, facts):
    """Otherwise mend the words of docs/ko/index.md and docs/en/index.md."""
    known = {point.name: point for point in points("the site's")}
    years = {
        entry.meta["title"]: entry.meta.get("year", 0) for entry in page(facts).entries
    }
    assert known["resnet50"].y > known["vgg16"].y
    vgg = [point for point in known.values() if point.family == "VGG"]
    later = [x for x in known.values() if years.get(x.family, 3000) > years["VGG"]]
    left_and_higher = [
        x for x in later if x.x < min(p.x for p in vgg) and x.y > known["vgg16"].y
    ]
    assert len(left_and_higher) > len(later) / 2
    middle = (min(x.y for x in known.values()) + max(x.y for x in known.values())) / 2
    assert known["vgg16"].y < middle + 6, "VGG is not high"
    one, other = known["alexnet"], known["resnet152"]
    assert 0.95 < one.x / other.x < 1.05
    assert other.y > one.y + 20
