"""The picture of a page that others show beside a link to it: 1200 × 630 pixels."""

import functools
import io
import shutil
import subprocess

import graphviz
from PIL import Image, ImageDraw, ImageFont

from draw.picture import FONT, DrawError, level
from draw.scene import Scene
from draw.words import word

SIZE = (1200, 630)
MARGIN = 64
PAPER, INK, FAINT = "#ffffff", "#15172b", "#565b78"
FILLS = ("#ffffff", "#f1f2fc", "#e0e3f8", "#c7cdf2", "#a5afe9", "#5158bd", "#24267a")
DPI = 96


def png(
    title: str, description: str, site: str, scenes: list[Scene], language: str
) -> bytes:
    """The title and the first words of a page, above its networks in outline."""
    card = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(card)
    draw.rectangle((0, 0, SIZE[0], 12), fill=FILLS[-1])
    room = SIZE[0] - 2 * MARGIN
    low = written(draw, 52, [site], 30, FAINT)
    low = written(draw, low + 14, lines(title, 58, True, room)[:2], 58, INK, True)
    low = written(draw, low + 10, lines(description, 28, False, room)[:3], 28, FAINT)
    low += 20
    free = (SIZE[1] - 36 - low) // max(len(scenes), 1)
    for scene in scenes:
        count = f"{word('parameters', language)} {scene.total:,}"
        said = font(26, True).getlength(count)
        drawn = outline(scene, round(room - said - 32), min(free - 16, 250))
        card.paste(drawn, (MARGIN, low + (free - drawn.height) // 2), drawn)
        place = (SIZE[0] - MARGIN - said, low + free // 2 - 20)
        draw.text(place, count, FILLS[-1], font(26, True))
        low += free
    kept = io.BytesIO()
    card.quantize(64).save(kept, "PNG", optimize=True)
    return kept.getvalue()


def written(
    draw, top: int, texts: list[str], size: int, colour: str, bold: bool = False
) -> int:
    """Write lines one under the other; gives where the last one ends."""
    for text in texts:
        draw.text((MARGIN, top), text, colour, font(size, bold))
        top += round(1.3 * size)
    return top


def lines(text: str, size: int, bold: bool, room: int) -> list[str]:
    """A text in lines that fit, broken between words."""
    found = [""]
    for piece in text.split():
        longer = f"{found[-1]} {piece}".strip()
        if font(size, bold).getlength(longer) > room and found[-1]:
            found.append(piece)
        else:
            found[-1] = longer
    return found


@functools.cache
def font(size: int, bold: bool) -> ImageFont.FreeTypeFont:
    """The font that has Hangul, as fontconfig finds it."""
    if not (asked := shutil.which("fc-match")):
        raise DrawError("fontconfig (`fc-match`) is not installed: run `make setup`")
    name = f"{FONT}:lang=ko" + (":bold" if bold else "")
    ran = subprocess.run(
        [asked, "-f", "%{file}\n%{index}", name], capture_output=True, text=True
    )
    file, index = ran.stdout.split("\n")
    return ImageFont.truetype(file, size, index=int(index))


def outline(scene: Scene, width: int, height: int) -> Image.Image:
    """A network's boxes without words: higher and darker ones hold more parameters."""
    graph = graphviz.Digraph()
    graph.attr(rankdir="LR", nodesep="0.12", ranksep="0.2", margin="0")
    graph.attr(bgcolor="transparent", dpi=str(DPI), ordering="out")
    graph.attr(size=f"{width / DPI:.3f},{height / DPI:.3f}!")
    graph.attr("node", shape="box", style="filled,rounded", label="", color=FILLS[-1])
    graph.attr("edge", arrowsize="0.5", color=FAINT)
    for number, node in enumerate(scene.nodes):
        strength = level(node.params // node.lanes)
        for lane in range(node.lanes):
            graph.node(
                f"n{number}.{lane}",
                width="0.34",
                height=f"{0.28 + 0.2 * strength:.2f}",
                fillcolor=FILLS[strength],
            )
        for source in node.inputs:
            skip = source in node.skips
            for lane in range(max(node.lanes, scene.nodes[source].lanes)):
                graph.edge(
                    f"n{source}.{min(lane, scene.nodes[source].lanes - 1)}",
                    f"n{number}.{min(lane, node.lanes - 1)}",
                    weight="0" if skip else "1",
                )
    made = graph.pipe(format="png", quiet=True)
    return Image.open(io.BytesIO(made)).convert("RGBA")
