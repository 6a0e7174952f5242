"""The calculator counts as torch does, whatever is put in, and everybody can use it."""

import math
import random
import re
from fractions import Fraction
from urllib.parse import parse_qs, urlsplit

import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from browsing import visiting
from lxml import html
from playwright.sync_api import expect
from torch import nn

from draw import numbers
from markup import calculator
from markup.facts import Facts
from measure.record import measure

PAGES = {"ko": "calculator/", "en": "en/calculator/"}
MODES = list(calculator.MODES)
LARGEST = 10**6

# What the form does when it has read its entries, many times at once.
COUNT = """(asked) => asked.map(([mode, texts]) => {
  const settings = {};
  for (const [name, text] of Object.entries(texts)) {
    const input = document.getElementById(`${mode}-${name}`);
    if (input.type === "checkbox") {
      settings[name] = Boolean(text);
      continue;
    }
    const { kind, least } = input.dataset;
    const { value, code } = counting.read(text, kind, BigInt(least));
    if (code) return { faults: [{ field: name, code }] };
    settings[name] = value;
  }
  return counting.counts[mode](settings);
})"""


@pytest.fixture(scope="module")
def visit(browser, address):
    with visiting(browser, address) as visit:
        visit.open(PAGES["en"])
        yield visit
        assert not visit.errors


@pytest.fixture(scope="module")
def facts() -> Facts:
    return Facts()


def counted(visit, asked: list[tuple[str, dict]]) -> list[dict]:
    return visit.page.evaluate(COUNT, [list(one) for one in asked])


def texts(settings: dict) -> dict:
    """Settings as one types them."""
    return {
        name: value if isinstance(value, bool) else typed(value)
        for name, value in settings.items()
    }


def typed(value: int | tuple[int, int]) -> str:
    return str(value) if isinstance(value, int) else "x".join(map(str, value))


def both(value: int | tuple[int, int]) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else value


def worked(text: str) -> Fraction:
    """What arithmetic gives that the page has written out."""
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    text = re.sub(r"\d+", r"Fraction(\g<0>)", text)
    signs = {"×": "*", "÷": "/", "−": "-", "⌊": "floor(", "⌋": ")"}
    for sign, code in signs.items():
        text = text.replace(sign, code)
    return Fraction(eval(text, {"Fraction": Fraction, "floor": math.floor}))


def agrees(expression: dict) -> int:
    """The value of arithmetic, which its own terms give, too."""
    assert worked(expression["text"]) == expression["value"], expression["text"]
    return expression["value"]


# One convolution


def side(rng: random.Random, *choices: int) -> int | tuple[int, int]:
    """A size, now and then not square."""
    one, other = rng.choice(choices), rng.choice(choices)
    return one if rng.random() < 0.6 else (one, other)


def drawn_layer(rng: random.Random) -> dict:
    groups = rng.choice([1, 1, 1, 2, 3, 4, 8, 32, 256])
    fits = rng.random() < 0.85
    channels = [groups if fits else 1] * 2
    return {
        "in": channels[0] * rng.choice([1, 2, 3, 5, 16, 64]),
        "maps": side(rng, 1, 2, 5, 7, 14, 28, 55, 112, 224, 513),
        "out": channels[1] * rng.choice([1, 2, 3, 7, 64, 96]),
        "kernel": side(rng, 1, 1, 2, 3, 3, 5, 7, 11),
        "stride": side(rng, 1, 1, 1, 2, 3, 4, 32),
        "padding": side(rng, 0, 0, 1, 2, 3, 6),
        "dilation": side(rng, 1, 1, 1, 2, 3, 12),
        "groups": groups,
        "bias": rng.random() < 0.5,
        "norm": rng.random() < 0.5,
    }


def built(settings: dict) -> nn.Sequential:
    with torch.device("meta"):
        conv = nn.Conv2d(
            settings["in"],
            settings["out"],
            settings["kernel"],
            stride=settings["stride"],
            padding=settings["padding"],
            dilation=settings["dilation"],
            groups=settings["groups"],
            bias=settings["bias"],
        )
        norm = [nn.BatchNorm2d(settings["out"])] if settings["norm"] else []
    return nn.Sequential(conv, *norm).eval()


def shape_into(settings: dict) -> tuple[int, ...]:
    return 1, settings["in"], *both(settings["maps"])


