"""A measurement as a table: plain text, CSV, Markdown or JSON."""

import csv
import io
import json

HEADS = ("layer", "kind", "output", "parameters", "share", "MACs", "memory", "field")


def rows(measured: dict) -> list[list]:
    """One row a layer: counts as numbers, shapes and fields as text."""
    total = measured["params"] or 1
    return [
        [
            layer["path"] or "-",
            layer["kind"],
            "x".join(map(str, layer["shape"])),
            layer["params"],
            round(100 * layer["params"] / total, 2),
            layer["macs"],
            layer["bytes"],
            "x".join(map(str, layer["field"]["extent"])) if "field" in layer else "",
        ]
        for layer in measured["layers"]
    ]


def summary(measured: dict) -> list[tuple[str, int, str]]:
    """The totals: name, value, and what is counted."""
    return [
        ("parameters", measured["params"], "a shared one once"),
        ("trainable", measured["trainable"], "of these"),
        ("frozen", measured["frozen"], "of these"),
        (
            "buffers",
            measured["buffers"],
            "no parameters: running statistics and the like",
        ),
        ("MACs", measured["macs"], "multiply-accumulates of one forward pass"),
        ("FLOPs", measured["flops"], "2 x MACs"),
        ("memory", measured["bytes"], "bytes of all layers' outputs, float32"),
        ("depth", measured["depth"], "layers that multiply, on the longest path"),
    ]


def as_table(measured: dict) -> str:
    shown = [
        [f"{x:,}" if isinstance(x, int) else str(x) for x in r] for r in rows(measured)
    ]
    widths = [max(map(len, column)) for column in zip(HEADS, *shown, strict=True)]
    lines = []
    for row in [list(HEADS), ["-" * width for width in widths], *shown]:
        left = [text.ljust(width) for text, width in zip(row[:3], widths, strict=False)]
        right = [t.rjust(w) for t, w in zip(row[3:], widths[3:], strict=True)]
        lines.append("  ".join(left + right).rstrip())
    lines.append("")
    lines += [
        f"{name:<11}{value:>16,}  {said}" for name, value, said in summary(measured)
    ]
    return "\n".join(lines) + "\n"


def as_csv(measured: dict) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([HEADS, *rows(measured)])
    return text.getvalue()


def as_markdown(measured: dict) -> str:
    lines = [f"| {' | '.join(HEADS)} |", "|---|---|---" + "|--:" * 5 + "|"]
    for row in rows(measured):
        cells = [f"{x:,}" if isinstance(x, int) else str(x) for x in row]
        lines.append(f"| {' | '.join(cells)} |")
    lines.append("")
    lines += [
        f"- {name}: {value:,} ({said})" for name, value, said in summary(measured)
    ]
    return "\n".join(lines) + "\n"


def as_json(measured: dict) -> str:
    return json.dumps(measured, indent=1) + "\n"


FORMATS = {
    "table": as_table,
    "csv": as_csv,
    "markdown": as_markdown,
    "json": as_json,
}
