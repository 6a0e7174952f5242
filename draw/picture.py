"""Nodes in, an SVG picture out, drawn by Graphviz and coloured by the page's CSS."""

import functools
import math
import shutil
import subprocess
from html import escape
from pathlib import Path

import graphviz
from lxml import etree

import cache
from draw import numbers
from draw.graph import Node, fold, windowed
from draw.words import word

FONT = "Noto Sans CJK KR"
LEVELS = (1, 10**3, 10**4, 10**5, 10**6, 10**7)
BAR = 96.0
SVG = "{http://www.w3.org/2000/svg}"


class DrawError(Exception):
    """Graphviz is missing, or refuses a picture."""


def level(params: float) -> int:
    """Strength of a box: 0 for none, then one step for every factor of ten."""
    return sum(params >= least for least in LEVELS)


def title(node: Node, language: str) -> str:
    name = node.kind
    name = word(name, language) if name in NAMED else name
    name = windowed(name, node.settings)
    if node.repeats > 1:
        name += f" ×{node.repeats}"
    return name


NAMED = {"input", "conv", "dense", "max pool", "average pool", "norm", "add", "concat"}


def source(nodes: list[Node], total: int, language: str) -> str:
    """The picture as a DOT graph."""
    graph = graphviz.Digraph()
    graph.attr(rankdir="TB", nodesep="0.22", ranksep="0.30", margin="0.02")
    graph.attr("node", fontname=FONT, fontsize="12", shape="box", style="rounded")
    graph.attr("node", margin="0.14,0.08")
    graph.attr("edge", fontname=FONT, fontsize="10.5", arrowsize="0.6")
    for number, node in enumerate(nodes):
        share = node.params // node.lanes
        for lane in range(node.lanes):
            lines = [f"<B>{escape(title(node, language))}</B>"]
            if node.lanes > 1 and node.kind == "conv":
                lines.append(word("group of", language, lane + 1, node.lanes))
            if share:
                part = f" · {numbers.percent(share / total)}" if total > share else ""
                lines.append(f"{share:,}{part}")
                lines.append('<FONT POINT-SIZE="5"> </FONT>')
            slim = {} if share else {"margin": "0.12,0.03"}
            graph.node(
                f"n{number}.{lane}",
                label="<" + "<BR/>".join(lines) + ">",
                id=f"n{number}.{lane}",
                **{"class": f"strength-{level(share)}"},
                width=f"{(BAR + 16) / 72:.3f}" if share else "0.5",
                height="0.2",
                **slim,
            )
        for number_before in node.inputs:
            before = nodes[number_before]
            for tail, head in joined(before.lanes, node.lanes):
                sizes = before.shape[1:]
                grouped = node.lanes if node.kind == "conv" else 1
                channels = sizes[0] // max(before.lanes, grouped)
                shape = [channels, *sizes[1:]]
                label = "×".join(f"{size:,}" for size in shape)
                graph.edge(
                    f"n{number_before}.{tail}",
                    f"n{number}.{head}",
                    label=f"  {label} ",
                    penwidth=f"{min(1 + math.sqrt(channels) / 8, 6):.2f}",
                )
    return graph.source


def joined(tails: int, heads: int) -> list[tuple[int, int]]:
    """Equal lanes go on side by side; otherwise every lane sees every other."""
    if tails == heads:
        return [(lane, lane) for lane in range(tails)]
    return [(tail, head) for tail in range(tails) for head in range(heads)]


def svg(
    measured: dict, language: str, *, name: str, repeats: bool, longest: int = 0
) -> str:
    """Draw a network; `longest` is the parameter count that fills a bar."""
    nodes = fold(measured, repeats)
    longest = longest or largest(nodes)
    dot = source(nodes, measured["params"], language)
    described = describe(nodes, measured, language)
    counts = {
        f"n{number}.{lane}": node.params // node.lanes
        for number, node in enumerate(nodes)
        for lane in range(node.lanes)
    }
    kept = cache.key(drawing_code(), dot, str(longest), name, described)
    return cache.kept(
        cache.FOLDER / "pictures" / f"{kept}.svg",
        lambda: finish(render(dot), counts, longest, name, described),
    )