def test_a_convolution_is_counted_as_torch_counts_it(visit):
    rng = random.Random(0)
    drawn = [drawn_layer(rng) for _ in range(4000)]
    refused = {"groups": 0, "kernel": 0}
    for settings, answer in zip(
        drawn, counted(visit, [("layer", texts(s)) for s in drawn]), strict=True
    ):
        try:
            measured = measure(built(settings), shape_into(settings))
        except (RuntimeError, ValueError) as error:
            fault = answer["faults"][0]
            assert fault["torch"] == str(error), settings
            refused[fault["field"]] += 1
            continue
        assert "faults" not in answer, settings
        assert answer["shape"] == measured["layers"][-1]["shape"][1:], settings
        assert [agrees(x) for x in answer["sides"]] == answer["shape"][1:]
        assert agrees(answer["params"]) == measured["params"], settings
        assert agrees(answer["macs"]) == measured["macs"], settings
        assert agrees(answer["memory"]) == measured["bytes"], settings
    assert all(count > 150 for count in refused.values()), refused
    assert sum(refused.values()) < 2000, refused


def test_what_is_left_over_is_what_the_input_can_do_without(visit):
    rng = random.Random(1)
    drawn = [drawn_layer(rng) | {"padding": 0, "groups": 1} for _ in range(300)]
    seen = 0
    for settings, answer in zip(
        drawn, counted(visit, [("layer", texts(s)) for s in drawn]), strict=True
    ):
        if "faults" in answer:
            continue
        network = built(settings)
        less = [
            size - unread
            for size, unread in zip(
                both(settings["maps"]), answer["unread"], strict=True
            )
        ]
        for cut, same in ((0, True), (1, False)):
            if min(less) <= cut:
                continue
            for axis in range(2):
                sizes = list(both(settings["maps"]))
                sizes[axis] = less[axis] - cut
                maps = torch.empty(1, settings["in"], *sizes, device="meta")
                try:
                    shape = list(network(maps).shape[1:])
                except RuntimeError:
                    shape = []
                assert (shape == answer["shape"]) == same, settings
                seen += 1
    assert seen > 300


def test_the_remedy_for_a_fault_is_one(visit):
    rng = random.Random(2)
    drawn = [drawn_layer(rng) for _ in range(2000)]
    cured = {"groups": 0, "kernel": 0}
    for settings, answer in zip(
        drawn, counted(visit, [("layer", texts(s)) for s in drawn]), strict=True
    ):
        for fault in answer.get("faults", []):
            if fault["field"] == "groups":
                for groups in fault["near"]:
                    built(settings | {"groups": groups})
                between = range(min(fault["near"]) + 1, max(fault["near"]))
                common = math.gcd(settings["in"], settings["out"])
                assert not [n for n in between if common % n == 0]
            else:
                fitting = settings | {"groups": 1, "padding": tuple(fault["enough"])}
                built(fitting)(torch.empty(shape_into(fitting), device="meta"))
                for axis, (padding, enough) in enumerate(
                    zip(both(settings["padding"]), fault["enough"], strict=True)
                ):
                    if enough > padding:
                        less = list(fault["enough"])
                        less[axis] -= 1
                        tight = fitting | {"padding": tuple(less)}
                        maps = torch.empty(shape_into(tight), device="meta")
                        with pytest.raises(RuntimeError, match="Kernel size"):
                            built(tight)(maps)
            cured[fault["field"]] += 1
    assert all(count > 100 for count in cured.values()), cured


def test_numbers_that_no_float_holds_stay_exact(visit):
    drawn = {
        "in": LARGEST - 1,
        "maps": (LARGEST, LARGEST - 3),
        "out": LARGEST - 1,
        "kernel": (99_991, 99_989),
        "stride": 1,
        "padding": LARGEST - 7,
        "dilation": 3,
        "groups": 1,
        "bias": True,
        "norm": True,
    }
    (answer,) = counted(visit, [("layer", texts(drawn))])
    height, width = (
        size + 2 * drawn["padding"] - 3 * (kernel - 1)
        for size, kernel in zip(drawn["maps"], drawn["kernel"], strict=True)
    )
    channels = LARGEST - 1
    weights = 99_991 * 99_989 * channels * channels
    assert weights > 2**63
    assert answer["shape"] == [channels, height, width]
    assert agrees(answer["params"]) == weights + 3 * channels
    assert agrees(answer["macs"]) == weights * height * width
    assert agrees(answer["memory"]) == 8 * channels * height * width


# Two designs


def kept(a: int, b: int, kernel=3, groups: int = 1) -> nn.Conv2d:
    """A convolution that keeps the size of its maps."""
    return nn.Conv2d(a, b, kernel, padding="same", groups=groups, bias=False)


