"""Notebooks: their code runs once for both languages, their text is a page's text."""

import base64
import functools
import json
import logging
import os
import posixpath
import re
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from html import escape
from importlib.metadata import version
from pathlib import Path
from textwrap import indent

from filelock import FileLock
from lxml import html
from mkdocs.structure.pages import Page as MkDocsPage

import cache
from markup.facts import UnknownName, labelled, snippet
from markup.snippet import alone
from measure.cache import measurable

log = logging.getLogger("mkdocs.hooks.notebooks")
INCLUDE = re.compile(r'^# -+8<-+ "([^"]+)"$', re.MULTILINE)
IDENTITY = re.compile(r"[ \t]*\{#[\w-]+\}[ \t]*$", re.MULTILINE)
LINK = re.compile(r"\[([^\]]+)\]\(([^)#:]+\.(?:md|ipynb))(#[\w-]+)?\)")
PLOT = re.compile(r"^show\($", re.MULTILINE)  # of snippets/experiments/plots.py
CODE_OF_PLOT = {"ko": "그래프를 그리는 코드", "en": "The code of the plot"}
PICTURE = re.compile(r'<img[^>]*src="data:image/svg\+xml;base64,([^"]+)"[^>]*>')
LIBRARIES = ("torch", "numpy", "matplotlib", "scikit-learn", "ipykernel", "nbclient")
FINER = re.compile(r"(\.\d\d)\d+")  # than a hundredth of a pixel
TEXT_COLOUR = "#767676"  # what a plot's code uses; the page's own colour replaces it


class NotebookError(Exception):
    """A cell that raised, or wrote to stderr."""


def load(path: Path) -> dict:
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise NotebookError(f"not a notebook: {error}") from error
    if any("id" not in cell for cell in notebook["cells"]):
        raise NotebookError("its cells have no ids: save it as nbformat 4.5 or newer")
    return notebook


def text_at(path: Path) -> str:
    """A page's text, front matter and all, be it Markdown or a notebook."""
    if path.suffix == ".ipynb":
        return as_markdown(load(path))[0]
    return path.read_text(encoding="utf-8-sig")


def text_of(cell: dict) -> str:
    return "".join(cell["source"])


def code_of(cell: dict) -> str:
    """A code cell as it runs: `# --8<-- "file"` stands for a snippet's whole code."""

    def included(found: re.Match) -> str:
        try:
            return alone(snippet(found[1])).rstrip("\n")
        except UnknownName as error:
            raise NotebookError(str(error)) from error

    return INCLUDE.sub(included, text_of(cell))


def on_files(files, config) -> None:
    """Give mkdocs-jupyter a copy with this language's text and the shared outputs."""
    language = config.extra["language"]
    found = [file for file in files if file.src_uri.endswith(".ipynb")]
    runs = run_all([Path(file.abs_src_path) for file in found])
    for file, ran in zip(found, runs, strict=True):
        source = Path(file.abs_src_path)
        try:
            outputs = ran.result()
            notebook = executed(source, outputs, language)
            config.extra["page"].facts.ran[source.stem] = printed(outputs)
        except NotebookError as error:
            log.error(f"{named(source)}: {error}")
            notebook = load(source)
        text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)
        copy = cache.FOLDER / "notebooks" / cache.key(text) / source.name
        cache.kept(copy, lambda text=text: text + "\n")
        file.abs_src_path = str(copy)
        file.edit_uri = file.src_uri


def named(path: Path) -> str:
    inside = path.is_relative_to(cache.ROOT)
    return str(path.relative_to(cache.ROOT) if inside else path)


def executed(path: Path, outputs: list[list[dict]], language: str) -> dict:
    """A notebook with its snippets' code and one language's outputs in place."""
    notebook = load(path)
    for number, (cell, made) in enumerate(
        zip(code_cells(notebook), outputs, strict=True)
    ):
        if only := INCLUDE.fullmatch(text_of(cell).strip()):
            cell["metadata"]["file"] = only[1]
        elif PLOT.search(text_of(cell)):
            cell["metadata"]["plot"] = CODE_OF_PLOT[language]
        cell["source"] = code_of(cell)
        cell["outputs"] = [out for out in made if spoken(out) in (None, language)]
        cell["execution_count"] = number + 1
    return notebook


def code_cells(notebook: dict) -> list[dict]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def printed(outputs: list[list[dict]]) -> dict[str, str]:
    """What a run printed as `label: number`."""
    text = "".join(
        out["text"] for cell in outputs for out in cell if out.get("name") == "stdout"
    )
    return labelled(text)


