"""LaTeX to MathML while the site is built; the reader needs no script."""

import re
from html import unescape
from xml.etree import ElementTree

import latex2mathml.converter
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

LONG = re.compile(r"<mn>(\d{4,})</mn>")
WRAPPED = re.compile(r"^\s*\\([(\[])(.*)\\[)\]]\s*$", re.DOTALL)
ESCAPED = re.compile(r"\\[{}]")
ARGUMENTS = {"mfrac": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2}
UNKNOWN = re.compile(r"<m(?:i|text)>\\+(\w+)</m(?:i|text)>")
SIGNS = {
    "times": "×",
    "cdot": "·",
    "div": "÷",
    "gamma": "γ",
    "beta": "β",
    "leftarrow": "←",
    "rightarrow": "→",
    "left": "",
    "right": "",
    "quad": " ",
    "qquad": " ",
}
SPOKEN = (
    (r"\\(?:mathrm|text)\{([^{}]*)\}", r"\1"),
    (r"([_^])\{([^{}]*)\}", r"\1\2"),
    (r"\\sqrt\{([^{}]*)\}", r"√\1"),
    (r"\\frac\{([^{}]*)\}\{([^{}]*)\}", lambda found: fraction(*found.groups())),
    (r"\\(\w+)", lambda found: SIGNS.get(found[1], found[0])),
    (r"\b\d{4,}\b", lambda found: f"{int(found[0]):,}"),
    (r"\^([23])(?!\d)", lambda found: "²³"[int(found[1]) - 2]),
    (r"\s+", " "),
)


class FormulaError(Exception):
    """A formula that cannot be converted."""


def mathml(latex: str, display: str = "inline") -> str:
    """MathML for a formula; numbers of four digits and more get their commas."""
    try:
        math = latex2mathml.converter.convert(latex, display=display)
    except Exception as error:
        said = type(error).__name__ + (f": {error}" if str(error) else "")
        raise FormulaError(f"the formula '{latex.strip()}' is wrong: {said}") from error
    if fault := let_pass(latex, math):
        raise FormulaError(f"the formula '{latex.strip()}' {fault}")
    return LONG.sub(lambda found: f"<mn>{int(found[1]):,}</mn>", math)


def plain(latex: str) -> str:
    """A formula as a line of text, where no MathML can be: in what search shows."""
    for pattern, instead in SPOKEN:
        latex = re.sub(pattern, instead, latex)
    return "…" if "\\" in latex else latex.strip()


def fraction(*parts: str) -> str:
    """9/16 in brackets, and in brackets of its own each part that is a sum."""
    return f"({'/'.join(f'({p})' if re.search('[-+]', p) else p for p in parts)})"


def let_pass(latex: str, math: str) -> str:
    """What is wrong with a formula that latex2mathml converts all the same."""
    if unknown := UNKNOWN.search(math):
        return f"has an unknown command \\{unknown[1]}"
    braces = ESCAPED.sub("", latex)
    if braces.count("{") != braces.count("}"):
        return "has braces that do not match"
    for element in ElementTree.fromstring(math).iter():
        tag = element.tag.rpartition("}")[2]
        if len(element) < ARGUMENTS.get(tag, 0):
            return f"lacks a part ({tag})"
    return ""


class Formulas(Extension):
    """Takes what pymdownx.arithmatex (generic) finds and keeps it as MathML."""

    def __init__(self, page):
        super().__init__()
        self.page = page

    def extendMarkdown(self, md):
        md.treeprocessors.register(Converter(md, self.page), "formulas", 15)


class Converter(Treeprocessor):
    def __init__(self, md, page):
        super().__init__(md)
        self.page = page

    def run(self, root: ElementTree.Element) -> None:
        for element in root.iter():
            if element.get("class") != "arithmatex":
                continue
            found = WRAPPED.match(element.text or "")
            display = "block" if found[1] == "[" else "inline"
            try:
                math = mathml(unescape(found[2]), display)
            except FormulaError as error:
                latex = unescape(found[2]).strip()
                line = self.page.line_of(f"${latex}$", latex)
                self.page.fault(line, str(error))
                continue
            kept = self.page.insert(math, "span", plain(unescape(found[2])))
            element.text = AtomicString(self.md.htmlStash.store(kept))
