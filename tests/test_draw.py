"""Pictures are drawn from the module, say what they show, and follow the page."""

import gzip
import math
import re
from collections import Counter
from itertools import combinations, pairwise, product
from pathlib import Path

import pytest
from lxml import etree
from torch import nn

import cache
from draw import chart, figure, picture, standalone, table
from draw.graph import fold
from draw.scene import SceneError, described, scene
from hooks.navigation import entries
from hooks.pages import blocks
from measure.cache import measurements
from measure.record import measure

SVG = "{http://www.w3.org/2000/svg}"
STYLES = Path(standalone.STYLES).read_text(encoding="utf-8")

# Every form that a picture can have, in a real network.
DRAWN = {
    "two towers": ("alexnet_2012", {}),
    "a stack": ("vgg16", {}),
    "batch norm": ("vgg19_bn", {}),
    "four branches": ("googlenet", {"part": "inception3a"}),
    "heads of an evaluation": ("googlenet", {}),
    "auxiliary heads": ("googlenet", {"training": True}),
    "stages": ("resnet152", {}),
    "bottleneck": ("resnet50", {"part": "layer1.1"}),
    "projection": ("resnet50", {"part": "layer2.0"}),
    "dense block": ("densenet121", {"part": "features.denseblock1"}),
    "dense network": ("densenet201", {}),
    "U-Net": ("unet", {}),
    "ASPP": ("deeplabv3_resnet50", {"part": "classifier"}),
    "depthwise separable": ("mobilenet_v1", {"part": "features.2"}),
    "a run of blocks": ("mobilenet_v1", {}),
    "gate": ("efficientnet_b0", {"part": "features.6.1"}),
    "dense layers at every place": ("convnext_tiny", {"part": "features.5.0"}),
}
NAMES = {
    language: blocks(entries(cache.ROOT / "docs" / language), language)
    for language in ("ko", "en")
}
each = pytest.mark.parametrize("name", DRAWN)
both = pytest.mark.parametrize("language", ["ko", "en"])


@pytest.fixture(scope="module")
def measured() -> dict[str, dict]:
    return {
        name: network
        for networks in measurements().values()
        for name, network in networks.items()
    }


@pytest.fixture
def scenes(measured):
    def find(name: str):
        network, options = DRAWN[name]
        return scene(measured[network], **options)

    return find


def tree_of(drawn: str) -> etree._Element:
    return etree.fromstring(
        drawn.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    )


def drawn(shown, language: str = "ko") -> etree._Element:
    named = shown.called(NAMES[language])
    return tree_of(picture.svg(named, language, name="a network"))


def classes(element: etree._Element) -> set[str]:
    return set(element.get("class", "").split())


def boxes(svg: etree._Element) -> list[etree._Element]:
    return [group for group in svg.iter(f"{SVG}g") if "box" in classes(group)]


def texts(element: etree._Element) -> list[str]:
    return [text.text.strip() for text in element.iter(f"{SVG}text")]


# What a picture shows


@both
@each
def test_boxes_hold_all_parameters(scenes, name, language):
    shown = scenes(name)
    counted = []
    for box in boxes(drawn(shown, language)):
        numbers = [re.fullmatch(r"([\d,]+)(?: · [\d.]+ %)?", x) for x in texts(box)]
        counted += [int(found[1].replace(",", "")) for found in numbers if found]
    assert sum(counted) == shown.total


@pytest.mark.parametrize("distance", ["stages", "layers"])
def test_a_strip_is_short_and_every_layer_may_be_long(measured, distance):
    for name, network in measured.items():
        if network["depth"] < 3:
            continue
        if (name, distance) == ("deconvnet", "stages"):  # pages show parts of it
            with pytest.raises(SceneError, match="26 boxes are too many"):
                scene(network, distance=distance)
            continue
        shown = scene(network, distance=distance)
        assert sum(node.params for node in shown.nodes) + sum(
            shown.unused.values()
        ) == pytest.approx(network["params"], abs=0), name
        assert len(shown.nodes) <= (25 if distance == "stages" else 600), name