def designs(mode: str, given: dict) -> list[nn.Module]:
    match mode:
        case "stacked":
            a, m, b = given["in"], given["middle"], given["out"]
            return [kept(a, b, 5), nn.Sequential(kept(a, m), kept(m, b))]
        case "reduced":
            a, r, b, k = given["in"], given["left"], given["out"], given["kernel"]
            return [kept(a, b, k), nn.Sequential(kept(a, r, 1), kept(r, b, k))]
        case "separable":
            a, b, k = given["in"], given["out"], given["kernel"]
            return [kept(a, b, k), nn.Sequential(kept(a, a, k, a), kept(a, b, 1))]
        case "head":
            c, k = given["in"], given["classes"]
            values = c * math.prod(both(given["maps"]))
            average = nn.AdaptiveAvgPool2d(1)
            return [
                nn.Sequential(nn.Flatten(), nn.Linear(values, k)),
                nn.Sequential(average, nn.Flatten(), nn.Linear(c, k)),
            ]


def drawn_pair(mode: str, rng: random.Random) -> dict:
    def channels() -> int:
        return rng.choice([1, 2, 3, 9, 16, 64, 128, 200, 512])

    settings = {"in": channels(), "maps": side(rng, 1, 2, 7, 14, 28, 35, 56)}
    settings["classes" if mode == "head" else "out"] = channels()
    if mode in ("stacked", "reduced"):
        settings["middle" if mode == "stacked" else "left"] = channels()
    if mode in ("reduced", "separable"):
        settings["kernel"] = side(rng, 1, 3, 3, 5, 7)
    return settings


# The field whose value is compared with the limit.
MOVED = {"stacked": "middle", "reduced": "left", "separable": "out", "head": "maps"}


@pytest.mark.parametrize("mode", MOVED)
def test_two_designs_are_counted_as_torch_counts_them(visit, mode):
    rng = random.Random(mode)
    drawn = [drawn_pair(mode, rng) for _ in range(400)]
    answers = counted(visit, [(mode, texts(settings)) for settings in drawn])
    for settings, answer in zip(drawn, answers, strict=True):
        with torch.device("meta"):
            networks = designs(mode, settings)
        for network, design in zip(networks, answer["designs"], strict=True):
            measured = measure(network, shape_into(settings))
            assert agrees(design["params"]) == measured["params"], settings
            assert agrees(design["macs"]) == measured["macs"], settings
            assert agrees(design["memory"]) == measured["bytes"], settings


@pytest.mark.parametrize("mode", MOVED)
def test_the_limit_is_where_saving_ends(visit, mode):
    """On either side of it, torch counts more and fewer parameters."""
    rng = random.Random(mode + "limit")
    drawn = [drawn_pair(mode, rng) for _ in range(300)]
    answers = counted(visit, [(mode, texts(settings)) for settings in drawn])
    signs = set()
    for settings, answer in zip(drawn, answers, strict=True):

        def difference(value: int, settings=settings) -> int:
            moved = (value, 1) if mode == "head" else value
            with torch.device("meta"):
                pair = designs(mode, settings | {MOVED[mode]: moved})
            one, other = (sum(p.numel() for p in x.parameters()) for x in pair)
            return other - one

        if answer["limit"] is None:
            assert math.prod(both(settings["kernel"])) == 1
            assert all(difference(value) > 0 for value in (1, 10, 1000))
            continue
        above, below = answer["limit"]["value"]
        limit = Fraction(above, below)
        if answer["limit"]["text"]:
            assert worked(answer["limit"]["text"]) == limit
        before, after = math.ceil(limit) - 1, math.floor(limit) + 1
        more = -1 if mode in ("separable", "head") else 1  # saves above the limit
        assert difference(after) * more > 0, settings
        if before:
            assert difference(before) * more < 0, settings
        if limit.denominator == 1:
            assert difference(int(limit)) == 0, settings
        signs.add(before > 0)
        assert visit.page.evaluate(
            "([above, below]) => counting.decimal([BigInt(above), BigInt(below)])",
            [str(above), str(below)],
        ) == numbers.exact(limit)
        if mode == "separable":
            part = Fraction(*answer["left"]["value"])
            assert worked(answer["left"]["text"]) == part
            with torch.device("meta"):
                pair = designs(mode, settings)
            one, other = (sum(p.numel() for p in x.parameters()) for x in pair)
            assert part == Fraction(other, one)
    assert signs


# The form: what is typed, and what a reader sees


def words(language: str) -> dict:
    return {
        kind: {name: text[language] for name, text in calculator.words()[kind].items()}
        for kind in ("answers", "faults")
    }


