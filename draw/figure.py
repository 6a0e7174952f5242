"""Pictures with their captions, counts and tables, as HTML."""

import re
from collections.abc import Callable
from html import escape

from draw import numbers, picture, table
from draw.graph import Node
from draw.scene import Scene
from draw.words import word


def named(*parts: str) -> str:
    """A figure's id, from what it shows."""
    words = "-".join(filter(None, parts)).lower()
    return "figure-" + re.sub(r"[^a-z0-9]+", "-", words)


def network(
    scene: Scene,
    language: str,
    *,
    name: str,
    caption: str,
    identity: str,
    block_at: Callable[[Node], str] = lambda node: "",
    legend: str = "",
) -> str:
    """A network or a part of it; its boxes lead to a block's picture or to its table.

    `identity` is the figure's id; `block_at` gives the address of a box's own picture.
    """
    links = {
        number: block_at(node) or f"#{table.row(identity, number)}"
        for number, node in enumerate(scene.nodes)
    }
    drawing = picture.svg(scene, language, name=name, links=links)
    behind = table.boxes(scene, language, caption=name, identity=identity)
    return figure(framed(drawing, name), [behind], caption, language, identity, legend)


def pair(
    sides: list[dict], language: str, *, caption: str, identity: str, legend: str = ""
) -> str:
    """A block without and with the trick, drawn at one scale, with both counts.

    Each side has its `scene`, a `label` for the reader, and `of`, the code it is.
    """
    longest = max(side["scene"].largest() for side in sides)
    drawn, behind = [], []
    for side, place in zip(sides, ("without", "with"), strict=True):
        scene, label = side["scene"], side["label"]
        mine = f"{identity}-{place}"
        links = {
            number: f"#{table.row(mine, number)}" for number in range(len(scene.nodes))
        }
        drawing = picture.svg(scene, language, name=label, longest=longest, links=links)
        count = numbers.data(scene.total, f"{scene.total:,}", side["of"])
        unit = word("parameters", language)
        drawn.append(
            f'<div class="pair__side"><p class="pair__label">{escape(label)}'
            f"</p>{framed(drawing, label)}"
            f'<p class="pair__count">{count} <small>{unit}</small></p></div>'
        )
        behind.append(table.boxes(scene, language, caption=label, identity=mine))
    without, with_ = (side["scene"].total for side in sides)
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
    inside = f'<div class="pair">{"".join(drawn)}</div>{ratio}'
    return figure(inside, behind, caption, language, identity, legend)


def framed(drawing: str, name: str) -> str:
    """A frame that scrolls by itself when the page is narrower than the picture."""
    return (
        f'<div class="diagram__frame" tabindex="0" role="group" '
        f'aria-label="{escape(name)}">{drawing}</div>'
    )


def figure(
    inside: str,
    behind: list[str],
    caption: str,
    language: str,
    identity: str,
    legend: str,
) -> str:
    return (
        f'<figure class="diagram" id="{identity}">{inside}'
        f"<figcaption>{caption}</figcaption>"
        f'<details class="diagram__table"><summary>{word("in words", language)}'
        f"</summary>{''.join(behind)}</details>{legend}</figure>"
    )


def legend(language: str, gallery: str = "") -> str:
    """The scale of strength, once a page; `gallery` is where pictures are explained."""
    more = f'<a href="{escape(gallery)}">{word("gallery", language)}</a>'
    return (
        f'<aside class="legend" aria-label="{word("legend", language)}">'
        f'<p class="scale">{scale()}</p>'
        f"<p>{word('strength', language)} {word('bar', language)}"
        f"{f' {more}' if gallery else ''}</p></aside>"
    )


def scale() -> str:
    names = ["0", "1+", *(f"{least:,}+" for least in picture.LEVELS[1:])]
    return "".join(
        f'<span class="scale__step strength-{number}">{name}</span>'
        for number, name in enumerate(names)
    )
