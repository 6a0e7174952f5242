"""The layers of a network as an HTML table."""

from html import escape

from draw import numbers
from draw.graph import KINDS, windowed
from draw.words import word

HIDDEN = {"ReLU", "Dropout", "Flatten", "LocalResponseNorm", "Input"}


def layers(measured: dict, language: str, *, caption: str) -> str:
    """Every layer that has parameters or changes a shape."""
    total = measured["params"]
    rows = []
    for layer in measured["layers"]:
        unchanged = layer["inputs"] and (
            measured["layers"][layer["inputs"][0]]["shape"] == layer["shape"]
        )
        if layer["kind"] in HIDDEN or (
            layer["kind"] == "AdaptiveAvgPool2d" and unchanged
        ):
            continue
        share = numbers.percent(layer["params"] / total, 2) if layer["params"] else "0"
        rows.append(
            [
                f'<th scope="row"><code>{escape(layer["path"])}</code></th>',
                f"<td>{escape(kind(layer, language))}</td>",
                f"<td>{numbers.shape(layer['shape'])}</td>",
                counted(layer["params"]),
                f"<td>{share}</td>",
                counted(layer["macs"]),
            ]
        )
    heads = ("layer", "what", "output", "parameters", "share", "macs")
    head = "".join(f'<th scope="col">{word(name, language)}</th>' for name in heads)
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in rows)
    foot = (
        f'<tr><th scope="row" colspan="3">{word("total", language)}</th>'
        f"{counted(total)}<td>{numbers.percent(1, 0)}</td>"
        f"{counted(measured['macs'])}</tr>"
    )
    return (
        '<div class="layers" tabindex="0" role="group" '
        f'aria-label="{escape(caption)}"><table class="layers__table">'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
        f"<tfoot>{foot}</tfoot></table></div>"
    )


def counted(value: int) -> str:
    return f"<td>{numbers.data(value, f'{value:,}')}</td>"


def kind(layer: dict, language: str) -> str:
    """What a layer is, with the settings that decide its count."""
    name = KINDS.get(layer["kind"], layer["kind"])
    name = word(name, language) if name in KINDS.values() else name
    name = windowed(name, layer)
    if "in" in layer:
        name += f", {layer['in']:,} → {layer['out']:,}"
    if layer.get("groups", 1) > 1:
        name += f", {word('groups', language, layer['groups'])}"
    return name
