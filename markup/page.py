"""A page's text on its way to HTML: calls answered, numbers checked, faults named."""

import contextlib
import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from html import escape

import yaml

from draw import figure, numbers
from draw.picture import DrawError
from markup import blocks, glossary, rendered, typed
from markup.facts import Facts, UnknownName, find, snippet
from markup.formulas import FormulaError, mathml, plain
from markup.prose import FIGURES, Piece, fence_in, pieces
from markup.values import CallError, Calls, Value, answer

HEADING = re.compile(r"^#{1,6}\s+(?P<title>.*)$")
IDENTITY = re.compile(r"\{[^}]*#[\w-]+[^}]*\}\s*$")
INCLUDE = re.compile(r'^\s*-+8<-+\s+"(?P<file>[^":]+)(?::(?P<section>[^"]+))?"\s*$')
GLOSSARY = "/glossary.md"
LONGEST = 36  # signs of a formula that a narrow screen can hold; text has line breaks
FAULTS = (CallError, UnknownName, FormulaError, DrawError)


@dataclass
class Page:
    """One page being turned into HTML; `report` hears of each fault with its place."""

    facts: Facts
    language: str
    report: Callable[[str], None]
    path: str = ""
    first_line: int = 1
    place: Callable[[int], str] | None = None
    address: Callable[[str], str] = str
    meta: dict = field(default_factory=dict)
    paths: set[str] = field(default_factory=set)  # of all pages in its language
    entries: list = field(default_factory=list)  # these pages, if its text lists any
    blocks: dict[str, str] = field(default_factory=dict)  # a class's name here
    inserts: list[str] = field(default_factory=list)
    prepared: str = ""
    source: list[str] = field(default_factory=list)
    typed: set[str] = field(default_factory=set)
    figures: list[tuple[int, str]] = field(default_factory=list)
    drawings: list[str] = field(default_factory=list)  # what the fences say
    identities: set[str] = field(default_factory=set)
    terms: set[str] = field(default_factory=set)  # those that have their note

    def fault(self, line: int | None, text: str) -> None:
        if self.place and line:
            where = self.place(line)
        else:
            where = f":{line + self.first_line - 1}" if line else ""
        self.report(f"{self.path}{where}: {text}")

    def insert(self, html: str, tag: str = "div", said: str = "") -> str:
        """Keep big HTML out of the Markdown; it comes in when the page is finished.

        Until then the search reads what is `said`.
        """
        self.inserts.append(html)
        said = escape(said, quote=False)
        return f'<{tag} data-insert="{len(self.inserts) - 1}">{said}</{tag}>'

    def prepare(self, markdown: str) -> str:
        """Answer calls and check what is typed; the rest stays Markdown."""
        self.source = markdown.split("\n")
        self.typed, self.figures = set(), []
        self.drawings, self.identities, self.terms = [], set(), set()
        body = ""
        done = []
        for piece in pieces(markdown):
            if piece.kind == "figure":
                body += piece.text
            elif body:
                self.figures.append((piece.line - body.count("\n"), words_of(body)))
                self.drawings.append(body)
                body = ""
            if piece.kind == "call":
                done.append(self.answered(piece))
                continue
            self.check(piece)
            done.append(self.explained(piece))
        self.prepared = self.titled("".join(done))
        return self.prepared

    def check_meta(self) -> None:
        """What front matter says in words holds no typed numbers either."""
        for name in ("title", "description", "trick"):
            for found in typed.in_prose(str(self.meta.get(name, ""))):
                self.fault(None, f"front matter, {name}: {typed_by_hand(found)}")
        if not self.meta.get("description"):
            self.fault(None, "front matter has no description: add one sentence")
        switched = self.meta.get("without", {})
        for phrase in switched.values():
            for found in typed.in_prose(str(phrase)):
                self.fault(None, f"front matter, without: {typed_by_hand(found)}")
        named = {"network": [self.meta["network"]] if "network" in self.meta else []}
        named |= {"models": self.meta.get("models", []), "without": switched}
        for field_name, models in named.items():
            for model in models:
                try:
                    self.facts.network(model)
                except UnknownName as error:
                    self.fault(None, f"front matter, {field_name}: {error}")
        for name in self.meta.get("blocks", {}):
            try:
                find(name, self.facts.classes(), "class of a module")
            except UnknownName as error:
                self.fault(None, f"front matter, blocks: {error}")
        for term in self.meta.get("explains", {}):
            try:
                find(term, glossary.entries(), "term in docs/glossary.yml")
            except UnknownName as error:
                self.fault(None, f"front matter, explains: {error}")
        for name in self.meta.get("sources", []):
            try:
                self.facts.source(name)
            except UnknownName as error:
                self.fault(None, f"front matter, sources: {error}")

    def line_of(self, *texts: str) -> int:
        """The source line of the first text found: preparing keeps every line."""
        places = (self.prepared.find(text) for text in texts)
        place = next((place for place in places if place >= 0), 0)
        return self.prepared[:place].count("\n") + 1

    def identity(self, *parts: str) -> str:
        """An id for a figure; what is drawn twice gets two."""
        name = figure.named(*parts)
        while name in self.identities:
            name += "-again"
        self.identities.add(name)
        return name

    def diagrams(self) -> Iterator[dict]:
        """The options of every figure on the page, as far as they can be read."""
        for body in self.drawings:
            with contextlib.suppress(yaml.YAMLError):
                options = yaml.safe_load(textwrap.dedent(body))
                if isinstance(options, dict):
                    yield options

    def figure_line(self, body: str) -> int | None:
        """The line of a diagram or a table, the first of its text not yet asked for."""
        for number, (line, text) in enumerate(self.figures):
            if text == words_of(body):
                del self.figures[number]
                return line
        return None

    def inspect(self, content: str) -> None:
        """Read the rendered page once more for what its Markdown hides."""
        own_ids = set(re.findall(r"\{[^}\n]*#([\w-]+)[^}\n]*\}", self.prepared))
        for heading in self.meta.get("explains", {}).values():
            if heading not in own_ids:
                wrong = f"front matter, explains: there is no heading {{#{heading}}}"
                self.fault(None, wrong)
        for look_for, wrong in rendered.faults(content, own_ids):
            if wrong in self.typed:
                continue
            self.typed.add(wrong)
            number = re.search(r"\d[\d,.]*\d", look_for)
            parts = [look_for, *([number.group()] if number else [])]
            seen = any(part in self.prepared for part in parts)
            line = self.line_of(*parts) if seen else None
            self.fault(line, typed_by_hand(wrong) if wrong == look_for else wrong)

    def check(self, piece: Piece) -> None:
        if piece.kind == "unclosed":
            self.fault(piece.line, "this fence is never closed")
        if piece.kind == "fence":
            info = fence_in(piece.text).info
            if info not in FIGURES and re.search(r"\b(diagram|layers)\b", info):
                self.fault(piece.line, f"write the fence as ```{FIGURES[0]}, no more")
        if piece.kind in ("prose", "figure"):
            text = CALLS.sub("", piece.text) if piece.kind == "figure" else piece.text
            for found in typed.in_prose(text):
                self.typed.add(found)
                self.fault(piece.line, typed_by_hand(found))
            for found, better in glossary.avoided(text):
                self.fault(piece.line, f"'{found}': the glossary's word is '{better}'")
        elif piece.kind == "formula":
            for found in typed.in_formula(piece.text):
                self.fault(piece.line, typed_by_hand(found))
        if piece.kind == "figure":
            for call in CALLS.findall(piece.text):
                self.answered(Piece("call", call, piece.line))

    def explained(self, piece: Piece) -> str:
        """Prose with a note where a term first occurs outside links."""
        line = self.source[piece.line - 1].lstrip("> ")
        titles = line.startswith(("#", "???", "!!!", "==="))
        if piece.kind != "prose" or piece.in_link or titles:
            return piece.text
        if self.path.endswith(GLOSSARY):
            return piece.text
        return glossary.explained(piece.text, self.language, self.terms)

    def answered(self, piece: Piece) -> str:
        try:
            if block := blocks.BLOCKS.get(piece.text.strip("{} ")):
                if self.source[piece.line - 1].strip() != piece.text:
                    raise CallError(f"{piece.text} needs a paragraph of its own")
                return self.insert(block(self))
            value = answer(piece.text, Calls(self.facts, self.language))
            if piece.in_formula:
                return rf"\text{{{value.shown()}}}"
            if value.worked:
                html, said = worked(value)
                return self.insert(html, "span", said)
            return numbers.data(value.number, value.shown(), value.of)
        except FAULTS as error:
            self.fault(piece.line, str(error))
            return "??"

    def inline(self, text: str) -> str:
        """A caption: text with calls, as HTML."""
        return self.answers(
            escape(text, quote=False),
            lambda value: numbers.data(value.number, value.shown(), value.of),
        )

    def plain(self, text: str) -> str:
        """Text with calls, for a place where a number cannot say where it is from."""
        return self.answers(text, Value.shown)

    def answers(self, text: str, show: Callable[[Value], str]) -> str:
        """Answer the calls in a text whose faults `prepare` has named."""
        calls = Calls(self.facts, self.language)

        def shown(found: re.Match) -> str:
            if block := blocks.BLOCKS.get(found.group().strip("{} ")):
                return block(self)
            try:
                return show(answer(found.group(), calls))
            except FAULTS:
                return "??"

        return CALLS.sub(shown, text)

    def titled(self, markdown: str) -> str:
        """Name the file of included code above it; ask every heading for its id."""
        lines = markdown.split("\n")
        for opened, file in including(lines):
            if "title=" not in lines[opened] and "python" in lines[opened]:
                lines[opened] += f' title="{file}"'
        marks = ""  # of the fence that we are in
        for number, line in enumerate(lines):
            fence = fence_in(line)
            if not marks and fence:
                marks = fence.marks
            elif marks:
                if fence and fence.closes(marks):
                    marks = ""
                elif (found := INCLUDE.match(line)) and (fault := unknown(found)):
                    self.fault(number + 1, fault)
                    lines[number] = ""  # so that the other faults are found, too
            elif HEADING.match(line) and not IDENTITY.search(line):
                self.fault(
                    number + 1,
                    f"the heading '{line.strip()}' has no id: end it with {{#an-id}}, "
                    "the same in both languages",
                )
        return "\n".join(lines)