def test_a_stage_is_one_box(measured):
    shown = scene(measured["resnet50"])
    stages = [node for node in shown.nodes if node.kind == "block"]
    assert [(node.name, node.repeats) for node in stages] == [
        ("Bottleneck", repeats) for repeats in (3, 4, 6, 3)
    ]
    assert [node.path for node in stages] == [f"layer{n}" for n in (1, 2, 3, 4)]


def test_a_block_is_opened_when_asked(measured):
    shut, opened = (
        scene(measured["resnet18"], opened=names) for names in ((), ("layer1",))
    )
    assert len(opened.nodes) == len(shut.nodes)
    assert (
        next(node.path for node in opened.nodes if node.kind == "block") == "layer1.0"
    )
    inside = scene(measured["resnet18"], opened=("layer1", "layer1.0"))
    assert "add" in {node.kind for node in inside.nodes}


def test_like_blocks_are_one_run(scenes):
    (run,) = [node for node in scenes("a run of blocks").nodes if node.repeats > 1]
    assert (run.name, run.repeats) == ("DepthwiseSeparable", 5)
    assert run.where() == "features.7 … 11"


def test_groups_run_side_by_side(scenes):
    shown = scenes("two towers")
    assert [n.lanes for n in shown.nodes if n.kind == "conv"] == [1, 2, 1, 2, 2]
    labels = texts(drawn(shown, "en"))
    assert labels.count("group 1 of 2") == labels.count("group 2 of 2") == 3
    assert labels.count("48×27×27") == 2, "each tower sees its own half"


def test_a_shuffle_joins_lanes_that_stay_apart_without_it():
    def edges(*between):
        one, two = (nn.Conv2d(6, 6, 1, groups=3, bias=False) for _ in range(2))
        network = nn.Sequential(one, *between, two)
        shown = scene(measure(network, (1, 6, 9, 9)), distance="layers")
        found = re.findall(
            r"n(\d)\.(\d)\W+-> \W?n(\d)\.(\d)", picture.source(shown, "en")
        )
        return {edge for edge in found if edge[0] != "0"}

    assert edges() == {("1", lane, "2", lane) for lane in "012"}
    joined = edges(nn.ChannelShuffle(3))
    assert joined == {("1", lane, "2", "0") for lane in "012"} | {
        ("2", "0", "3", lane) for lane in "012"
    }


def test_norm_and_activation_are_part_of_their_convolution():
    after = nn.Sequential(nn.Conv2d(3, 8, 3, bias=False), nn.BatchNorm2d(8), nn.ReLU())
    _, conv = fold(measure(after, (1, 3, 9, 9))["layers"])
    assert sorted(conv.folded) == ["BatchNorm2d", "ReLU"]
    assert conv.params == 3 * 3 * 3 * 8 + 2 * 8
    before = nn.Sequential(nn.MaxPool2d(2), nn.BatchNorm2d(3), nn.ReLU(), *after[:1])
    _, pool, conv = fold(measure(before, (1, 3, 9, 9))["layers"])
    assert (pool.params, conv.params) == (0, 3 * 3 * 3 * 8 + 2 * 3)
    alone = nn.Sequential(nn.MaxPool2d(2), nn.BatchNorm2d(3))
    assert [n.kind for n in fold(measure(alone, (1, 3, 9, 9))["layers"])][-1] == "norm"


def test_a_shortcut_is_a_way_around_and_a_projection_is_not(scenes):
    identity, projection = scenes("bottleneck").nodes, scenes("projection").nodes
    assert (identity[-1].kind, identity[-1].skips) == ("add", {0})
    assert (projection[-1].kind, projection[-1].skips) == ("add", set())
    dashed = [e for e in drawn(scenes("bottleneck")).iter() if "skip" in classes(e)]
    assert len(dashed) == 1
    assert dashed[0].find(f"{SVG}path").get("stroke-dasharray")


