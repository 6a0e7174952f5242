"""Pictures are drawn from the module, say what they show, and follow the page."""

import re

import pytest
from lxml import etree
from torch import nn

from draw import figure, picture, table
from draw.graph import fold
from measure.cache import measurements
from measure.record import measure

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def measured() -> dict[str, dict]:
    return {
        name: network
        for networks in measurements().values()
        for name, network in networks.items()
    }


def drawn(measured: dict, language: str = "ko", repeats: bool = True) -> etree._Element:
    text = picture.svg(measured, language, name="a network", repeats=repeats)
    return etree.fromstring(
        text.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    )


def texts(svg: etree._Element) -> list[str]:
    return [element.text.strip() for element in svg.iter(f"{SVG}text")]


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("name", ["alexnet", "alexnet_2012", "vgg16", "vgg19_bn"])
def test_a_whole_network_has_at_most_25_boxes_and_all_its_parameters(
    measured, name, language
):
    network = measured[name]
    svg = drawn(network, language)
    boxes = [g for g in svg.iter(f"{SVG}g") if "node" in g.get("class", "").split()]
    assert 5 < len(boxes) <= 25
    counts = [
        int(text.split(" · ")[0].replace(",", ""))
        for text in texts(svg)
        if re.fullmatch(r"[\d,]+( · [\d.]+ %)?", text) and "×" not in text
    ]
    shapes = [int(text.replace(",", "")) for text in texts(svg) if text == "4,096"]
    assert sum(counts) - sum(shapes) == network["params"]


def test_groups_run_side_by_side(measured):
    nodes = fold(measured["alexnet_2012"])
    assert [node.lanes for node in nodes if node.kind == "conv"] == [1, 2, 1, 2, 2]
    labels = texts(drawn(measured["alexnet_2012"], "en"))
    assert labels.count("group 1 of 2") == labels.count("group 2 of 2") == 3
    assert labels.count("48×27×27") == 2, "each tower sees its own half"


def test_norm_and_activation_are_part_of_their_convolution():
    block = nn.Sequential(nn.Conv2d(3, 8, 3, bias=False), nn.BatchNorm2d(8), nn.ReLU())
    _, conv = fold(measure(block, (1, 3, 9, 9)))
    assert conv.folded == ["BatchNorm2d", "ReLU"]
    assert conv.params == 3 * 3 * 3 * 8 + 2 * 8


class Skip(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(8, 8, 3, padding=1)
        self.relu = nn.ReLU()

    def forward(self, maps):
        return self.relu(self.conv(maps)) + maps


def test_branches_are_edges():
    given, conv, add = fold(measure(Skip(), (1, 8, 9, 9)))
    assert (given.kind, conv.kind, add.kind) == ("input", "conv", "add")
    assert add.inputs == [0, 1]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_picture_speaks_and_follows_the_page(measured, language):
    text = picture.svg(measured["vgg16"], language, name="VGG-16", repeats=True)
    assert 'role="img"' in text
    assert ">VGG-16</title>" in text
    described = re.search(r"<desc[^>]*>([^<]+)</desc>", text)[1]
    assert "102,764,544" in described
    assert "138,357,544" in described
    assert ("입력" in described) == (language == "ko")
    assert not re.search(r'(?:fill|stroke|style)="', text), "colours are the page's"
    assert not re.search(r'\bid="(?!t|d)', text)
    assert len(text.encode()) < 30_000


def test_no_english_words_in_a_korean_picture(measured):
    for name in ("alexnet_2012", "vgg16", "dense", "convolution"):
        words = " ".join(texts(drawn(measured[name], "ko")))
        assert not re.findall(r"[a-z]{2,}", words), words


def test_text_lies_within_its_box(measured):
    """Graphviz measured it with the font that the labels name."""
    for language in ("ko", "en"):
        for group in drawn(measured["alexnet_2012"], language).iter(f"{SVG}g"):
            if "node" not in group.get("class", "").split():
                continue
            path = group.find(f"{SVG}path").get("d")
            xs = [
                float(pair.split(",")[0]) for pair in re.split(r"[MC ]", path) if pair
            ]
            for text in group.iter(f"{SVG}text"):
                # about: a Hangul syllable 0.92 em, a Latin sign 0.56 em
                hangul = sum("가" <= sign <= "힣" for sign in text.text)
                size = float(text.get("font-size"))
                width = size * (hangul * 0.92 + 0.56 * (len(text.text) - hangul))
                assert width <= max(xs) - min(xs) + 4, text.text


def test_the_same_input_gives_the_same_bytes(measured, monkeypatch, tmp_path):
    first = picture.svg(measured["vgg16"], "ko", name="x", repeats=True)
    monkeypatch.setattr(picture.cache, "FOLDER", tmp_path)
    assert picture.svg(measured["vgg16"], "ko", name="x", repeats=True) == first


def test_strength_is_one_step_for_a_factor_of_ten():
    assert [picture.level(n) for n in (0, 1, 999, 1_000, 10**5, 10**7, 10**9)] == [
        0,
        1,
        1,
        2,
        4,
        6,
        6,
    ]


def test_a_pair_has_one_scale(measured):
    sides = [
        {"measured": measured[name], "label": name, "of": f"measured;x.py;{name}"}
        for name in ("one_7x7", "three_3x3")
    ]
    html = figure.pair(sides, "en", caption="")
    bars = [float(w) for w in re.findall(r'class="bar"[^>]*?width="([\d.]+)"', html)]
    assert bars[0] == picture.BAR
    assert bars[1:] == pytest.approx([picture.BAR * 9 / 49] * 3, abs=0.01)
    assert "55.1 %" in html


def test_a_table_of_layers_adds_up(measured):
    html = table.layers(measured["vgg16"], "ko", caption="층")
    body, foot = html.split("<tfoot>")
    values = [int(value) for value in re.findall(r'<data value="(\d+)"', body)]
    totals = [int(value) for value in re.findall(r'<data value="(\d+)"', foot)]
    assert sum(values[0::2]) == totals[0] == 138_357_544
    assert sum(values[1::2]) == totals[1] == measured["vgg16"]["macs"]
    assert not re.search(r">[^<]*\b(?:conv|dense|pool)\b[^<]*<", html)
