"""Tables of layers and of boxes, and the bar of where the parameters are, as HTML."""

from html import escape

from draw import graph, numbers
from draw.graph import windowed
from draw.picture import level
from draw.scene import Scene, reading
from draw.titles import details, title
from draw.words import WORDS, word

READ_AT_ONCE = 40  # a table with more rows is closed until it is asked for
NAMED_SHARE = 0.1  # a part of the bar that is at least so wide has its name under it


def layers(measured: dict, language: str, *, caption: str) -> str:
    """Where a network's parameters are: a bar, and every layer that has some.

    A layer without parameters is there if it changes a shape.
    """
    total = measured["params"]
    rows = []
    for layer in shown(measured["layers"]):
        path = f'<th scope="row"><code>{escape(layer["path"] or "forward")}</code></th>'
        what = f"<td>{escape(kind(layer, language))}</td>"
        rows.append(path + what + measures(layer["shape"], layer, total, language))
    rows += [
        f'<th scope="row"><code>{escape(path)}</code></th>'
        f"<td>{word('unused', language)}</td><td></td>{counted(params)}"
        f"<td>{share(params, total)}</td>{counted(0)}"
        for path, params in measured["unused"].items()
    ]
    heads = ("layer", "what", "output", "parameters", "share", "macs")
    foot = totals(total, measured["macs"], language, 3)
    state = '" open' if len(rows) <= READ_AT_ONCE else ' layers__long"'
    return (
        f'<div class="where">{bar(measured, language, caption)}'
        f'<details class="layers__all{state}>'
        f"<summary>{word('all layers', language)}"
        f"</summary>{framed(caption, heads, rows, foot, language)}</details></div>"
    )


def boxes(scene: Scene, language: str, *, caption: str, identity: str) -> str:
    """The boxes of a picture: its table for those who cannot see it."""
    rows = []
    for number, node in enumerate(scene.nodes):
        said = ", ".join([title(node, language), *details(node, language)])
        path = f" <code>{escape(node.where())}</code>" if node.path else ""
        rows.append(
            f'<th scope="row" id="{row(identity, number)}">{number + 1}</th>'
            f"<td>{escape(said)}{path}</td><td>{reading(node, language)}</td>"
            + measures(
                node.shape,
                {"params": node.params, "macs": node.macs},
                scene.total,
                language,
            )
        )
    for path, params in scene.unused.items():
        rows.append(
            f"<th></th><td><code>{escape(path)}</code></td>"
            f"<td>{word('unused', language)}</td><td></td>{counted(params)}"
            f"<td>{share(params, scene.total)}</td>{counted(0)}"
        )
    heads = ("box", "what", "reads", "output", "parameters", "share", "macs")
    macs = sum(node.macs for node in scene.nodes)
    foot = totals(scene.total, macs, language, 4)
    return framed(caption, heads, rows, foot, language)


def row(identity: str, number: int) -> str:
    return f"{identity}-{number + 1}"


def measures(shape: list[int], counts: dict, total: int, language: str) -> str:
    return (
        f"<td>{numbers.shape(shape)}</td>{counted(counts['params'])}"
        f"<td>{share(counts['params'], total)}</td>{counted(counts['macs'])}"
    )


def totals(params: int, macs: int, language: str, columns: int) -> str:
    return (
        f'<tr><th scope="row" colspan="{columns}">{word("total", language)}</th>'
        f"{counted(params)}<td>{numbers.percent(1, 0)}</td>{counted(macs)}</tr>"
    )


def framed(
    caption: str, heads: tuple[str, ...], rows: list[str], foot: str, language: str
) -> str:
    """A table in a frame that scrolls by itself; theme/ lets its columns be sorted."""
    head = "".join(f'<th scope="col">{word(name, language)}</th>' for name in heads)
    body = "".join(f"<tr>{cells}</tr>" for cells in rows)
    return (
        '<div class="layers" tabindex="0" role="group" '
        f'aria-label="{escape(caption)}"><table class="layers__table">'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody>{f'<tfoot>{foot}</tfoot>' if foot else ''}</table></div>"
    )


def bar(measured: dict, language: str, caption: str) -> str:
    """All parameters as one bar, a part for each layer, in the order they run."""
    total = measured["params"] or 1

    def part(params: int) -> str:
        return numbers.percent(params / total)

    parts = [
        (layer["path"], layer["params"])
        for layer in measured["layers"]
        if layer["params"]
    ]
    parts += measured["unused"].items()
    drawn, named, start = [], [], 0.0
    for path, params in parts:
        width = 100 * params / total
        drawn.append(
            f'<rect class="strength-{level(params)}" x="{start:.3f}" '
            f'width="{width:.3f}" height="6"/>'
        )
        if params / total >= NAMED_SHARE:
            named.append((path, params))
        start += width
    rest = measured["params"] - sum(params for _, params in named)
    words = [
        f"<li><code>{escape(path)}</code> {part(params)}</li>" for path, params in named
    ]
    if parts and not named:
        largest = max(params for _, params in parts)
        words.append(f"<li>{word('largest', language)} {part(largest)}</li>")
    elif rest:
        words.append(f"<li>{word('others', language)} {part(rest)}</li>")
    return (
        f'<p class="where__name">{escape(caption)}</p>'
        '<svg class="where__bar" viewBox="0 0 100 6" preserveAspectRatio="none" '
        f'aria-hidden="true">{"".join(drawn)}</svg>'
        f'<ol class="where__words">{"".join(words)}</ol>'
    )


def shown(layers: list[dict]) -> list[dict]:
    """The layers that hold parameters or change a shape, not just its dimensions."""
    return [
        layer
        for layer in layers
        if layer["params"]
        or (layer["kind"] not in ("Flatten", "Unflatten") and changed(layer, layers))
    ]


def changed(layer: dict, layers: list[dict]) -> bool:
    inputs = layer["inputs"]
    return bool(inputs) and layers[inputs[0]]["shape"] != layer["shape"]


def counted(value: int) -> str:
    return f"<td>{numbers.data(value, f'{value:,}')}</td>"


def share(params: int, total: int) -> str:
    return numbers.percent(params / total, 2) if params else "0"


def kind(layer: dict, language: str) -> str:
    """What a layer is, with the settings that decide its count."""
    name = graph.kind(layer) or layer["kind"]
    name = word(name, language) if name in WORDS else name
    name = windowed(name, layer)
    if "in" in layer:
        name += f", {layer['in']:,} → {layer['out']:,}"
    if layer.get("groups", 1) > 1:
        name += f", {word('groups', language, layer['groups'])}"
    sides = layer.get("dilation", 1)
    if (rate := max(sides) if isinstance(sides, list) else sides) > 1:
        name += f", {word('rate', language, rate)}"
    return name