def test_u_net_skips_arrive_cropped(scenes):
    joins = [node for node in scenes("U-Net").nodes if node.kind == "concat"]
    assert [len(node.skips) for node in joins] == [1, 1, 1, 1]
    sizes = [node.inputs[skip][-1] for node in joins for skip in node.skips]
    assert sizes == [56, 104, 200, 392]


@both
def test_skips_within_skips_stay_apart(scenes, language):
    shown = drawn(scenes("U-Net"), language)
    dashed = [e for e in shown.iter() if "skip" in classes(e)]
    lines = [along(e.find(f"{SVG}path").get("d")) for e in dashed]
    assert len(lines) == 4
    for one, other in combinations(lines, 2):
        assert min(math.dist(*points) for points in product(one, other)) > 6


def along(path: str, steps: int = 20) -> list[tuple[float, float]]:
    """Points along an SVG path of cubic curves."""
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", path)]
    points = list(zip(numbers[0::2], numbers[1::2], strict=True))
    found = []
    for start in range(0, len(points) - 3, 3):
        a, b, c, d = points[start : start + 4]
        for t in (step / steps for step in range(steps)):
            near, far = 1 - t, t
            weights = near**3, 3 * near**2 * far, 3 * near * far**2, far**3
            found.append(
                tuple(
                    sum(w * p[axis] for w, p in zip(weights, (a, b, c, d), strict=True))
                    for axis in (0, 1)
                )
            )
    return [*found, points[-1]]


def test_forms_differ_without_colour(scenes):
    """Adding, joining, sampling up, a dilated convolution: each has its own form."""
    forms = {}
    for name in ("ASPP", "U-Net", "bottleneck"):
        for box in boxes(drawn(scenes(name), "en")):
            shapes = [e for e in box if e.tag in (SVG + "path", SVG + "polygon")]
            dashed = any(shape.get("stroke-dasharray") for shape in shapes)
            points = (shapes[0].get("points") or "").split() if shapes else []
            slanted = len({point.split(",")[0] for point in points}) > 2
            form = (len(box.findall(f"{SVG}ellipse")), len(shapes), dashed, slanted)
            title = re.sub(r"^\d+×\d+ | /\d+$| ×\d+$", "", texts(box)[0])
            forms.setdefault(title, set()).add(form)
    assert all(len(found) == 1 for found in forms.values()), forms
    plain = forms["conv"]
    for title in ("+", "concat", "upsample", "transposed conv", "dilated conv"):
        assert forms[title] != plain, title
    assert len({*map(frozenset, (forms[x] for x in ("+", "concat", "upsample")))}) == 3


def test_dilation_groups_and_depthwise_are_told(scenes):
    said = texts(drawn(scenes("ASPP"), "en"))
    assert [text for text in said if text.startswith("rate")] == [
        "rate 12",
        "rate 24",
        "rate 36",
    ]
    assert "3×3 depthwise conv /2" in texts(drawn(scenes("depthwise separable"), "en"))
    grouped = nn.Conv2d(64, 64, 3, groups=32)
    said = texts(drawn(scene(measure(grouped, (1, 64, 9, 9))), "en"))
    assert "32 groups" in said


def test_a_wrong_module_is_answered_with_the_nearest(measured):
    with pytest.raises(SceneError, match=r"no module 'layer1.9'; did you mean layer1"):
        scene(measured["resnet50"], part="layer1.9")
    with pytest.raises(SceneError, match="'aux1' is not used"):
        scene(measured["googlenet"], part="aux1")
    with pytest.raises(SceneError, match="nothing that an evaluation leaves out"):
        scene(measured["vgg16"], training=True)


class Score(nn.Module):
    """One number for each image, and a head that refuses to train."""

    def __init__(self):
        super().__init__()
        self.score = nn.Linear(8, 1)
        self.head = nn.Linear(8, 2)

    def forward(self, maps):
        assert not self.training, "no targets"
        return self.score(maps.mean(dim=(2, 3))).sum(dim=1)