def type_in(page, mode: str, given: dict) -> None:
    """Fill in a mode and leave its last field, as a reader does."""
    page.check(f"input[name=count][value={mode}]")
    for name, text in given.items():
        box = page.locator(f"#{mode}-{name}")
        if isinstance(text, bool):
            box.set_checked(text)
        else:
            box.fill(text)
            box.blur()


def results(page) -> list[str]:
    return page.locator(".calculator dd strong").all_text_contents()


def told(page) -> str:
    return page.locator(".calculator output").inner_text()


def test_each_text_is_there_in_both_languages_with_the_same_places():
    for kind, texts in calculator.words().items():
        for name, text in texts.items():
            if kind == "designs":
                assert {"one", "other", "rule"} == set(text), name
                assert all(set(said) == {"ko", "en"} for said in text.values())
                continue
            assert set(text) == {"ko", "en"}, f"{kind}: {name}"
            places = [sorted(re.findall(r"\{\w+\}", said)) for said in text.values()]
            assert places[0] == places[1], f"{kind}: {name}"


@pytest.mark.parametrize("language", PAGES)
def test_it_begins_with_what_torch_measured(browser, address, facts, language):
    def measured(name: str, file: str | None = None, part: str = "") -> list[str]:
        network = facts.network(name, file).measured
        layers = [
            layer
            for layer in network["layers"]
            if not part or layer["path"].startswith(f"{part}.") or layer["path"] == part
        ]
        sums = [sum(layer[key] for layer in layers) for key in ("params", "macs")]
        return [numbers.exact(value) for value in sums]

    def block(name: str) -> list[str]:
        """A block without its norms, whose parameters the form leaves out."""
        layers = facts.network(name).measured["layers"]
        inside = [
            layer
            for layer in layers
            if layer["path"].startswith("features.7.") and layer["kind"] == "Conv2d"
        ]
        sums = [sum(layer[key] for layer in inside) for key in ("params", "macs")]
        return [numbers.exact(value) for value in sums]

    pairs = {
        "stacked": [
            measured("one_5x5", "tricks/stacked_3x3.py"),
            measured("two_3x3", "tricks/stacked_3x3.py"),
        ],
        "reduced": [
            measured("direct", "tricks/reduction_1x1.py"),
            measured("reduced", "tricks/reduction_1x1.py"),
        ],
        "separable": [block("mobilenet_v1_full_convolutions"), block("mobilenet_v1")],
        "head": [
            measured("all_values", "tricks/average_before_dense.py"),
            measured("averages", "tricks/average_before_dense.py"),
        ],
    }
    with visiting(browser, address) as visit:
        page = visit.open(PAGES[language])
        assert page.url == address + PAGES[language], "nothing was typed yet"
        layer = facts.network("layer", "tricks/one_layer.py").measured
        params, macs = numbers.exact(layer["params"]), numbers.exact(layer["macs"])
        shape = numbers.shape(layer["layers"][-1]["shape"])
        said = {"params": params, "macs": macs, "shape": shape}
        assert told(page) == words(language)["answers"]["layer"].format(**said)
        memory = f"{layer['bytes'] / 2**20:,.1f} MiB"
        assert results(page) == [params, macs, shape.rpartition(" ")[2], memory]
        prose = page.locator("article").inner_text()
        assert all(text in prose for text in (*said.values(), memory))
        for mode, sides in pairs.items():
            page.check(f"input[value={mode}]")
            table = page.locator(".calculator__designs tbody tr")
            for row, expected in enumerate(zip(*sides, strict=True)):
                cells = table.nth(row).locator("td").all_inner_texts()
                assert tuple(cells[:2]) == expected, mode
                one, other = (int(text.replace(",", "")) for text in expected)
                assert cells[2] == numbers.percent(Fraction(other, one))
            if mode != "head":
                limits = page.locator("article table td:last-child").all_inner_texts()
                limit = [t for t in results(page) if any(t in x for x in limits)]
                assert limit, f"{mode}: the page states another limit"
        assert not visit.errors


