"""`make mutate` finds what can be changed, and names what no test notices."""

import sys

import pytest
import yaml

import cache
from tools.mutants import Finder, files, mutants

EQUIVALENT = yaml.safe_load(
    (cache.ROOT / "tests" / "equivalent_mutants.yml").read_text(encoding="utf-8")
)


def changed(source: str, numbers: bool = True) -> list[str]:
    """Every mutant of a source, in order."""
    made = sorted(Finder(source.encode(), numbers).changes())
    return [
        (source.encode()[:start] + new.encode() + source.encode()[end:]).decode()
        for start, end, new in made
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("conv(3, padding=1)", ["conv(4, padding=1)", "conv(3, padding=2)"]),
        ("conv(a, bias=False)", ["conv(a, bias=True)"]),
        ("conv(bias=not norm)", ["conv(bias=norm)"]),
        ("kernel // 2 # 한", ["kernel * 2 # 한", "kernel // 3 # 한"]),
        ("'한', a - b", ["'한', a + b"]),
        ("a\\\n  * b", ["a\\\n  + b"]),
        ("(a) / (b)", ["(a) * (b)"]),
        ("a += b", ["a -= b"]),
        ("a and b and c", ["a or b and c", "a and b or c"]),
        ("a < b <= c", ["a <= b <= c", "a < b < c"]),
        ("a is not None", ["a is None"]),
        ("a not in b", ["a in b"]),
        ("{32: a}[stride]", ["{33: a}[stride]"]),
        ("maps[:, k + 1 :]", ["maps[:, k - 1 :]", "maps[:, k + 2 :]"]),
    ],
)
def test_a_size_becomes_another_and_an_operator_its_opposite(source, expected):
    assert changed(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "INPUT = (1, 3, 8 * 28, 224)",
        "INPUTS = {'large': (1, 3, 299, 299)}",
        "assert made == 3 * 3",
        "raise ValueError(f'not {a + 1}', 2 * 2)",
        "zip(a, b, strict=True)",
        "torch.manual_seed(0)",
        "maps.shape[2:], sizes[0], sizes[-1]",
        "def f(a: tuple[int, ...], p: float = 0.5) -> int | None: ...",
    ],
)
def test_what_belongs_to_no_network_stays(source):
    assert changed(source) == []


def test_of_an_experiment_only_operators_change():
    assert changed("train(rate * 2, seed=0)", numbers=False) == [
        "train(rate + 2, seed=0)"
    ]


def test_mutants_are_named_by_their_lines_so_that_others_may_move():
    found = [mutant for path in files() for mutant in mutants(path)]
    names = {mutant.name for mutant in found}
    assert len(names) == len(found) > 1000
    line = "self.conv2 = ConvBlock(64, 64, 1): 64 -> 65"
    assert {f"models/googlenet.py: {line}", f"models/googlenet.py: {line} (2)"} <= names
    gone = EQUIVALENT.keys() - names
    assert not gone, f"no longer in snippets/: {gone}"
    assert all(len(reason) > 20 for reason in EQUIVALENT.values())


def mutate(copy, *options: str):
    return copy.run(sys.executable, "-m", "tools.mutate", *options)


def test_a_sample_is_noticed(copy):
    """`make mutate` takes minutes; this one trusts that tests pass without a mutant."""
    ran = mutate(copy, "--passed", "--workers=1", "--count=5")
    assert ran.returncode == 0, ran.stdout
    assert "5 mutants" in ran.stdout


PLANTED = """\
from torch import nn

conv = nn.Conv2d(3, 8, 1, padding=0)
print(f"weights: {sum(p.numel() for p in conv.parameters())}")
"""


def test_what_no_test_notices_is_named(copy):
    """In a copy with a trick that prints the weights, but not the size of the map."""
    trick = copy.path("snippets/tricks/planted.py")
    trick.write_text(PLANTED, encoding="utf-8")
    trick.with_suffix(".out").write_text("weights: 32\n", encoding="utf-8")
    listed = "tricks/planted.py: conv = nn.Conv2d(3, 8, 1, padding=0): 8 -> 9"
    reasons = yaml.safe_dump({listed: "No reason: a test does notice it."})
    copy.path("tests/equivalent_mutants.yml").write_text(reasons, encoding="utf-8")
    ran = mutate(copy, "--workers=1", "tricks/planted.py")
    assert ran.returncode != 0
    told = [line for line in ran.stdout.splitlines() if "noticed: " in line]
    line = "tricks/planted.py: conv = nn.Conv2d(3, 8, 1, padding=0)"
    assert told == [f"not noticed: {line}: 0 -> 1"]
    assert f"noticed though listed: {listed}" in ran.stdout
    assert "1 not noticed, 2 noticed, 1 noticed though listed" in ran.stdout
