"""A scene in, an SVG picture out, drawn by Graphviz and coloured by the page's CSS."""

import functools
import math
import shutil
import subprocess
from html import escape
from pathlib import Path

import graphviz

import cache
from draw import dress
from draw.dress import BAR
from draw.graph import Node
from draw.scene import Scene, counted, described
from draw.titles import details, title
from draw.words import word

FONT = "Noto Sans CJK KR"
LEVELS = (1, 10**3, 10**4, 10**5, 10**6, 10**7)
# A kind's form; every other kind is a box with round corners.
NARROWING, WIDENING = "narrowing", "widening"
FORMS = {
    "dense": {"style": "solid"},
    "max pool": {"style": "solid", "class": NARROWING},
    "average pool": {"style": "solid", "class": NARROWING},
    "unpool": {"style": "solid", "class": WIDENING},
    "upsample": {"style": "solid", "class": WIDENING},
    "transposed conv": {"style": "solid", "class": WIDENING},
    "concat": {"style": "solid", "peripheries": "2"},
    "block": {"style": "rounded,bold"},
}
SIGNS = {"add": "+", "multiply": "×"}


class DrawError(Exception):
    """Graphviz is missing, or refuses a picture."""


def level(params: float) -> int:
    """Strength of a box: 0 for none, then one step for every factor of ten."""
    return sum(params >= least for least in LEVELS)


def svg(
    scene: Scene,
    language: str,
    *,
    name: str,
    longest: int = 0,
    links: dict[int, str] | None = None,
) -> str:
    """Draw a scene; `longest` is the parameter count that fills a bar.

    `links` gives the boxes that lead somewhere their addresses.
    """
    longest = longest or scene.largest()
    dot = source(scene, language)
    boxes = {
        f"n{number}.{lane}": dress.Box(
            params=node.params // node.lanes,
            label=title(node, language) if signed(node) else "",
            link=(links or {}).get(number, ""),
        )
        for number, node in enumerate(scene.nodes)
        for lane in range(node.lanes)
    }
    words = described(scene, language)
    kept = cache.key(drawing_code(), dot, repr(boxes), str(longest), name, words)
    return cache.kept(
        cache.FOLDER / "pictures" / f"{kept}.svg",
        lambda: dress.dressed(render(dot), boxes, longest, name, words),
    )


def source(scene: Scene, language: str) -> str:
    """The picture as a DOT graph."""
    graph = graphviz.Digraph()
    apart = "0.4" if nested(scene.nodes) else "0.24"
    graph.attr(
        rankdir="TB", ordering="out", nodesep=apart, ranksep="0.28", margin="0.02"
    )
    graph.attr("node", fontname=FONT, fontsize="12", shape="box", style="rounded")
    graph.attr("node", margin="0.12,0.06", height="0.2", width="0.5")
    graph.attr("edge", fontname=FONT, fontsize="10.5", arrowsize="0.6")
    nodes, trunk = scene.nodes, scene.trunk()
    for number, node in enumerate(nodes):
        for lane in range(node.lanes):
            column = (
                f"lane{lane}" if node.lanes > 1 else "trunk" if number in trunk else ""
            )
            draw_box(
                graph, f"n{number}.{lane}", node, lane, scene.total, language, column
            )
        for source, shape in node.inputs.items():
            draw_edges(graph, (source, nodes[source]), (number, node), shape)
    for numbers in scene.branches():
        with graph.subgraph(graph_attr={"rank": "same"}) as row:
            for number in numbers:
                for lane in range(nodes[number].lanes):
                    row.node(f"n{number}.{lane}")
    for number in scene.ends():
        if (node := nodes[number]).kind == "input":
            continue
        graph.node(
            f"e{number}", word("results", language), **{"class": "box strength-0 quiet"}
        )
        for lane in range(node.lanes):
            sizes = divided(node.shape, node.lanes)
            draw_edge(graph, f"n{number}.{lane}", f"e{number}", sizes)
    for number, (path, params) in enumerate(scene.unused.items()):
        lines = [bold(path), escape(word("unused", language)), f"{params:,}"]
        graph.node(
            f"u{number}",
            rows(lines),
            style="dotted",
            **{"class": "box strength-0 unused"},
        )
    return graph.source


