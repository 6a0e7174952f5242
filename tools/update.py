"""`make update`: renew the outputs that tests check, in .out files and in pages."""

import contextlib
import io
import runpy
import sys
from pathlib import Path

import cache
from markup.page import INCLUDE
from markup.prose import fence_in
from tools import pages

SNIPPETS = cache.ROOT / "snippets"
MARK = "<!--pytest-codeblocks:expected-output-->"


def printed(file: Path) -> str:
    """What a snippet prints."""
    with contextlib.redirect_stdout(io.StringIO()) as output:
        runpy.run_path(str(file))
    return output.getvalue()


def printed_by(code: str) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as output:
        exec(code, {"__name__": "__main__"})
    return output.getvalue()


def renew(path: Path, text: str) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
        print(f"renewed {path.relative_to(cache.ROOT)}")


def renewed_page(path: Path) -> str:
    """The page with every typed output replaced by what its block prints now."""
    lines = path.read_text(encoding="utf-8").split("\n")
    waiting = [block for block in pages.blocks(path) if block.expected_output]
    marks = [number for number, line in enumerate(lines) if line.strip() == MARK]
    for block, mark in reversed(list(zip(waiting, marks, strict=True))):
        start = next(n for n in range(mark + 1, len(lines)) if fence_in(lines[n]))
        end = next(n for n in range(start + 1, len(lines)) if fence_in(lines[n]))
        if any(INCLUDE.match(line) for line in lines[start:end]):
            continue
        indent = fence_in(lines[start]).indent
        output = printed_by(block.code).rstrip("\n").split("\n")
        lines[start + 1 : end] = [(indent + line).rstrip() for line in output]
    return "\n".join(lines)


def main() -> None:
    sys.path.insert(0, str(SNIPPETS))
    for file in sorted((SNIPPETS / "tricks").glob("*.py")):
        renew(file.with_suffix(".out"), printed(file))
    for language in pages.LANGUAGES:
        for path in sorted((pages.DOCS / language).rglob("*.md")):
            renew(path, renewed_page(path))


if __name__ == "__main__":
    main()
