"""A page's Markdown, told apart: prose, code, formulas and calls, with line numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markup.values import CALL

FIGURES = ("diagram", "layers")
FENCE = re.compile(
    r"^(?P<indent>[\s>]*)(?:(?P<ticks>`{3,})(?P<tick_info>[^`]*)|(?P<tildes>~{3,})(?P<tilde_info>.*))$"
)
INLINE = re.compile(
    r"""(?P<code>(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))
      | (?P<call>\{\{.*?\}\})
      | (?P<formula>(?<![\\$])\$(?![\s$]).+?(?<!\s)\$)
      | (?P<target>\[(?=[^\[\]]*\]\()|\]\([^)]*\)|</?[A-Za-z][^>]*>|\{[:\#.][^}]*\}|<?https?://\S+)""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Fence:
    """A line that opens a fence, or closes one if it says nothing more."""

    indent: str
    marks: str
    info: str

    def closes(self, marks: str) -> bool:
        return self.marks.startswith(marks) and not self.info


def fence_in(line: str) -> Fence | None:
    if not (found := FENCE.match(line.rstrip("\n"))):
        return None
    marks = found["ticks"] or found["tildes"]
    info = found["tick_info"] or found["tilde_info"] or ""
    return Fence(found["indent"], marks, info.strip())


@dataclass(frozen=True)
class Piece:
    """Part of a line: prose, call, formula, code, figure, fence, target or unclosed."""

    kind: str
    text: str
    line: int
    in_formula: bool = False
    in_link: bool = False


def pieces(markdown: str) -> Iterator[Piece]:
    """Every part of every line in order; joined, they are the page again."""
    closing, opened = "", 0  # what ends the fence we are in, and where it began
    block = "prose"
    lines = markdown.split("\n")
    for number, line in enumerate(lines, 1):
        end = "\n" if number < len(lines) else ""
        fence = fence_in(line)
        if block in ("code", "figure"):
            closes = fence is not None and fence.closes(closing)
            yield Piece("fence" if closes else block, line + end, number)
            if closes:
                block = "prose"
        elif fence:
            closing, opened = fence.marks, number
            block = "figure" if fence.info in FIGURES else "code"
            yield Piece("fence", line + end, number)
        elif block == "comment" or line.lstrip().startswith("<!--"):
            before, ends, after = line.partition("-->")
            block = "prose" if ends else "comment"
            yield Piece("code", before + ends + ("" if after else end), number)
            if after:
                yield from inline(after + end, number)
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
    if block in ("code", "figure"):
        yield Piece("unclosed", "", opened)


def inline(text: str, line: int) -> Iterator[Piece]:
    start, linked = 0, False
    for found in INLINE.finditer(text):
        if found.start() > start:
            yield Piece("prose", text[start : found.start()], line, in_link=linked)
        if found["target"] == "[" or (found["target"] or "").startswith("]("):
            linked = found["target"] == "["
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