def test_an_output_may_be_one_number():
    measured = measure(Score(), (1, 8, 9, 9))
    assert "output" in texts(drawn(scene(measured), "en"))
    with pytest.raises(SceneError, match="does not train: AssertionError: no targets"):
        scene(measured, training=True)


def test_too_many_boxes_for_a_strip_are_refused():
    convs = [nn.Conv2d(4, 4, 1 + 2 * (n % 2), padding=n % 2) for n in range(30)]
    with pytest.raises(SceneError, match="too many for a reader"):
        scene(measure(nn.Sequential(*convs), (1, 4, 8, 8)))


# What it is for those who cannot see it


@both
@each
def test_a_picture_speaks(scenes, name, language):
    shown = scenes(name)
    svg = picture.svg(shown, language, name="VGG-16")
    assert 'role="img"' in svg
    assert ">VGG-16</title>" in svg
    words = tree_of(svg).find(f"{SVG}desc").text
    assert words == described(shown, language)
    assert f"{shown.total:,}" in words
    for node in shown.nodes:
        assert not node.params or f"{node.params:,}" in words
    assert ("입력" in words) == (language == "ko")
    assert not re.search(r'(?:fill|stroke|style)="', svg), "colours are the page's"
    assert not re.search(r'\bid="(?!t|d)', svg)


def test_the_words_tell_branches(scenes):
    words = described(scenes("bottleneck"), "en")
    assert words.startswith("1. input; 2. 1×1 conv 16,512 (from 1); ")
    assert "5. add (skipping from 1, from 4)" in words


@each
def test_no_english_words_in_a_korean_picture(scenes, name):
    shown = scenes(name)
    named = {node.where() for node in shown.nodes} | {"DenseLayer", "ASPP"}
    for text in texts(drawn(shown, "ko")):
        if text in named or text in shown.unused or text.split(" ×")[0] in named:
            continue
        assert not re.findall(r"[a-z]{2,}", text), text


def test_every_box_leads_to_its_row(scenes):
    html = figure.network(
        scenes("U-Net"), "en", name="U-Net", caption="", identity="figure-unet"
    )
    links = re.findall(r'<a href="#([^"]+)" aria-label="([^"]+)"', html)
    rows = re.findall(r'<th scope="row" id="([^"]+)">', html)
    assert sorted(target for target, _ in links) == sorted(rows)
    assert len(rows) == len(scenes("U-Net").nodes)
    assert dict(links)["figure-unet-2"].startswith("DoubleConv, ")
    assert 'role="group"' in html, "an image would hide its links"


@each
def test_a_link_is_called_what_its_box_says(scenes, name):
    """So that it can be spoken to (WCAG 2.2, 2.5.3); a sign is called what it does."""
    shown = scenes(name)
    links = {number: f"#{number}" for number in range(len(shown.nodes))}
    drawing = tree_of(picture.svg(shown, "en", name=name, links=links))
    found = list(drawing.iter(f"{SVG}a"))
    assert len(found) == sum(node.lanes for node in shown.nodes)
    for link in found:
        for text in texts(link):
            called = {"+": "add", "×": "multiply"}.get(text, text)
            assert called in link.get("aria-label")


# How it looks


def width(text: str, size: float) -> float:
    """About: Noto Sans' signs are narrow, usual, wide, or a Hangul syllable."""
    ems = {**dict.fromkeys("iljtfr.,·: ", 0.33), **dict.fromkeys("mwMW%×", 0.86)}
    return size * sum(
        ems.get(sign, 0.92 if "가" <= sign <= "힣" else 0.56) for sign in text.strip()
    )


def place(text: etree._Element) -> tuple[float, float, float, float]:
    size = float(text.get("font-size"))
    half = width(text.text, size) / 2
    x, y = float(text.get("x")), float(text.get("y"))
    middle = {"start": x + half, "middle": x, "end": x - half}[text.get("text-anchor")]
    return middle - half, y - 0.75 * size, middle + half, y