def largest(nodes: list[Node]) -> int:
    return max((node.params // node.lanes for node in nodes), default=0)


def describe(nodes: list[Node], measured: dict, language: str) -> str:
    """What the picture shows, in words, for those who cannot see it."""
    said = []
    for node in nodes:
        text = title(node, language)
        if node.lanes > 1 and node.kind == "conv":
            text += f" ({word('groups', language, node.lanes)})"
        if node.params:
            text += f" {node.params:,}"
        said.append(text)
    total = f"{word('total', language)} {measured['params']:,}"
    return " → ".join(said) + f". {total}."


@functools.cache
def drawing_code() -> str:
    """Graphviz's version and this code: either may change a picture."""
    try:
        version = graphviz.version()
    except graphviz.ExecutableNotFound as error:
        raise DrawError(
            "Graphviz (`dot`) is not installed: run `make setup`, or install the "
            "package graphviz"
        ) from error
    code = [Path(__file__), Path(__file__).with_name("graph.py")]
    return (
        repr(version)
        + font()
        + "".join(path.read_text(encoding="utf-8") for path in code)
    )


def font() -> str:
    """The font that Graphviz measures labels with, where fontconfig can tell."""
    if not (asked := shutil.which("fc-match")):
        return ""
    return subprocess.run([asked, FONT], capture_output=True, text=True).stdout


def render(dot: str) -> str:
    try:
        return graphviz.Source(dot).pipe(format="svg", encoding="utf-8", quiet=True)
    except graphviz.CalledProcessError as error:
        said = (error.stderr or "").strip()
        raise DrawError(f"Graphviz refuses the picture: {said}") from error


def finish(
    drawn: str, counts: dict[str, int], longest: int, name: str, described: str
) -> str:
    """Make dot's SVG part of a page: classes for colours, a title, bars in boxes."""
    root = etree.fromstring(drawn.encode(), etree.XMLParser(remove_comments=True))
    etree.cleanup_namespaces(root)
    for group in root.iter(f"{SVG}g"):
        if group.get("id") in counts:
            add_bar(group, counts[group.get("id")], longest)
        group.attrib.pop("id", None)
        for said in group.findall(f"{SVG}title"):
            group.remove(said)
    for element in root.iter():
        for attribute in ("fill", "stroke", "font-family", "font-size"):
            if element.tag != f"{SVG}text" or attribute != "font-size":
                element.attrib.pop(attribute, None)
    page = root.find(f"{SVG}g/{SVG}polygon")
    page.getparent().remove(page)
    identity = cache.key(name, described)[:8]
    root.set("role", "img")
    root.set("aria-labelledby", f"t{identity} d{identity}")
    for side in ("width", "height"):
        root.set(side, f"{float(root.get(side)[:-2]) * 4 / 3:.0f}")
    for tag, text in (("desc", described), ("title", name)):
        element = etree.Element(f"{SVG}{tag}", id=f"{tag[0]}{identity}")
        element.text = text
        root.insert(0, element)
    text = etree.tostring(root, encoding="unicode")
    return text.replace(' xmlns="http://www.w3.org/2000/svg"', "", 1)


def add_bar(group: etree._Element, params: int, longest: int) -> None:
    if not params or not longest:
        return
    box = group.find(f"{SVG}path")
    numbers_in = [
        tuple(map(float, pair.split(",")))
        for pair in box.get("d").replace("M", " ").replace("C", " ").split()
    ]
    left = min(x for x, _ in numbers_in)
    right = max(x for x, _ in numbers_in)
    bottom = max(y for _, y in numbers_in)
    start = (left + right - BAR) / 2
    for kind, width in (("track", BAR), ("bar", BAR * params / longest)):
        etree.SubElement(
            group,
            f"{SVG}rect",
            {
                "class": kind,
                "x": f"{start:.2f}",
                "y": f"{bottom - 9:.2f}",
                "width": f"{max(width, 0.5):.2f}",
                "height": "4",
            },
        )
