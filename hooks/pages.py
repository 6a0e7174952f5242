"""Joins `markup` to MkDocs: one page at a time, faults into MkDocs' log."""

import functools
import logging
from importlib.metadata import version
from pathlib import Path

from mkdocs.exceptions import PluginError
from mkdocs.utils import get_relative_url

from hooks import notebooks
from markup import glossary
from markup.blocks import tells_of_others
from markup.exercises import Exercises
from markup.facts import Facts, FactsError
from markup.fences import custom_fences
from markup.finish import Finisher, anchor
from markup.formulas import Formulas
from markup.glossary import GlossaryError
from markup.page import Page, including
from measure.cache import MeasureError

log = logging.getLogger("mkdocs.hooks.pages")
ROOT = Path(__file__).resolve().parent.parent


@functools.cache
def facts() -> Facts:
    return Facts()


def on_config(config) -> None:
    try:
        known = facts()
        glossary.entries()
    except (MeasureError, FactsError, GlossaryError) as error:
        raise PluginError(str(error)) from error
    page = Page(known, config.extra["language"], report=log.error)
    page.blocks = blocks(config.extra["entries"], page.language)
    config.extra["page"] = page
    config.extra["inserts"] = {}
    config.extra["finish"] = Finisher(known, page.language, version("torch"))
    config.markdown_extensions += [Formulas(page), Exercises()]
    superfences = config.mdx_configs.setdefault("pymdownx.superfences", {})
    superfences["custom_fences"] = custom_fences(page)


def blocks(entries: list, language: str) -> dict[str, str]:
    """What the pages of a language call the classes of blocks."""
    named: dict[str, str] = {}
    for entry in entries:
        for name, words in entry.meta.get("blocks", {}).items():
            if named.setdefault(name, words) != words:
                raise PluginError(
                    f"docs/{language}/{entry.path}: front matter, blocks: another page "
                    f"calls {name} '{named[name]}': use one name"
                )
    return named


def on_files(files, config) -> None:
    """Which page explains a snippet: the first in reading order that shows it."""
    shown: dict[str, str] = {}
    for entry in config.extra["entries"]:
        file = files.get_file_from_path(entry.path)
        names = [name for _, name in including(entry.text.splitlines())]
        for name in names + notebooks.INCLUDE.findall(entry.text):
            shown.setdefault(name, f"{file.url}#{anchor(name)}")
        if entry.path.endswith(".ipynb"):
            shown[entry.path] = file.url
    config.extra["shown"] = shown
    config.extra["files"] = files


def on_page_markdown(markdown, page, config, files) -> str:
    now: Page = config.extra["page"]
    docs = Path(config.docs_dir).resolve().relative_to(ROOT)
    now.path = f"{docs}/{page.file.src_uri}"
    now.inserts = config.extra["inserts"][page.file.src_uri] = []
    now.place = notebooks.place(page)
    source = page.file.content_string
    now.first_line = 1
    if not now.place:
        now.first_line += source.count("\n") - markdown.count("\n")
    now.meta = page.meta
    entries = config.extra["entries"]
    now.paths = {entry.path for entry in entries}
    now.entries = entries if tells_of_others(markdown) else []
    now.address = lambda path: get_relative_url(
        files.get_file_from_path(path).url, page.url
    )
    now.check_meta()
    return now.prepare(markdown)


def on_page_content(html, config) -> None:
    config.extra["page"].inspect(html)


def on_post_page(output, page, config) -> str:
    def code_at(file: str) -> str:
        address = config.extra["shown"].get(file)
        return get_relative_url(address, page.url) if address else ""

    def download_at(file: str) -> str:
        return get_relative_url(f"snippets/{file}", page.url)

    inserts = config.extra["inserts"][page.file.src_uri]
    return config.extra["finish"](output, inserts, code_at, download_at)
