"""Readers' code runs as it stands."""

import ast
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from lxml import html

import cache
from markup.snippet import File, clean
from measure.cache import measurable
from tools import pages

SNIPPETS = cache.ROOT / "snippets"
MARKDOWN = [
    f"docs/{language}/{path}"
    for language in pages.LANGUAGES
    for path in pages.paths(language)
    if path.endswith(".md")
]


@pytest.fixture(scope="module")
def collected() -> dict[str, list[str]]:
    """What pytest itself collects of the pages: {page: [line, …]}."""
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "--collect-only",
            "-q",
            "-p",
            "no:xdist",
            "docs",
        ],
        cwd=cache.ROOT,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stdout
    found: dict[str, list[str]] = {}
    for item in ran.stdout.splitlines():
        if "::line " in item:
            page, line = item.split("::line ")
            found.setdefault(page, []).append(line)
    return found


def lines_of(code: str) -> str:
    """Code without blank lines, which pytest-codeblocks drops in an indented fence."""
    return "\n".join(line.rstrip() for line in code.split("\n") if line.strip())


def shown_in(page: Path) -> Counter:
    """The Python code that a built page shows, block by block; not what it repeats."""
    tree = html.parse(page).getroot()
    repeated = "ancestor::*[@class='gathered' or @class='answers']"
    blocks = tree.xpath(
        f'//div[contains(@class, "language-py")]//code[not({repeated})]'
    )
    return Counter(lines_of(block.text_content()) for block in blocks)


@pytest.mark.parametrize("page", MARKDOWN)
def test_every_python_fence_that_a_page_shows_is_run(page, site, collected):
    language, path = page.removeprefix("docs/").split("/", 1)
    address = path.removesuffix("index.md").removesuffix(".md")
    built = site / ("en" if language == "en" else "") / address / "index.html"
    run = [
        block for block in pages.blocks(cache.ROOT / page) if block.syntax == "python"
    ]
    assert len(collected.get(page, [])) == len(run), page
    skipped = [block.lineno for block in run if block.marks or block.importorskip]
    assert not skipped, f"{page}: the block in line {skipped} may be skipped"
    assert Counter(lines_of(block.code) for block in run) == shown_in(built), (
        f"{page} shows Python code that no test runs: write it as ```python"
    )


@pytest.mark.parametrize("page", MARKDOWN)
def test_a_python_fence_that_prints_shows_what_it_prints(page):
    for block in pages.blocks(cache.ROOT / page):
        prints = block.syntax == "python" and "print(" in block.code
        assert not prints or block.expected_output, f"{page}:{block.lineno}"


def test_downloads_are_free_of_markers_and_run_in_an_empty_folder(site, tmp_path):
    files = sorted((site / "snippets").rglob("*.py"))
    assert len(files) == len(measurable())
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert "8<" not in text, file
        assert ")!" not in text, file
        source = SNIPPETS / file.relative_to(site / "snippets")
        original = source.read_text(encoding="utf-8")
        if "from models." not in original:
            assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(original))
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    run = "import runpy, sys\nfor f in sys.argv[1:]: runpy.run_path(f)"
    for file in files:
        folder = tmp_path / file.stem
        folder.mkdir()
        (tmp_path / file.name).rename(folder / file.name)
    ran = subprocess.run(
        [sys.executable, "-I", "-c", run]
        + [str(tmp_path / file.stem / file.name) for file in files],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr


def test_every_snippet_can_be_downloaded_from_a_page_that_shows_it(site):
    linked = set()
    for page in site.rglob("index.html"):
        for link in html.parse(page).xpath("//span[@class='filename']/a/@href"):
            linked.add((page.parent / link).resolve())
    files = {file.resolve() for file in site.rglob("snippets/**/*.py")}
    # what another file takes in stands in the download of that one
    parts = {
        (site / folder / "snippets" / module.relative_to(SNIPPETS)).resolve()
        for path in measurable()
        for module in File(path.read_text(encoding="utf-8")).borrowed()
        for folder in ("", "en")
    }
    assert files <= linked | parts, f"no page offers {files - linked - parts}"


def test_cleaning_keeps_all_else():
    code = (
        "import torch\n\n# --8<-- [start:x]\nx = 1  # (1)!\n# a comment (2)\n"
        "# --8<-- [end:x]\n"
    )
    assert clean(code) == "import torch\n\nx = 1\n# a comment (2)\n"
