"""Pages as the tests and commands see them: blocks that run, and sections."""

import io
import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from markdown import Markdown
from pymdownx.snippets import SnippetExtension, SnippetPreprocessor
from pytest_codeblocks.main import CodeBlock, extract_from_buffer

import cache
from hooks import notebooks
from markup.fences import TEXTS
from markup.page import INCLUDE
from markup.prose import fence_in, pieces

DOCS = cache.ROOT / "docs"
LANGUAGES = ("ko", "en")
PYTHON = re.compile(r"^(?:python3?|py|\{[^}]*\.(?:python3?|py)\b[^}]*\})(?:\s.*)?$")
HEADING = re.compile(r"^(?P<level>#{1,6})\s.*\{[^}]*#(?P<id>[\w-]+)[^}]*\}\s*$")


def snippets() -> SnippetPreprocessor:
    md = Markdown(
        extensions=[
            SnippetExtension(base_path=[str(cache.ROOT / "snippets")], check_paths=True)
        ]
    )
    return md.preprocessors["snippet"]


def expanded(text: str) -> tuple[str, list[int]]:
    """A page with its includes in place and plain info strings, and each line's source.

    pytest-codeblocks runs only a fence whose info string is exactly `python`, and
    knows no includes.
    """
    include = snippets()
    lines: list[str] = []
    source: list[int] = []
    for number, line in enumerate(text.split("\n"), 1):
        fence = fence_in(line)
        if fence and PYTHON.match(fence.info):
            line = f"{fence.indent}{fence.marks}python"
        made = include.run([line]) if INCLUDE.match(line) else [line]
        if made[-1:] == [""] and line.strip():  # the end of an included file
            made = made[:-1]
        lines += made
        source += [number] * len(made)
    return "\n".join(lines), source


def blocks(path: Path) -> list[CodeBlock]:
    """What pytest-codeblocks runs of a page, with line numbers of the page itself."""
    text, source = expanded(Path(path).read_text(encoding="utf-8-sig"))
    found = extract_from_buffer(io.StringIO(text))
    for block in found:
        block.lineno = source[block.lineno - 1]
    return found


@dataclass
class Section:
    """What stands under one heading, as far as both languages must have it."""

    id: str
    level: int
    text: str = ""
    calls: list[str] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)
    spans: list[str] = field(default_factory=list)  # code within a line
    code: list[str] = field(default_factory=list)
    figures: list[dict] = field(default_factory=list)

    def fingerprint(self) -> str:
        return cache.key(self.text.strip())

    def shared(self) -> dict:
        """What must be the same; words may come in another order."""
        return {
            "level": self.level,
            "calls": sorted(self.calls),
            "formulas": sorted(self.formulas),
            "spans": sorted(self.spans),
            "code": self.code,
            "figures": self.figures,
        }


@dataclass
class Page:
    meta: dict
    sections: list[Section]


def read(path: Path) -> Page:
    text = notebooks.text_at(path)
    meta = {}
    if text.startswith("---\n"):
        front, text = text[4:].split("\n---", 1)
        meta = yaml.safe_load(front)
    headings = {
        number: found
        for number, line in enumerate(text.split("\n"), 1)
        if (found := HEADING.match(line))
    }
    words = [str(meta.get(name, "")) for name in ("title", "description", "trick")]
    words += map(str, meta.get("without", {}).values())
    sections = [Section("", 0, "\n".join(words) + "\n")]
    formula = figure = ""
    for piece in pieces(text):
        if piece.kind not in ("code", "figure") and piece.line in headings:
            found = headings.pop(piece.line)
            sections.append(Section(found["id"], len(found["level"])))
        now = sections[-1]
        now.text += piece.text
        if formula and piece.kind != "formula" and not piece.in_formula:
            now.formulas.append(formula.strip())
            formula = ""
        match piece.kind:
            case "formula":
                formula += piece.text
            case "call":
                now.calls.append(piece.text)
            case "code" if piece.text.startswith("`"):
                now.spans.append(piece.text)
            case "code":
                now.code.append(piece.text.strip("\n"))
            case "figure":
                figure += piece.text
            case "fence" if figure:
                options = yaml.safe_load(figure).items()
                now.figures.append({k: v for k, v in options if k not in TEXTS})
                figure = ""
    return Page(meta, sections)


def paths(language: str) -> list[str]:
    """Every page of a language, by its path below the language's folder."""
    folder = DOCS / language
    found = [*folder.rglob("*.md"), *folder.rglob("*.ipynb")]
    return sorted(path.relative_to(folder).as_posix() for path in found)


def address(path: str) -> str:
    """Where a page stands below its language's root: compare.md at compare/."""
    plain = Path(path).with_suffix("").as_posix()
    return "" if plain == "index" else f"{plain}/"
