"""Pictures with their captions and counts, as HTML."""

from html import escape

from draw import numbers, picture
from draw.graph import fold
from draw.words import word


def network(measured: dict, language: str, *, name: str, caption: str) -> str:
    """A whole network as one strip, runs of like layers as one box."""
    drawing = picture.svg(measured, language, name=name, repeats=True)
    return figure(framed(drawing, name), caption, language)


def pair(sides: list[dict], language: str, *, caption: str) -> str:
    """A block without and with the trick, drawn at one scale, with both counts.

    Each side has `measured`, a `label` for the reader, and `of`, the code it is.
    """
    longest = max(picture.largest(fold(side["measured"])) for side in sides)
    drawn = []
    for side in sides:
        measured = side["measured"]
        drawing = picture.svg(
            measured, language, name=side["label"], repeats=False, longest=longest
        )
        count = numbers.data(measured["params"], f"{measured['params']:,}", side["of"])
        unit = word("parameters", language)
        drawn.append(
            f'<div class="pair__side"><p class="pair__label">{escape(side["label"])}'
            f"</p>{framed(drawing, side['label'])}"
            f'<p class="pair__count">{count} <small>{unit}</small></p></div>'
        )
    without, with_ = (side["measured"]["params"] for side in sides)
    ratio = numbers.data(
        with_ / without,
        numbers.percent(with_ / without)
        if with_ <= without
        else numbers.times(with_ / without, language, 1),
        numbers.origin(
            "calc",
            numbers.parts(sides[1]["of"])[1],
            f"{with_:,} ÷ {without:,}",
        ),
    )
    ratio = f'<p class="pair__ratio">{word("ratio", language, ratio)}</p>'
    return figure(f'<div class="pair">{"".join(drawn)}</div>{ratio}', caption, language)


def framed(drawing: str, name: str) -> str:
    """A frame that scrolls by itself when the page is narrower than the picture."""
    return (
        f'<div class="diagram__frame" tabindex="0" role="group" '
        f'aria-label="{escape(name)}">{drawing}</div>'
    )


def figure(inside: str, caption: str, language: str) -> str:
    legend = (
        f'<details class="diagram__legend"><summary>{word("legend", language)}'
        f'</summary><p class="scale" aria-hidden="true">{scale()}</p>'
        f"<p>{word('strength', language)} {word('bar', language)}</p></details>"
    )
    return (
        f'<figure class="diagram">{inside}'
        f"<figcaption>{caption}{legend}</figcaption></figure>"
    )


def scale() -> str:
    names = ["0", "1+", *(f"{least:,}+" for least in picture.LEVELS[1:])]
    return "".join(
        f'<span class="scale__step strength-{number}">{name}</span>'
        for number, name in enumerate(names)
    )
