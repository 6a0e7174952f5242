"""`python -m measure`: a reader measures a network of their own."""

import csv
import io
import json

import pytest
from lxml import etree

from measure import __main__ as command
from measure.report import FORMATS

NETWORK = """
from torch import nn

print("a script may print")


class Net(nn.Module):
    def __init__(self, width=8):
        super().__init__()
        self.conv = nn.Conv2d(3, width, 3, padding=1)
        self.head = nn.Linear(width, 10)

    def forward(self, images):
        return self.head(self.conv(images).mean((2, 3)))


small = Net()
number = 3


def build_wide():
    return Net(16)
"""
PARAMS = (3 * 3 * 3 * 8 + 8) + (8 * 10 + 10)
MACS = 32 * 32 * 3 * 3 * 3 * 8 + 8 * 10


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "my_network.py"
    path.write_text(NETWORK, encoding="utf-8")
    return path


def run(capsys, *arguments: str) -> str:
    command.main([*map(str, arguments), "--input", "1,3,32,32"])
    return capsys.readouterr().out


def test_the_table(file, capsys):
    shown = run(capsys, f"{file}:small")
    conv = next(line for line in shown.splitlines() if line.startswith("conv"))
    assert conv.split() == [
        "conv",
        "Conv2d",
        "1x8x32x32",
        "224",
        "71.34",
        f"{32 * 32 * 216:,}",
        f"{4 * 8 * 32 * 32:,}",
        "3x3",
    ]
    assert f"{PARAMS:,}" in shown
    assert f"{2 * MACS:,}" in shown
    assert "script may print" not in shown


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_has_the_same_totals(file, capsys, form):
    shown = run(capsys, f"{file}:small", "--format", form)
    if form == "json":
        measured = json.loads(shown)
        assert (measured["params"], measured["macs"]) == (PARAMS, MACS)
    elif form == "csv":
        table = list(csv.DictReader(io.StringIO(shown)))
        assert sum(int(row["parameters"]) for row in table) == PARAMS
        assert sum(int(row["MACs"]) for row in table) == MACS
    else:
        assert f"{PARAMS:,}" in shown
        assert f"{MACS:,}" in shown


def test_a_function_is_called(file, capsys):
    shown = run(capsys, f"{file}:build_wide", "--format", "json")
    assert json.loads(shown)["modules"]["conv"]["params"] == 3 * 3 * 3 * 16 + 16


@pytest.mark.parametrize(("language", "word"), [("ko", "합성곱"), ("en", "conv")])
def test_the_picture_stands_alone(file, capsys, tmp_path, language, word):
    picture = tmp_path / "picture.svg"
    run(capsys, f"{file}:small", "--svg", picture, "--language", language)
    tree = etree.parse(picture).getroot()
    assert tree.tag == "{http://www.w3.org/2000/svg}svg"
    text = picture.read_text(encoding="utf-8")
    assert word in text
    assert "prefers-color-scheme: dark" in text
    for name in ("--strength-6", "--bar", "--line"):
        assert text.count(f"{name}:") == 2, "a light and a dark colour"


@pytest.mark.parametrize(
    ("target", "shape", "said"),
    [
        ("nothing.py:net", "1,3,8,8", "there is no file"),
        ("{file}:smal", "1,3,8,8", "did you mean small"),
        ("{file}:number", "1,3,8,8", "is no network, but a int"),
        ("{file}:small", "1,4,8,8", "does not take"),
    ],
)
def test_what_cannot_be_measured_is_said_in_a_line(file, target, shape, said):
    with pytest.raises(SystemExit) as stopped:
        command.main([target.format(file=file), "--input", shape])
    assert said in str(stopped.value)
    assert len(str(stopped.value).splitlines()) == 1


def test_a_wrong_shape_is_said(file, capsys):
    with pytest.raises(SystemExit):
        command.main([f"{file}:small", "--input", "1,x"])
    assert "invalid shape value: '1,x'" in capsys.readouterr().err
