"""How numbers are written, calculated and found when somebody typed them."""

from fractions import Fraction

import pytest

from draw import numbers
from markup import typed
from markup.facts import QUOTED, Facts
from markup.page import Page
from markup.values import CallError, Calls, answer


@pytest.mark.parametrize(
    ("value", "korean", "english"),
    [
        (138_357_544, "1억 3,836만", "138.4 M"),
        (100_000_000, "1억", "100 M"),
        (199_999_999, "2억", "200 M"),
        (60_965_224, "6,097만", "61 M"),
        (1_248_424, "125만", "1.2 M"),
        (448_000, "44.8만", "448 K"),
        (34_944, "3.5만", "34.9 K"),
        (9_999, "9,999", "10 K"),
        (999_960, "100만", "1 M"),
        (99_996_000, "1억", "100 M"),
        (999_999_999, "10억", "1 G"),
        (448, "448", "448"),
        (15_470_264_320, "155억", "15.5 G"),
        (724_406_816, "7억 2,441만", "724.4 M"),
    ],
)
def test_about(value, korean, english):
    assert numbers.about(value, "ko") == korean
    assert numbers.about(value, "en") == english


def test_exact_percent_and_times():
    assert numbers.exact(138_357_544) == "138,357,544"
    assert numbers.exact(Fraction(191, 24)) == "7.96"
    assert numbers.percent(Fraction(18, 25)) == "72.0 %"
    assert numbers.percent(Fraction(448, 50_348_032)) == "0.0009 %"
    assert numbers.percent(0) == "0.0 %"
    assert numbers.times(Fraction(9, 4), "ko") == "2.25배"
    assert numbers.times(Fraction(9, 4), "en") == "2.25 times"


def test_data_is_machine_readable():
    of = numbers.origin("measured", "models/vgg.py", 'vgg16."x"')
    html = numbers.data(138_357_544, "1억 3,836만", of)
    assert html.startswith('<data value="138357544" data-of="measured;models/vgg.py;')
    assert html.endswith(">1억 3,836만</data>")
    assert "|" not in html, "a pipe would end a table's cell"


@pytest.fixture(scope="module")
def calls() -> dict[str, Calls]:
    facts = Facts()
    return {language: Calls(facts, language) for language in ("ko", "en")}


@pytest.mark.parametrize(
    ("call", "korean", "english"),
    [
        ('params("vgg16")', "138,357,544", "138,357,544"),
        ('params("vgg16", "classifier.0")', "102,764,544", "102,764,544"),
        ('params("one_5x5", file="tricks/stacked_3x3.py")', "409,600", "409,600"),
        ('macs("vgg16", "classifier")', "123,633,664", "123,633,664"),
        ('shape("vgg16", "features")', "512 × 7 × 7", "512 × 7 × 7"),
        ('memory("vgg16")', "109.4 MiB", "109.4 MiB"),
        ('depth("vgg16")', "16", "16"),
        ('field("vgg16", "features")', "212 × 212", "212 × 212"),
        ('out("stacked_3x3", "two 3x3")', "294,912", "294,912"),
        (
            'out("reduction_1x1", "width at which reducing stops paying")',
            "115.2",
            "115.2",
        ),
        ('about(params("vgg16"))', "1억 3,836만", "138.4 M"),
        ('ratio(params("vgg16"), params("alexnet_2012"))', "2.27배", "2.27 times"),
        ("ratio(9, 4, digits=1)", "2.2배", "2.2 times"),
        ("share(18, 25, digits=0)", "72 %", "72 %"),
        ("calc(3 * 3 * 64 * 128)", "73,728", "73,728"),
        ("calc(96 / 2 * 25)", "1,200", "1,200"),
        ('formula("5*5*(96/2)*256")', "307,200", "307,200"),
        ('quote("alexnet.torchvision.top1")', "56.522 %", "56.522 %"),
        ('quote("alexnet.paper.params")', "6,000만", "60 million"),
    ],
)
def test_calls(calls, call, korean, english):
    assert answer("{{ " + call + " }}", calls["ko"]).shown() == korean
    assert answer("{{ " + call + " }}", calls["en"]).shown() == english


@pytest.mark.parametrize(
    "call",
    [
        "__import__('os')",
        "params.__class__",
        "calc(1/0)",
        'about("x")',
        "ratio(1, 0)",
        'formula("3*")',
        'formula("params(1)")',
        "calc(61100853)",
        "about(61100853)",
        "[1]",
        '"text"',
    ],
)
def test_what_is_no_call_is_refused(calls, call):
    with pytest.raises(CallError):
        answer("{{ " + call + " }}", calls["ko"])


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        ("8 - (3 - 2)", "<mn>8</mn><mo>&#x02212;</mo>"),
        ("5*5*(96/2)*256", "<mn>96</mn><mi>&#x000F7;</mi><mn>2</mn>"),
    ],
)
def test_a_worked_formula_keeps_its_brackets(formula, shown):
    page = Page(Facts(), "en", report=pytest.fail)
    page.prepare('{{ formula("' + formula + '") }}')
    assert shown in page.inserts[0].replace("<mo>&#x000F7;</mo>", "<mi>&#x000F7;</mi>")
    assert page.inserts[0].count("(") == formula.count("(")