def including(lines: list[str]) -> Iterator[tuple[int, str]]:
    """The fences that include code: where each begins, and whose code it shows.

    That is the last of its files: what it needs of the others comes before it.
    """
    opened, marks, file = 0, "", ""
    for number, line in enumerate(lines):
        fence = fence_in(line)
        if not marks and fence:
            opened, marks, file = number, fence.marks, ""
        elif marks and fence and fence.closes(marks):
            marks = ""
            if file:
                yield opened, file
        elif marks and (found := INCLUDE.match(line)):
            file = found["file"]


def unknown(include: re.Match) -> str:
    """What is wrong with an include: no such file, or no such section in it."""
    file, section = include["file"], include["section"]
    try:
        text = snippet(file).read_text(encoding="utf-8")
    except UnknownName as error:
        return str(error)
    if section and f"[start:{section}]" not in text:
        known = re.findall(r"\[start:([\w-]+)\]", text)
        return (
            f"snippets/{file} has no section '{section}'; it has "
            f"{', '.join(known) or 'none'}"
        )
    return ""


CALLS = re.compile(r"\{\{.*?\}\}")


def words_of(text: str) -> str:
    """A fence's text whatever its indentation."""
    return " ".join(text.split())


def typed_by_hand(found: str) -> str:
    return (
        f"'{found}' is typed by hand: write it as a call such as "
        '{{ params("vgg16") }}, {{ calc(3 * 3 * 64) }} or, with a source, '
        '{{ quote("…") }}'
    )


def worked(value: Value) -> tuple[str, str]:
    """A formula and what it gives, and both as text; `≈` where that is rounded."""
    result = numbers.data(value.number, value.shown(), value.of)
    shown = Fraction(value.shown().replace(",", ""))
    sign = "=" if shown == Fraction(value.number) else "≈"
    text = plain(value.worked)
    formula = escape(text, quote=False)
    if len(text) <= LONGEST:
        formula = f'<span class="formula">{mathml(value.worked)}</span>'
    said = f"{text} {sign} {value.shown()}"
    return f"{formula} {sign}&#160;{result}", said