def spoken(output: dict) -> str | None:
    """The language of an output that was made for one: display(…, metadata=…)."""
    return output.get("metadata", {}).get("language")


def run_all(paths: list[Path]) -> list[Future]:
    """Every notebook's outputs; those that must run do so side by side."""
    waiting = sum(not kept(path).exists() for path in paths if readable(path))
    if waiting:
        log.info(f"{waiting} of {len(paths)} notebooks must run")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return [pool.submit(run, path) for path in paths]


def readable(path: Path) -> bool:
    try:
        kept(path)
    except NotebookError:
        return False
    return True


def kept(path: Path) -> Path:
    """Where a notebook's outputs are kept: by its code and the libraries' versions."""
    code = [code_of(cell) for cell in code_cells(load(path))]
    return cache.FOLDER / "runs" / f"{path.stem}-{cache.key(*versions(), *code)}.json"


@functools.cache
def versions() -> list[str]:
    return [sys.version, *(f"{name} {version(name)}" for name in LIBRARIES)]


def run(path: Path) -> list[list[dict]]:
    """Each code cell's outputs."""

    def made() -> str:
        log.info(f"running {named(path)}")
        began = time.monotonic()
        code = [code_of(cell) for cell in code_cells(load(path))]
        outputs = json.dumps(execute(code))
        log.info(f"ran {named(path)} in {time.monotonic() - began:.0f} s")
        return outputs

    place = kept(path)
    place.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{place}.lock"):  # builds side by side run it once
        return json.loads(cache.kept(place, made))


def execute(code: list[str]) -> list[list[dict]]:
    """Run cells in an empty folder, with one thread so that runs do not differ."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in code]
    )
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook,
            timeout=1200,
            coalesce_streams=True,  # how a cell prints depends on timing otherwise
            resources={"metadata": {"path": folder}},
            # its only warning is of TCP without encryption, here on one machine
            extra_arguments=["--IPKernelApp.log_level=40"],
        )
        try:
            client.execute(env=os.environ | {"OMP_NUM_THREADS": "1"})
        except CellExecutionError as error:
            failed = [
                any(out.output_type == "error" for out in cell.outputs)
                for cell in notebook.cells
            ]
            number = failed.index(True) + 1 if any(failed) else "?"
            raise NotebookError(
                f"code cell {number}: {error.ename}: {error.evalue}"
            ) from error
        except RuntimeError as error:  # the kernel died, or never came up
            raise NotebookError(str(error)) from error
    for number, cell in enumerate(notebook.cells, 1):
        for out in cell.outputs:
            if out.get("name") == "stderr":
                raise NotebookError(f"code cell {number} warns: {out.text.strip()}")
            out.pop("execution_count", None)
    return [cell.outputs for cell in notebook.cells]


def as_markdown(notebook: dict) -> tuple[str, list[tuple[int, int]]]:
    """A notebook as a page's text, and for every line its (cell, line in the cell)."""
    lines: list[str] = []
    origin: list[tuple[int, int]] = []

    def add(text: str, cell: int) -> None:
        for number, line in enumerate(text.split("\n"), 1):
            lines.append(line)
            origin.append((cell, number))

    for number, cell in enumerate(notebook["cells"], 1):
        text = text_of(cell).rstrip("\n")
        if cell["cell_type"] == "code":
            code = f"```python\n{text}\n```\n"
            if file := cell["metadata"].get("file"):  # a whole snippet: read on request
                if downloadable(file):
                    code = code.replace("\n", f' title="{file}"\n', 1)
                code = folded(f"snippets/{file}", code)
            elif title := cell["metadata"].get("plot"):
                code = folded(title, code, "abstract plot")
            add(code, number)
            add(f'<div data-cell="{cell["id"]}"></div>\n', number)
        else:  # Markdown, and the raw cell that holds the front matter
            add(text + "\n", number)
    return "\n".join(lines), origin


def folded(title: str, code: str, kind: str = "abstract") -> str:
    """Code to be read on request."""
    return f'??? {kind} "{title}"\n\n' + indent(code, "    ")


def downloadable(file: str) -> bool:
    return snippet(file) in measurable()


def is_notebook(page) -> bool:
    return page.file.src_uri.endswith(".ipynb")


def on_page_read_source(page) -> str | None:
    if is_notebook(page):
        return as_markdown(json.loads(page.file.content_string))[0]
    return None


