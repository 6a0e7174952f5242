"""{{ calculator() }}: a form that counts with the reader's numbers.

It begins with networks and blocks that the pages show, so that its first answers are
measured ones. theme/javascripts/counting.js computes, calculator.js joins the two.
"""

import functools
import json
import re
from collections.abc import Callable
from html import escape
from pathlib import Path

import yaml

from markup.facts import Facts
from markup.formulas import mathml

FILE = Path(__file__).with_suffix(".yml")
FORMULA = re.compile(r"\$([^$]+)\$")
SIZES = ("maps", "kernel", "stride", "padding", "dilation")  # height × width
TICKS = ("bias", "norm")
LEAST = {"padding": 0}  # of the others 1


@functools.cache
def words() -> dict:
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def convolutions(facts: Facts, name: str, file: str | None = None) -> list[dict]:
    layers = facts.network(name, file).measured["layers"]
    return [layer for layer in layers if layer["kind"] == "Conv2d"]


def layer(facts: Facts) -> dict:
    name, file = "layer", "tricks/one_layer.py"
    (conv,) = convolutions(facts, name, file)
    kinds = [x["kind"] for x in facts.network(name, file).measured["layers"]]
    settings = ("out", "kernel", "stride", "padding", "dilation", "groups", "bias")
    return (
        {"in": conv["in"], "maps": arriving(conv)}
        | {name: conv[name] for name in settings}
        | {"norm": "BatchNorm2d" in kinds}
    )


def stacked(facts: Facts) -> dict:
    one, two = convolutions(facts, "two_3x3", "tricks/stacked_3x3.py")
    ends = {"in": one["in"], "middle": one["out"], "out": two["out"]}
    return ends | {"maps": arriving(one)}


def reduced(facts: Facts) -> dict:
    one, two = convolutions(facts, "reduced", "tricks/reduction_1x1.py")
    ends = {"in": one["in"], "left": one["out"], "out": two["out"]}
    return ends | {"kernel": two["kernel"], "maps": arriving(one)}


def separable(facts: Facts) -> dict:
    one, two = (
        conv
        for conv in convolutions(facts, "mobilenet_v1")
        if conv["path"].startswith("features.7.")
    )
    ends = {"in": one["in"], "out": two["out"]}
    return ends | {"kernel": one["kernel"], "maps": arriving(one)}


def head(facts: Facts) -> dict:
    network = facts.network("averages", "tricks/average_before_dense.py")
    pool, *_, dense = network.measured["layers"][1:]
    channels = pool["arriving"][0][1]
    return {"in": channels, "maps": arriving(pool), "classes": dense["out"]}


def arriving(layer: dict) -> list[int]:
    """Height and width of the maps that a layer takes."""
    return layer["arriving"][0][2:]


# What each mode begins with, and the signs of its fields in the rule of the mode.
MODES: dict[str, tuple[Callable[[Facts], dict], dict[str, str]]] = {
    "layer": (layer, {}),
    "stacked": (stacked, {"in": "a", "middle": "m", "out": "b"}),
    "reduced": (reduced, {"in": "a", "left": "r", "out": "b"}),
    "separable": (separable, {"in": "a", "out": "b"}),
    "head": (head, {"in": "C", "maps": "h × w", "classes": "K"}),
}
LIMITED = {"stacked": "m", "reduced": "r", "separable": "b", "head": "hw"}


def calculator(page) -> str:
    def said(name: str) -> str:
        return escape(words()["form"][name][page.language])

    modes = [mode(name, page) for name in MODES]
    spoken = {
        kind: {name: text[page.language] for name, text in words()[kind].items()}
        for kind in ("answers", "faults")
    }
    return (
        f'<div class="calculator"><p class="calculator__absent">{said("absent")}</p>'
        f'<form aria-label="{said("calculator")}" autocomplete="off" hidden '
        f'data-words="{escape(json.dumps(spoken, ensure_ascii=False))}">'
        f"<fieldset><legend>{said('what')}</legend>{choices(page)}</fieldset>"
        f"{''.join(modes)}"
        '<output class="calculator__told" aria-live="polite"></output>'
        '<div class="calculator__answer"></div>'
        f'<p class="calculator__actions"><button type="button" class="md-button">'
        f"{said('copy')}</button>"
        f'<button type="reset" class="md-button">{said("reset")}</button>'
        '<span role="status"></span></p>'
        f'<p class="calculator__link" hidden><label for="calculator-link">'
        f'{said("link")}</label><input id="calculator-link" readonly></p>'
        "</form></div>"
    )


def choices(page) -> str:
    buttons = []
    for name in MODES:
        checked = " checked" if not buttons else ""
        text = escape(words()["modes"][name][page.language])
        buttons.append(
            f'<label><input type="radio" name="count" value="{name}"{checked}> '
            f"{text}</label>"
        )
    return "".join(buttons)


def mode(name: str, page) -> str:
    begin, signs = MODES[name]
    settings = begin(page.facts)
    legend = escape(words()["modes"][name][page.language])
    data = rule = ""
    if name in words()["designs"]:
        design = {k: v[page.language] for k, v in words()["designs"][name].items()}
        shown = FORMULA.sub(lambda found: mathml(found[1]), design["rule"])
        rule = f'<p class="calculator__rule">{shown}</p>'
        data = (
            f' data-one="{design["one"]}" data-other="{design["other"]}" '
            f'data-sign="{LIMITED[name]}"'
        )
    fields = (
        field(name, setting, value, signs.get(setting, ""), page)
        for setting, value in settings.items()
    )
    sizes = escape(words()["form"]["sizes"][page.language])
    return (
        f'<fieldset class="calculator__mode" name="{name}" hidden disabled{data}>'
        f"<legend>{legend}</legend>{rule}"
        f'<p class="calculator__hint" id="{name}-sizes">{sizes}</p>'
        f'<div class="calculator__fields">{"".join(fields)}</div></fieldset>'
    )


def field(mode: str, name: str, value, sign: str, page) -> str:
    """A label and its input; below it stands what is wrong with what was typed."""
    identity = f"{mode}-{name}"
    text = escape(words()["fields"][name][page.language])
    label = f'<label for="{identity}">{text}{f" <var>{sign}</var>" if sign else ""}'
    if name in TICKS:
        checked = " checked" if value else ""
        box = f'<input type="checkbox" id="{identity}" name="{name}"{checked}>'
        return f'<div class="calculator__tick">{box} {label}</label></div>'
    kind, hint = ("size", f"{mode}-sizes ") if name in SIZES else ("number", "")
    digits = ' inputmode="numeric"' if kind == "number" else ""
    return (
        f'<div class="calculator__field">{label}</label>'
        f'<input id="{identity}" name="{name}" value="{written(value)}" '
        f'data-kind="{kind}" data-least="{LEAST.get(name, 1)}"{digits} '
        f'spellcheck="false" aria-describedby="{hint}{identity}-fault">'
        f'<p class="calculator__fault" id="{identity}-fault"></p></div>'
    )


def written(value: int | list[int]) -> str:
    """A size as one number, if height and width are the same."""
    if isinstance(value, int):
        return str(value)
    height, width = value
    return str(height) if height == width else f"{height}x{width}"