def extent(box: etree._Element) -> tuple[float, float, float, float]:
    """The largest form of a box: a second border lies around the first."""
    xs, ys = [], []
    for form in box.iter(f"{SVG}path", f"{SVG}polygon"):
        found = re.findall(r"-?[\d.]+", form.get("points") or form.get("d"))
        xs += map(float, found[0::2])
        ys += map(float, found[1::2])
    for form in box.iter(f"{SVG}ellipse"):
        cx, cy, rx, ry = (float(form.get(k)) for k in ("cx", "cy", "rx", "ry"))
        xs += [cx - rx, cx + rx]
        ys += [cy - ry, cy + ry]
    return min(xs), min(ys), max(xs), max(ys)


def overlap(one, other) -> bool:
    slack = 2.0  # widths are estimated
    return (
        one[0] + slack < other[2]
        and other[0] + slack < one[2]
        and one[1] + slack < other[3]
        and other[1] + slack < one[3]
    )


@both
@each
def test_nothing_overflows_collides_or_is_cut(scenes, name, language):
    svg = drawn(scenes(name), language)
    page = svg.find(f"{SVG}g")
    _, _, whole_width, whole_height = map(float, svg.get("viewBox").split())
    for box in boxes(svg):
        left, top, right, bottom = extent(box)
        for text in box.iter(f"{SVG}text"):
            x0, y0, x1, y1 = place(text)
            assert x0 >= left - 2, text.text
            assert x1 <= right + 2, text.text
            assert y0 >= top - 2, text.text
            assert y1 <= bottom, text.text
    (words,) = (g for g in page if "shapes" in classes(g))
    labels = [(text.text, place(text)) for text in words]
    for (one, a), (other, b) in combinations(labels, 2):
        assert not overlap(a, b), f"{one} lies on {other}"
    for (label, a), box in product(labels, boxes(svg)):
        assert not overlap(a, extent(box)), f"{label} lies on {texts(box)}"
    for label, (x0, y0, x1, y1) in labels:
        shift = float(re.search(r"translate\(\S+ (\S+)\)", page.get("transform"))[1])
        assert x0 + 1.4 >= -2, label
        assert x1 <= whole_width + 2, label
        assert y0 + shift >= 0, label
        assert y1 + shift <= whole_height, label


@pytest.mark.parametrize("name, count", [("ASPP", 5), ("four branches", 4)])
def test_branches_start_side_by_side(scenes, name, count):
    assert [len(row) for row in scenes(name).branches()] == [count]
    extents = map(extent, boxes(drawn(scenes(name))))
    middles = Counter(round(top + bottom) for _, top, _, bottom in extents)
    assert max(middles.values()) == count


def test_words_lie_over_lines(scenes):
    """In a document what comes later is on top: lines, then boxes, then words."""
    page = drawn(scenes("ASPP")).find(f"{SVG}g")
    kinds = [group.get("class").split()[0] for group in page]
    assert kinds == sorted(kinds, key=["edge", "node", "shapes"].index)


def test_a_picture_is_small_and_the_same_each_time(scenes, monkeypatch, tmp_path):
    first = {}
    for name in DRAWN:
        html = figure.network(scenes(name), "ko", name=name, caption="", identity="f")
        first[name] = re.search(r"<svg.*</svg>", html, re.DOTALL)[0]
        assert len(gzip.compress(first[name].encode())) <= 10_000, name
    monkeypatch.setattr(picture.cache, "FOLDER", tmp_path)
    for name in DRAWN:
        html = figure.network(scenes(name), "ko", name=name, caption="", identity="f")
        assert first[name] in html


def test_strength_is_one_step_for_a_factor_of_ten():
    counts = (0, 1, 999, 1_000, 10**5, 10**7, 10**9)
    assert [picture.level(n) for n in counts] == [0, 1, 1, 2, 4, 6, 6]