def place(page) -> Callable[[int], str] | None:
    """Where a line of a notebook's text stands in the notebook."""
    if not is_notebook(page):
        return None
    text, origin = as_markdown(json.loads(page.file.content_string))
    body = text.split("\n---\n", 1)[1].lstrip("\n") if text[:4] == "---\n" else text
    before = text.count("\n") - body.count("\n")

    def at(line: int) -> str:
        cell, row = origin[min(line + before, len(origin)) - 1]
        return f": cell {cell}, line {row}"

    return at


def on_pre_page(page) -> None:
    if is_notebook(page):
        page.render = functools.partial(render, page, page.render)


def render(page, jupyter, config, files) -> None:
    """Text through the page's own Markdown, outputs through mkdocs-jupyter."""
    MkDocsPage.render(page, config, files)
    text, toc = page.content, page.toc

    notebook = json.loads(page.file.content_string)
    alts = {cell["id"]: alts_of(cell) for cell in notebook["cells"]}
    for number, cell in enumerate(notebook["cells"], 1):
        if None in alts[cell["id"]]:
            log.error(
                f"{config.extra['page'].path}: cell {number} shows a picture "
                "without words: "
                'display(…, metadata={"alt": "…"})'
            )

    def convert() -> str:
        jupyter(config, files)
        return json.dumps(outputs_in(page.content, alts))

    code = Path(__file__).read_bytes()
    tools = version("mkdocs-jupyter") + version("nbconvert")
    kept = cache.key(tools, code, page.file.content_string)
    outputs = json.loads(cache.kept(cache.FOLDER / "outputs" / f"{kept}.json", convert))
    now = config.extra["page"]
    page.toc = toc
    page.content = re.sub(
        r'<div data-cell="([^"]+)"></div>',
        lambda found: now.insert(outputs[found[1]]),
        text,
    )


def alts_of(cell: dict) -> list[str | None]:
    """What each of a cell's pictures shows, in words."""
    return [
        out["metadata"].get("alt")
        for out in cell.get("outputs", [])
        if "image/svg+xml" in out.get("data", {})
    ]


def outputs_in(converted: str, alts: dict[str, list[str | None]]) -> dict[str, str]:
    """The output of every code cell in mkdocs-jupyter's page, by the cell's id."""
    tree = html.fromstring(f"<div>{converted}</div>")
    found = {}
    for cell in tree.xpath("//div[starts-with(@id, 'cell-id=')]"):
        name = cell.get("id").removeprefix("cell-id=")
        areas = cell.find_class("jp-OutputArea-output")
        inside = "".join(
            html.tostring(area, encoding="unicode", with_tail=False) for area in areas
        )
        for number, alt in enumerate(alts[name]):
            place = functools.partial(inlined, alt or "", f"{name}-{number}-")
            inside = PICTURE.sub(place, inside, count=1)
        found[name] = f'<div class="cell-output">{inside}</div>' if inside else ""
    return found


def inlined(alt: str, prefix: str, packed: re.Match) -> str:
    """A picture that nbconvert packs away, as part of the page and in its colours."""
    svg = base64.b64decode(packed[1]).decode().replace(TEXT_COLOUR, "currentColor")
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub("<[^>]+>", lambda tag: FINER.sub(r"\1", tag[0]), svg)
    svg = re.sub(
        r'(\bid="|href="#|url\(#)', rf"\g<1>{prefix}", svg[svg.index("<svg") :]
    )
    return svg.replace("<svg", f'<svg role="img" aria-label="{escape(alt)}"', 1)


def on_post_page(page, config) -> None:
    """Offer the notebook as a reader needs it, away from this site."""
    if not is_notebook(page):
        return
    notebook = json.loads(page.file.content_string)
    text = json.dumps(for_reader(notebook, page, config), ensure_ascii=False, indent=1)
    place = Path(page.file.abs_dest_path).with_name(f"{page.file.name}.ipynb")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text + "\n", encoding="utf-8")


def for_reader(notebook: dict, page, config) -> dict:
    """Calls answered, ids and front matter gone, links to the published site."""
    now = config.extra["page"]
    now.meta = page.meta
    root = config.extra["roots"].get(now.language)

    def linked(found: re.Match) -> str:
        text, path, place = found.groups()
        target = posixpath.normpath(
            posixpath.join(posixpath.dirname(page.file.src_uri), path)
        )
        file = config.extra["files"].get_file_from_path(target)
        return f"[{text}]({root}{file.url}{place or ''})" if root and file else text

    cells = []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "raw":
            continue
        if cell["cell_type"] == "markdown":
            text = IDENTITY.sub("", now.plain(text_of(cell)))
            cell = cell | {"source": LINK.sub(linked, text)}
        cells.append(cell)
    return notebook | {"cells": cells}