def nested(nodes: list[Node]) -> bool:
    """Whether a skip lies within another, as in U-Net: closer, their lines cross."""
    spans = [(source, to) for to, node in enumerate(nodes) for source in node.skips]
    return any(
        start < source and to < end for start, end in spans for source, to in spans
    )


def draw_box(
    graph, name: str, node: Node, lane: int, total: int, language: str, column: str
):
    share = node.params // node.lanes
    form = dict(FORMS.get(node.kind, {}))
    classes = ["box", f"strength-{level(share)}", form.pop("class", "")]
    if node.kind == "input":
        classes.append("quiet")
    look = {"class": " ".join(filter(None, classes)), "id": name, "group": column}
    if signed(node):
        round_one = {"shape": "circle", "width": "0.3", "fixedsize": "true"}
        sign = SIGNS[node.kind]
        graph.node(name, sign, fontsize="15", style="solid", **round_one, **look)
        return
    sides = node.lanes > 1 and node.kind == "conv"
    lines = [bold(title(node, language))]
    lines += map(escape, details(node, language, lane if sides else None))
    if node.kind == "block":
        lines.append(f'<FONT POINT-SIZE="10">{escape(node.where())}</FONT>')
    if node.kind == "conv" and node.dilation() > 1:
        form["style"] = "rounded,dashed"
    if share:
        lines.append(counted(node, share, total))
        form["width"] = f"{(BAR + 16) / 72:.3f}"
    elif form:
        form["margin"] = "0.24,0.02"
    else:
        form["margin"] = "0.1,0.02" if len(lines) == 1 else "0.1,0.06"
    graph.node(name, rows(lines, bar=bool(share)), **look, **form)


def signed(node: Node) -> bool:
    """Whether a box holds only a sign; what it adds or multiplies may be learned."""
    return node.kind in SIGNS and not node.params // node.lanes


def bold(text: str) -> str:
    return f"<B>{escape(text)}</B>"


def rows(lines: list[str], bar: bool = False) -> str:
    """Lines of a label with air between them, and room for a bar."""
    cells = [f"<TR><TD>{line}</TD></TR>" for line in lines]
    if bar:
        cells.append('<TR><TD FIXEDSIZE="TRUE" WIDTH="2" HEIGHT="7"></TD></TR>')
    table = '<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1">'
    return f"<{table}{''.join(cells)}</TABLE>>"


def draw_edges(graph, tail: tuple[int, Node], head: tuple[int, Node], shape) -> None:
    """Equal lanes go on side by side; otherwise every lane sees every other."""
    (source, before), (number, node) = tail, head
    grouped = node.lanes if node.kind == "conv" else 1
    sizes = divided(shape, max(before.lanes, grouped))
    skip = source in node.skips
    for lane in range(before.lanes):
        for other in range(node.lanes):
            if before.lanes == node.lanes and lane != other:
                continue
            draw_edge(graph, f"n{source}.{lane}", f"n{number}.{other}", sizes, skip)


def divided(shape: list[int], lanes: int) -> list[int]:
    """What of an output goes through one lane, without the batch."""
    return [size // lanes if axis == 0 else size for axis, size in enumerate(shape[1:])]


def draw_edge(graph, tail: str, head: str, sizes: list[int], skip: bool = False):
    label = "×".join(f"{size:,}" for size in sizes)
    form = {"style": "dashed", "class": "skip", "weight": "0"} if skip else {}
    width = f"{min(1 + math.sqrt(sizes[0] if sizes else 1) / 8, 6):.2f}"
    graph.edge(tail, head, label=f"  {label} ", penwidth=width, **form)


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
    code = [Path(__file__), Path(dress.__file__)]
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