def test_an_answer_in_the_form_is_that_of_its_arithmetic(browser, address):
    """Read through the form itself, every result is what stands before it."""
    rng = random.Random(3)
    seen = 0
    with visiting(browser, address) as visit:
        page = visit.open(PAGES["en"])
        for mode in MODES:
            for _ in range(12):
                given = drawn_layer(rng) if mode == "layer" else drawn_pair(mode, rng)
                type_in(page, mode, texts(given))
                for line in page.locator(".calculator dd").all_inner_texts():
                    *terms, result = line.split(" = ")
                    if result.endswith((" bytes", " MiB")):
                        size = worked(terms[0])
                        shown = f"{float(size) / 2**20:,.1f} MiB"
                        small = shown == "0.0 MiB"
                        whole = [f"{int(size):,} bytes", *([] if small else [shown])]
                        assert [*terms[1:], result] == whole, line
                    elif result.endswith("%"):
                        plain = result.replace(",", "")
                        assert plain == numbers.percent(worked(terms[0])), line
                    else:
                        value = Fraction(result.replace(",", ""))
                        assert abs(worked(terms[0]) - value) <= Fraction(1, 200), line
                    seen += 1
        assert not visit.errors
    assert seen > 200


@pytest.mark.parametrize(
    ("given", "settings", "verdict"),
    [
        ("stacked", {"in": "3", "middle": "64", "out": "64"}, "more"),
        ("stacked", {"in": "9", "middle": "25", "out": "9", "maps": "1"}, "more"),
        ("stacked", {"in": "18", "middle": "25", "out": "18"}, "same"),
        ("stacked", {"in": "18", "middle": "24", "out": "18"}, "less"),
        ("reduced", {"in": "9", "left": "9", "out": "1", "kernel": "1x9"}, "more"),
        ("reduced", {"in": "10", "left": "9", "out": "10"}, "same"),
        ("separable", {"in": "8", "out": "1"}, "more"),
        ("separable", {"in": "8", "out": "2", "kernel": "1x2"}, "same"),
        ("separable", {"in": "8", "out": "512", "kernel": "1"}, "never"),
        ("head", {"in": "8", "maps": "1", "classes": "9"}, "same"),
        ("head", {"in": "8", "maps": "1x2", "classes": "9"}, "less"),
    ],
)
@pytest.mark.parametrize("language", PAGES)
def test_it_says_who_saves(browser, address, language, given, settings, verdict):
    text = words(language)["answers"][verdict]
    pattern = re.escape(re.sub(r"\{\w+\}", "@", text)).replace("@", ".+")
    with visiting(browser, address) as visit:
        page = visit.open(PAGES[language])
        type_in(page, given, settings)
        assert re.fullmatch(pattern, told(page)), told(page)


WRONG = [
    ("layer", "in", "", "empty"),
    ("layer", "in", "   ", "empty"),
    ("layer", "in", "abc", "number"),
    ("layer", "in", "NaN", "number"),
    ("layer", "in", "3.5", "number"),
    ("layer", "in", "1e3", "number"),
    ("layer", "in", "0x10", "number"),
    ("layer", "in", "1,00", "number"),
    ("layer", "in", "1 000", "number"),
    ("layer", "in", "<b>3</b>", "number"),
    ("layer", "in", "Infinity", "number"),
    ("layer", "in", "3x3", "number"),
    ("layer", "in", "0", "small"),
    ("layer", "in", "-3", "small"),
    ("layer", "in", "−3", "small"),
    ("layer", "in", "1000001", "large"),
    ("layer", "in", "9" * 400, "large"),
    ("layer", "groups", "0", "small"),
    ("layer", "groups", "2", "in"),
    ("layer", "kernel", "", "empty"),
    ("layer", "kernel", "1x", "size"),
    ("layer", "kernel", "x7", "size"),
    ("layer", "kernel", "1x7x7", "size"),
    ("layer", "kernel", "(1, 7)", "size"),
    ("layer", "kernel", "1,7", "size"),
    ("layer", "kernel", "0x7", "small"),
    ("layer", "kernel", "7x-1", "small"),
    ("layer", "kernel", "231", "kernel"),
    ("layer", "kernel", "1x231", "kernel"),
    ("layer", "stride", "0", "small"),
    ("layer", "padding", "-1", "small"),
    ("layer", "dilation", "0", "small"),
    ("layer", "dilation", "1000", "kernel"),
    ("layer", "maps", "0", "small"),
    ("stacked", "middle", "0", "small"),
    ("reduced", "left", "none", "number"),
    ("separable", "kernel", "3 by 3", "size"),
    ("head", "classes", "-10", "small"),
]


