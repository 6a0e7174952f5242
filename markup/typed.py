"""Finds measured numbers that somebody typed by hand."""

import re

# ASCII, since a Korean particle or counter follows a number without a space
YEAR = re.compile(r"19[4-9]\d|20[0-3]\d")
START = r"(?<![\w.,])(?<![A-Za-z]-)"  # not inside a name: VGG16, ImageNet-1K
NUMBER = START + r"\d+(?:,\d{3})*(?:\.\d+)?"
LARGE = re.compile(
    START + r"(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?:[ _]\d{3}){2,}|\d{4,}|\d[\d.]*e\d+)"
    r"(?!\w)(?:\.\d+)?",
    re.ASCII,
)
UNIT = re.compile(
    r"(?<!×)"
    + NUMBER
    + r"\s?(?:[KMGBT]\b|[KMGT]i?B\b|[KMGT]?(?:FLOP|MAC)s?\b|[kmbtr]illion"
    r"|thousand|백만|천만|천|만|억|조|%|percent|퍼센트)",
    re.ASCII,
)
RATIO = re.compile(
    NUMBER
    + r"(?:\s?배(?!치)|[\s-]?times\b|\s?-?fold\b|\s?×(?!\s?\d)|x(?!\w))"
    + r"|(?<![\w.])\d+\s?[:/]\s?\d+(?!\w)|×\s?\d+\.\d+",
    re.ASCII,
)
RESULT = re.compile(r"(?:=|\\approx|\\simeq)\s*(\d{3,}|\d+\.\d+)", re.ASCII)
IN_FORMULA = re.compile(r"(?<![\w.])\d{1,3}(?:\{?,\}?\d{3})+|\d{4,}|\d\s*\\%", re.ASCII)


def in_prose(text: str) -> list[str]:
    """Typed numbers of four digits or more, with a unit of size, or as a ratio."""
    large = [
        found.group()
        for found in LARGE.finditer(text)
        if not YEAR.fullmatch(found.group())
    ]
    return large + [
        found.group() for rule in (UNIT, RATIO) for found in rule.finditer(text)
    ]


def in_formula(text: str) -> list[str]:
    """Typed results, and numbers of four digits or more."""
    return [
        found.group() for rule in (IN_FORMULA, RESULT) for found in rule.finditer(text)
    ]
