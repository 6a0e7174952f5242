"""How a number is written, in Korean and in English."""

import re
from decimal import Decimal
from fractions import Fraction
from html import escape

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
Value = int | float | Fraction


def exact(value: Value, digits: int = 2) -> str:
    """138,357,544; a number that is not whole is rounded to `digits` decimals."""
    if value == int(value):
        return f"{int(value):,}"
    return f"{float(value):,.{digits}f}"


def about(value: Value, language: str) -> str:
    """A number for running text: 1억 3,836만, or 138.4 M."""
    size = abs(value)
    if language == "ko":
        ten_thousands = round(value / 10**4)
        if size >= 1e10:
            return f"{round(value / 10**8):,}억"
        if abs(ten_thousands) >= 10**4:
            hundred_millions, rest = divmod(ten_thousands, 10**4)
            return f"{hundred_millions:,}억" + (f" {rest:,}만" if rest else "")
        if size >= 1e6:
            return f"{ten_thousands:,}만"
        if size >= 1e4:
            return f"{float(value) / 10**4:.1f}".removesuffix(".0") + "만"
        return exact(value)
    for unit, name in ((10**9, "G"), (10**6, "M"), (10**3, "K")):
        if round(size / unit, 1) >= 1:
            return f"{float(value) / unit:,.1f}".removesuffix(".0") + f" {name}"
    return exact(value)


def powered(text: str) -> str:
    """1.7e-22 as 1.7 × 10⁻²²."""
    return re.sub(
        r"e([+-]?)0*(\d+)",
        lambda found: (
            " × 10" + f"{found[1]}{found[2]}".replace("+", "").translate(RAISED)
        ),
        text,
    )


def percent(value: Value, digits: int = 1) -> str:
    """A share of one as 89.4 %; one too small for that keeps one digit: 0.0009 %."""
    number = float(value) * 100
    text = f"{number:.{digits}f}"
    if number and not float(text):
        text = f"{Decimal(f'{number:.1g}'):f}"
    return f"{text} %"


def times(value: Value, language: str, digits: int = 2) -> str:
    """A ratio as 2.26배 or 2.26 times."""
    number = f"{float(value):,.{digits}f}"
    return f"{number}배" if language == "ko" else f"{number} times"


def shape(sizes: list[int]) -> str:
    """An output shape without its batch: 256 × 6 × 6."""
    return " × ".join(f"{size:,}" for size in sizes[1:])


def origin(kind: str, where: str = "", how: str = "") -> str:
    """Where a number is from: measured, printed, quoted or calc; a file or source; how.

    One text, since it travels through Markdown as an attribute (where `|` would end a
    table's cell).
    """
    return f"{kind};{where};{how}"


def parts(origin: str) -> tuple[str, str, str]:
    kind, where, how = origin.split(";", 2)
    return kind, where, how


def data(value: Value, text: str, of: str = "") -> str:
    """A number as HTML: the machine reads `value`; `of` is its origin."""
    plain = int(value) if value == int(value) else round(float(value), 6)
    source = f' data-of="{escape(of)}"' if of else ""
    return f'<data value="{plain}"{source}>{escape(text)}</data>'