@pytest.mark.parametrize("language", PAGES)
def test_what_is_wrong_is_said_beside_its_entry(browser, address, language):
    faults = words(language)["faults"]
    with visiting(browser, address) as visit:
        page = visit.open(PAGES[language])
        for mode, name, text, code in WRONG:
            before = page.locator(f"#{mode}-{name}").input_value()
            type_in(page, mode, {name: text})
            said = page.locator(".calculator__fault:not(:empty)")
            assert said.count() == 1, (name, text)
            # the dilation shows at the kernel that it spreads
            wrong = "kernel" if code == "kernel" else name
            box = page.locator(f"#{mode}-{wrong}")
            assert box.get_attribute("aria-invalid") == "true"
            assert page.locator("[aria-invalid]").count() == 1
            assert said.get_attribute("id") in box.get_attribute("aria-describedby")
            shown = text.strip()
            least = "0" if name == "padding" else "1"
            places = {
                "text": shown if len(shown) <= 24 else f"{shown[:24]}…",
                "least": least,
                "most": f"{LARGEST:,}",
            }
            explained = said.inner_text()
            if code in ("in", "kernel"):
                assert faults["torch"] in explained
            else:
                assert explained == faults[code].format(**places), (name, text)
            label = page.locator(f"label[for={mode}-{wrong}]").inner_text()
            fields = words(language)["answers"]["wrong"].format(fields=label)
            assert told(page) == fields
            assert not page.locator(".calculator__answer").is_visible()
            type_in(page, mode, {name: before})
            assert said.count() == 0
            assert page.locator("[aria-invalid]").count() == 0
            assert page.locator(".calculator__answer").is_visible()
        assert not visit.errors


@pytest.mark.parametrize(
    ("text", "same"),
    [
        (" 1 x 7 ", "1x7"),
        ("1X7", "1x7"),
        ("1×7", "1x7"),
        ("1*7", "1x7"),
        ("１ｘ７", "1x7"),
        ("007", "7"),
        ("7x7", "7"),
        ("1,000x1", "1000x1"),
    ],
)
def test_a_size_may_be_written_in_more_than_one_way(visit, text, same):
    read = "(text) => counting.read(text, 'size', 1n)"
    values = [visit.page.evaluate(read, text) for text in (text, same)]
    assert values[0] == values[1]
    assert "value" in values[0]


@pytest.mark.parametrize(
    ("write", "value", "text"),
    [
        ("decimal", (9, 8), numbers.exact(Fraction(9, 8))),
        ("decimal", (138_357_544, 100), "1,383,575.44"),
        ("decimal", (138_357_544, 4), "34,589,386"),
        ("percent", (17, 16), numbers.percent(Fraction(17, 16))),
        ("percent", (1, 16), numbers.percent(Fraction(1, 16))),
        ("percent", (3, 16), numbers.percent(Fraction(3, 16))),
        ("percent", (448, 50_348_032), numbers.percent(Fraction(448, 50_348_032))),
        ("percent", (96, 10**6), numbers.percent(Fraction(96, 10**6))),
        ("percent", (16, 1), "1,600.0 %"),
        ("mebibytes", 5 * 2**18, f"{1.25:.1f} MiB"),
        ("mebibytes", 7 * 2**18, f"{1.75:.1f} MiB"),
        ("mebibytes", 2**31, "2,048.0 MiB"),
        ("mebibytes", 4, "< 0.1 MiB"),
    ],
)
def test_numbers_are_written_as_on_the_pages(visit, write, value, text):
    given = [str(x) for x in value] if isinstance(value, tuple) else str(value)
    call = "(given) => counting.{}([given].flat().map(BigInt){})"
    made = call.format(write, "" if isinstance(value, tuple) else "[0]")
    assert visit.page.evaluate(made, given) == text


def test_several_wrong_entries_are_named_together(browser, address):
    with visiting(browser, address) as visit:
        page = visit.open(PAGES["en"])
        type_in(page, "layer", {"in": "64", "kernel": "300", "groups": "3"})
        assert page.locator("[aria-invalid]").count() == 2
        assert "Kernel, Groups" in told(page)
        assert "2, 4" not in told(page)
        near = page.locator("#layer-groups-fault").inner_text()
        assert "2, 4" in near


def test_traps_are_pointed_out(browser, address):
    said = words("en")["answers"]
    with visiting(browser, address) as visit:
        page = visit.open(PAGES["en"])
        type_in(page, "layer", {"bias": True, "norm": True, "stride": "1"})
        notes = page.locator(".calculator__answer > p").all_inner_texts()
        assert notes == [said["cancelled"]]
        type_in(page, "layer", {"norm": False, "stride": "2x1"})
        notes = page.locator(".calculator__answer > p").all_inner_texts()
        assert notes == [said["unread"].format(rows=1, columns=0)]