def test_a_power_is_a_power():
    page = Page(Facts(), "en", report=pytest.fail)
    page.prepare('{{ formula("2**10 + 2**(3+1)") }}')
    assert "<mn>10</mn></mrow></msup>" in page.inserts[0]
    assert ">1,040</data>" in page.inserts[0]


def test_a_rounded_result_is_not_called_equal():
    page = Page(Facts(), "en", report=pytest.fail)
    page.prepare('{{ formula("22 / 27") }} {{ formula("3 / 4") }} {{ formula("3*4") }}')
    signs = [
        insert.partition("</span> ")[2].partition("&#160;<data")[0]
        for insert in page.inserts
    ]
    assert signs == ["≈", "=", "="]


def test_a_formula_too_long_for_a_narrow_screen_is_text_that_may_break():
    page = Page(Facts(), "en", report=pytest.fail)
    page.prepare('{{ formula("9*(3*128**2 + 4*256**2 + 6*512**2 + 3*1024**2)/32") }}')
    (insert,) = page.inserts
    assert "9 × (3 × 128² + 4 × 256² + 6 × 512² + 3 × 1,024²) ÷ 32 =" in insert
    assert "<math" not in insert


def test_braces_that_are_not_ours_stay_as_they_are():
    page = Page(Facts(), "en", report=pytest.fail)
    for text in (
        r"$\frac{{a}}{{b}}$ and $x^{{2}}$",
        '`{{ params("nothing") }}`',
        '```python\nprint(f"{{ params(1) }}")\n```',
        "## Title {#id}",
    ):
        assert page.prepare(text) == text


@pytest.mark.parametrize(
    "free",
    [
        "In 2012 and 2014년",
        "VGG-16, ResNet-50, ImageNet-1K, ILSVRC-2010, conv4, float32",
        "3×3, 11×11, 13×13×256, 512 channels, 64채널, 96개",
        "top-1, 1×1 합성곱, C2, GTX 580",
        "3×3만 쓰고 5×5만큼 봅니다",
        "배치 정규화 16, 배치",
        "두 배, twice, 절반, half",
    ],
)
def test_years_names_and_kernels_are_free(free):
    assert typed.in_prose(free) == []


@pytest.mark.parametrize(
    "number",
    [
        "61,100,840개",
        "4096개",
        "1,000개",
        "6,110만",
        "1억 3,836만 개",
        "61.1M",
        "61 million",
        "15.5 G",
        "89.4 %",
        "89%",
        "2.26배",
        "3 times",
        "3.6× fewer",
        "18:25",
        "18/25",
        "10-fold",
        "2.262x smaller",
        "×2.265",
        "2.3-times",
        "240 MB",
        "1.5 GFLOPs",
        "724 MMACs",
        "2048 units",
        "138 357 544",
        "6.1e7",
    ],
)
def test_typed_numbers_are_found(number):
    assert typed.in_prose(f"모두 {number}입니다.")


@pytest.mark.parametrize("formula", ["x = 576", r"\approx 7.96", "4096 C", r"72\%"])
def test_typed_results_in_formulas_are_found(formula):
    assert typed.in_formula(formula)


@pytest.mark.parametrize("formula", ["25C^2", r"2 \times 9C^2 = 18C^2", "k = 3", "2C"])
def test_formulas_of_symbols_are_free(formula):
    assert not typed.in_formula(formula)


def test_running_statistics_and_missing_biases(calls):
    """ResNet-50's batch norms follow its convolutions: two values for each filter."""
    english = calls["en"]
    filters = 64 + sum(
        blocks * (2 * width + 4 * width) + 4 * width
        for blocks, width in ((3, 64), (4, 128), (6, 256), (3, 512))
    )
    assert english.biases("resnet50").number == filters
    assert english.running("resnet50").number == 2 * filters
    assert english.biases("vgg16").number == english.running("vgg16").number == 0


def test_counts_that_agree_leave_nothing(calls):
    english = calls["en"]
    left = english.closes(english.params("vgg16"), english.quote("vgg16.keras.params"))
    assert (left.number, left.shown()) == (0, "0")
    with pytest.raises(CallError, match="differ by -5,309,696"):
        english.closes(english.params("vgg16"), english.params("vgg19"))


def test_no_quoted_figure_has_two_entries():
    """YAML would take the last one without a word."""
    lines = QUOTED.read_text(encoding="utf-8").splitlines()
    names = [line.split(":")[0] for line in lines if line[:2] == "  " != line[2:4]]
    assert len(names) > 50
    assert {name for name in names if names.count(name) > 1} == set()
