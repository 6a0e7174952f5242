"""A page's Markdown, told apart: prose, code, formulas and calls, with line numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markup.values import CALL

FENCE = re.compile(r"^(?P<indent>[\s>]*)(?P<marks>`{3,}|~{3,})(?P<info>.*)$")
INLINE = re.compile(
    r"""(?P<code>(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))
      | (?P<call>\{\{.*?\}\})
      | (?P<formula>(?<![\\$])\$(?![\s$]).+?(?<!\s)\$)
      | (?P<target>\]\([^)]*\)|<[^>]+>|\{[:\#.][^}]*\}|<?https?://\S+)""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Piece:
    """Part of a line. `kind` is prose, call, formula, code, fence or target."""

    kind: str
    text: str
    line: int
    in_formula: bool = False


def pieces(markdown: str) -> Iterator[Piece]:
    """Every part of every line in order; joined, they are the page again."""
    closing = ""  # what ends the block we are in
    block = "prose"
    for number, line in enumerate(markdown.split("\n"), 1):
        end = "\n" if number <= markdown.count("\n") else ""
        fence = FENCE.match(line)
        if block in ("code", "figure"):
            closes = fence and fence["marks"].startswith(closing) and not fence["info"]
            yield Piece("fence" if closes else block, line + end, number)
            if closes:
                block = "prose"
        elif fence:
            closing = fence["marks"]
            info = fence["info"].strip()
            block = "figure" if info in ("diagram", "layers") else "code"
            yield Piece("fence", line + end, number)
        elif block == "comment" or line.lstrip().startswith("<!--"):
            block = "prose" if "-->" in line else "comment"
            yield Piece("code", line + end, number)
        elif line.strip() == "$$" or line.strip().startswith("$$"):
            body = line.strip()
            whole = len(body) > 3 and body.endswith("$$")
            if not whole:
                block = "prose" if block == "formula" else "formula"
            yield from formula(line + end, number)
        elif block == "formula":
            if line.strip().endswith("$$"):
                block = "prose"
            yield from formula(line + end, number)
        else:
            yield from inline(line + end, number)


def inline(text: str, line: int) -> Iterator[Piece]:
    start = 0
    for found in INLINE.finditer(text):
        if found.start() > start:
            yield Piece("prose", text[start : found.start()], line)
        kind = found.lastgroup if found.lastgroup != "ticks" else "code"
        if kind == "formula":
            yield from formula(found.group(), line)
        else:
            yield Piece(kind, found.group(), line)
        start = found.end()
    if start < len(text):
        yield Piece("prose", text[start:], line)


def formula(text: str, line: int) -> Iterator[Piece]:
    """LaTeX may hold calls of ours; any other braces are its own."""
    start = 0
    for found in CALL.finditer(text):
        yield Piece("formula", text[start : found.start()], line)
        yield Piece("call", found.group(), line, in_formula=True)
        start = found.end()
    yield Piece("formula", text[start:], line)