def test_typing_is_answered_once_the_keys_rest(browser, address):
    """So that a screen reader is not told every digit's answer."""
    with visiting(browser, address) as visit:
        page = visit.open(PAGES["en"])
        output = page.locator(".calculator output")
        assert output.get_attribute("aria-live") == "polite"
        first = told(page)
        page.locator("#layer-out").fill("")
        page.locator("#layer-out").press_sequentially("256", delay=50)
        assert told(page) == first
        expect(output).to_contain_text("256")


# The address


STATES = [
    (
        "layer",
        {"in": "96", "kernel": "1x7", "groups": "2", "bias": True, "norm": False},
    ),
    ("layer", {"in": "<b>&amp;=#%20+?", "maps": "", "kernel": "１ｘ７"}),
    ("stacked", {"middle": "200", "maps": "7x9"}),
    ("head", {"classes": "10"}),
]


@pytest.mark.parametrize(("mode", "given"), STATES)
def test_the_address_holds_what_was_put_in(browser, address, mode, given):
    with visiting(browser, address) as visit, visiting(browser, address) as friend:
        page = visit.open(PAGES["ko"])
        type_in(page, mode, given)
        told_here = told(page)
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.get_by_role("button", name="링크 복사").click()
        status = page.locator(".calculator [role=status]")
        status.get_by_text(words("ko")["answers"]["copied"]).wait_for()
        link = page.evaluate("navigator.clipboard.readText()")
        assert link == page.url
        other = friend.open(link.removeprefix(address))
        assert told(other) == told_here
        for name, text in given.items():
            box = other.locator(f"#{mode}-{name}")
            if isinstance(text, bool):
                assert box.is_checked() == text
            else:
                assert box.input_value() == text
        assert results(other) == results(page)
        english = friend.open(link.removeprefix(address).replace("calc", "en/calc", 1))
        unit = [calculator.words()["answers"]["bytes"][name] for name in ("ko", "en")]
        korean, spoken = (text.removeprefix("{bytes}") for text in unit)
        same = [text.replace(korean, spoken) for text in results(page)]
        assert results(english) == same
        assert not visit.errors + friend.errors


@pytest.mark.parametrize("query", ["", "?count=no&in=5", "?in=5", "?utm=x&count"])
def test_an_address_that_asks_for_nothing_shows_the_example(browser, address, query):
    with visiting(browser, address) as visit:
        page = visit.open(PAGES["en"] + query)
        assert page.locator("#layer-in").input_value() == "3"
        assert page.locator(".calculator__answer").is_visible()
        assert not visit.errors


def test_the_examples_come_back(browser, address):
    with visiting(browser, address) as visit:
        page = visit.open(PAGES["en"])
        first = told(page)
        type_in(page, "layer", {"in": "oops"})
        type_in(page, "head", {"classes": "5"})
        page.get_by_role("button", name="Back to the examples").click()
        expect(page.locator(".calculator output")).to_have_text(first)
        assert page.locator("[aria-invalid]").count() == 0
        assert page.locator("#head-classes").input_value() == "1000"


def test_where_the_page_may_not_copy_it_offers_the_address(browser, address):
    with visiting(browser, address) as visit:
        page = visit.open(PAGES["en"])
        refuse = "() => Promise.reject(new Error())"
        page.evaluate(f"() => {{ navigator.clipboard.writeText = {refuse}; }}")
        page.get_by_role("button", name="Copy the link").click()
        place = page.get_by_label("Address to copy")
        place.wait_for()
        assert place.input_value().startswith(address + PAGES["en"] + "?count=layer&")
        selected = page.evaluate("getSelection().toString()")
        assert selected == place.input_value()


def links_with_settings(site) -> set[str]:
    found = set()
    for page in site.rglob("*.html"):
        for link in html.parse(page).xpath("//a[contains(@href, '?count=')]/@href"):
            language = page.relative_to(site).parts[0] == "en"
            found.add(f"{PAGES['en' if language else 'ko']}?{urlsplit(link).query}")
    return found


def test_links_with_settings_open_them(browser, address, site):
    links = links_with_settings(site)
    assert len(links) >= 6
    with visiting(browser, address) as visit:
        for link in links:
            page = visit.open(link)
            given = {k: v for k, (v,) in parse_qs(urlsplit(link).query).items()}
            mode = given.pop("count")
            assert page.locator(f"input[value={mode}]").is_checked()
            for name, text in given.items():
                assert page.locator(f"#{mode}-{name}").input_value() == text, link
            assert page.locator(".calculator__answer").is_visible()
            assert page.locator("[aria-invalid]").count() == 0
            assert not visit.errors


# Everybody


def focused(page) -> dict:
    return page.evaluate(
        """() => { const { id, name, value, textContent } = document.activeElement;
        return { id, name, value, text: textContent }; }"""
    )