def colours(scheme: str) -> dict[str, str]:
    light, dark = "[data-md-color-scheme] {", '[data-md-color-scheme="slate"] {'
    start = {"default": light, "slate": dark}[scheme]
    block = STYLES.split(start, 1)[1].split("}", 1)[0]
    found = dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6});", block))
    return {"--md-default-bg-color": "#ffffff"} | found


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["default", "slate"])
def test_contrast(scheme):
    """WCAG 2.2: 4.5 for text, 3 for what a picture means."""
    colour = colours(scheme)
    paper = colour["--md-default-bg-color"]
    assert contrast(colour["--md-default-fg-color--light"], paper) >= 4.5
    assert contrast(colour["--line"], paper) >= 3, "borders and lines"
    assert contrast(colour["--md-accent-fg-color"], paper) >= 3, "the focus"
    for hue in range(chart.HUES):
        assert contrast(colour[f"--hue-{hue}"], paper) >= 4.5, "names of families"
    steps = [colour[f"--strength-{step}"] for step in range(7)]
    for number, step in enumerate(steps):
        strong = number >= 5
        text = colour["--on-strong" if strong else "--on-weak"]
        bar = colour["--bar-on-strong" if strong else "--bar"]
        assert contrast(text, step) >= 4.5, number
        assert contrast(bar, step) >= 3, number
    standing_out = [contrast(step, paper) for step in steps]
    assert standing_out == sorted(standing_out), "more parameters stand out more"
    assert all(b / a > 1.05 for a, b in pairwise(standing_out))


# Pairs and tables


def test_a_pair_has_one_scale(measured):
    sides = [
        {
            "scene": scene(measured[name], distance="layers"),
            "label": name,
            "of": f"measured;x.py;{name}",
        }
        for name in ("one_7x7", "three_3x3")
    ]
    html = figure.pair(sides, "en", caption="", identity="figure-pair")
    bars = [float(w) for w in re.findall(r'class="bar"[^>]*?width="([\d.]+)"', html)]
    assert bars[0] == picture.BAR
    assert bars[1:] == pytest.approx([picture.BAR * 9 / 49] * 3, abs=0.01)
    assert "55.1 %" in html
    widths = [float(w) for w in re.findall(r'stroke-width="([\d.]+)"', html)]
    assert max(widths) == pytest.approx(1 + math.sqrt(128) / 8, abs=0.01)


@pytest.mark.parametrize("name", ["vgg16", "googlenet"])
def test_a_table_of_layers_adds_up(measured, name):
    network = measured[name]
    html = table.layers(network, "ko", caption="층")
    body, foot = html.split("<tfoot>")
    values = [int(value) for value in re.findall(r'<data value="(\d+)"', body)]
    totals = [int(value) for value in re.findall(r'<data value="(\d+)"', foot)]
    assert sum(values[0::2]) == totals[0] == network["params"]
    assert sum(values[1::2]) == totals[1] == network["macs"]
    assert not re.search(r"<td>[^<]*\b(?:conv|dense|pool)\b[^<]*<", html)


@pytest.mark.parametrize("name", ["vgg16", "googlenet"])
def test_the_bar_shows_every_parameter(measured, name):
    html = table.bar(measured[name], "en", "x")
    widths = [float(width) for width in re.findall(r' width="([\d.]+)"', html)]
    assert sum(widths) == pytest.approx(100, abs=0.05)
    shares = [float(share) for share in re.findall(r"([\d.]+) %", html)]
    assert sum(shares) == pytest.approx(100, abs=0.2)


def test_the_bar_names_the_largest_layer_where_none_has_a_tenth(measured):
    html = table.bar(measured["segnet"], "en", "x")
    assert re.findall(r"<li>(.*?)</li>", html) == ["the largest layer 8.0 %"]


def test_a_table_behind_a_picture_has_a_row_for_every_box(scenes):
    for name in DRAWN:
        shown = scenes(name)
        html = table.boxes(shown, "en", caption="x", identity="f")
        assert html.count("<tr>") == len(shown.nodes) + len(shown.unused) + 2
        total = re.search(r"<tfoot>.*?<data value=\"(\d+)\"", html)[1]
        assert int(total) == shown.total