def tab_to(page, **wanted) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        now = focused(page)
        if all(now[key] == value for key, value in wanted.items()):
            return
    pytest.fail(f"Tab never came to {wanted}")


def test_it_works_by_keyboard_alone(browser, address):
    with visiting(browser, address) as visit:
        page = visit.open(PAGES["en"])
        page.context.grant_permissions(["clipboard-write"])
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")  # past the navigation, by the page's first link
        tab_to(page, name="count", value="layer")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        assert focused(page)["value"] == "reduced"
        tab_to(page, id="reduced-in")
        for name, text in (("left", "64"), ("out", "256"), ("kernel", "1x7")):
            tab_to(page, id=f"reduced-{name}")
            page.keyboard.press("Control+A")
            page.keyboard.type(text)
        page.keyboard.press("Enter")
        one, other = 7 * 128 * 256, 128 * 64 + 7 * 64 * 256
        assert numbers.percent(Fraction(other, one)) in told(page)
        assert results(page)[:2] == [f"{one:,}", f"{other:,}"]
        outline = "getComputedStyle(document.activeElement).outlineStyle"
        assert page.evaluate(outline) == "solid"
        tab_to(page, text="Copy the link")
        page.keyboard.press("Enter")
        tab_to(page, text="Back to the examples")
        page.keyboard.press("Space")
        expect(page.locator("[value=layer]")).to_be_checked()
        assert not visit.errors


def test_every_entry_has_a_label_and_every_group_a_name(site):
    for path in PAGES.values():
        tree = html.parse(site / path / "index.html")
        (form,) = tree.xpath("//div[@class='calculator']/form")
        labels = form.xpath(".//label/@for")
        for box in form.xpath(".//input[not(@type='radio')]/@id"):
            assert labels.count(box) == 1
        assert len(form.xpath(".//label/input[@type='radio']")) == len(MODES)
        for group in form.xpath(".//fieldset"):
            assert group.xpath("./legend")[0].text_content().strip()
        ids = tree.xpath("//@id")
        for described in form.xpath(".//@aria-describedby"):
            assert all(ids.count(name) == 1 for name in described.split())


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", PAGES)
def test_axe_finds_nothing(browser, address, language, scheme):
    """In what this page adds: the code's buttons are Material's."""
    article = {"include": [["article"]], "exclude": [[".highlight"]]}
    with visiting(browser, address, scheme=scheme) as visit:
        page = visit.open(PAGES[language])
        for state in [*MODES, "wrong"]:
            if state == "wrong":
                type_in(page, "layer", {"kernel": "300", "groups": "2", "in": "x"})
            else:
                page.check(f"input[value={state}]")
            where = article if state in ("layer", "wrong") else ".calculator"
            found = Axe().run(page, context=where)
            assert not found.violations_count, found.generate_report()


@pytest.mark.parametrize("language", PAGES)
def test_it_fits_a_phone(browser, address, language):
    with visiting(browser, address, width=360) as visit:
        page = visit.open(PAGES[language])
        for mode in MODES:
            page.check(f"input[value={mode}]")
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
            for box in page.locator(".calculator input:visible").all():
                size = box.bounding_box()
                assert size["x"] >= 0 and size["x"] + size["width"] <= 360


@pytest.mark.parametrize(("folder", "language"), [("", "ko"), ("en/", "en")])
def test_it_works_from_a_folder(browser, copied_site, folder, language):
    with visiting(browser, f"{copied_site.as_uri()}/") as visit:
        page = visit.open(f"{folder}calculator.html")
        type_in(page, "layer", {"in": "64", "kernel": "1x7", "padding": "0x3"})
        there = results(page)
        assert there[0] == f"{7 * 64 * 64 + 2 * 64:,}"
        assert "kernel=1x7" in page.url
        page.reload()
        assert results(page) == there
        assert page.locator("#layer-kernel").input_value() == "1x7"
        assert not visit.errors
        assert not visit.foreign()


@pytest.mark.parametrize("language", PAGES)
def test_without_javascript_the_examples_are_worked_out(browser, address, language):
    absent = calculator.words()["form"]["absent"][language]
    with visiting(browser, address, java_script_enabled=False) as visit:
        page = visit.open(PAGES[language])
        assert page.locator(".calculator__absent").inner_text() == absent
        assert not page.locator(".calculator form").is_visible()
        prose = page.locator("article").inner_text()
        for number in ("9,536", "118,013,952", "64 × 112 × 112", "294,912", "177.78"):
            assert number in prose
