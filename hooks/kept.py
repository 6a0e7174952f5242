"""Rendered pages, kept by the content of all they use.

Each page uses its own text. If that lists what other pages are about, it uses what they
say of themselves; if it calls what a notebook printed, what all of them printed. Of all
else that a build reads it may use anything, which is the world. If any of this changes,
the page is rendered anew.
"""

import contextlib
import copy
import functools
import json
import logging
import os
import pickle
import re
import sys
import time
import zlib
from dataclasses import dataclass, field
from importlib.metadata import distributions
from pathlib import Path

from mkdocs.exceptions import PluginError
from mkdocs.utils import CountHandler

import cache
from draw.picture import DrawError, drawing_code
from hooks import editing
from markup.blocks import tells_of_others

FOLDER = cache.FOLDER / "pages"
TEXTS = (".md", ".ipynb")
RUN = re.compile(r"\brun\s*\(")  # the call for what a notebook printed
UNUSED = 7 * 24 * 3600  # seconds after which a page that no build took is removed


@dataclass
class Rendered:
    """What rendering a page leaves behind."""

    content: str
    toc: object
    anchors: set[str]
    links: dict[str, dict[str, str]]  # to anchors of others, by their path
    inserts: list[str]
    drawings: list[str]
    search: list[dict] = field(default_factory=list)  # entries of the index


@dataclass
class Shelf:
    """The kept pages of one build in one language."""

    world: str
    pages: str  # what all pages say of themselves
    runs: str  # what all notebooks printed
    taken: dict[str, Rendered] = field(default_factory=dict)
    new: dict[str, Rendered] = field(default_factory=dict)
    places: dict[str, Path] = field(default_factory=dict)
    faults: CountHandler = field(default_factory=lambda: CountHandler(level="WARNING"))


def on_config() -> None:
    """Before anything is read: what changes from now on, pages may show old or new."""
    at_first()


def on_files(files, config) -> None:
    try:
        shelf = Shelf(world(config, files), pages(config), runs(config))
    except DrawError as error:
        raise PluginError(str(error)) from error
    config.extra["shelf"] = shelf
    logging.getLogger("mkdocs").addHandler(shelf.faults)
    index = config.plugins["material/search"].search_index
    index.add_entry_from_context = functools.partial(
        listed, shelf, index.entries, index.add_entry_from_context
    )


def on_page_markdown(page, config) -> bool:
    """Whether the page is kept: rendering is then to take it from its shelf."""
    shelf = config.extra.get("shelf")
    if not shelf:
        return False
    uri = page.file.src_uri
    text = page.file.content_string
    others = shelf.pages if tells_of_others(text) else ""
    printed = shelf.runs if RUN.search(text) else ""
    place = FOLDER / cache.key(shelf.world, others, printed, uri, text)
    shelf.places[uri] = place
    shelf.faults.counts.clear()
    if not place.exists():
        return False
    found = shelf.taken[uri] = pickle.loads(zlib.decompress(place.read_bytes()))
    os.utime(place)
    page.render = functools.partial(take, page, found)
    return True


def take(page, found: Rendered, config, files) -> None:
    """Instead of rendering a page, once: an edit while serving renders it anew."""
    del page.render
    page.content, page.toc = found.content, found.toc
    page.present_anchor_ids = found.anchors
    page.links_to_anchors = {
        files.get_file_from_path(path): links for path, links in found.links.items()
    }
    config.extra["inserts"][page.file.src_uri] = found.inserts
    now = config.extra["page"]
    now.meta, now.drawings = page.meta, found.drawings


def taken(page, config) -> bool:
    shelf = config.extra.get("shelf")
    return bool(shelf) and page.file.src_uri in shelf.taken


def on_page_content(html: str, page, config) -> None:
    """Keep a page, unless there was something to say against it."""
    shelf = config.extra.get("shelf")
    if shelf and not shelf.faults.counts:
        links = page.links_to_anchors or {}
        shelf.new[page.file.src_uri] = Rendered(
            html,
            copy.deepcopy(page.toc),  # the page of all exercises adds to its own
            page.present_anchor_ids,
            {file.src_uri: names for file, names in links.items()},
            [*config.extra["inserts"][page.file.src_uri]],
            [*config.extra["page"].drawings],
        )


def listed(shelf: Shelf, entries: list[dict], read, page) -> None:
    """Put a page's entries into Material's index; `read` finds them in its HTML."""
    uri = page.file.src_uri
    if uri in shelf.taken:
        entries += shelf.taken[uri].search
        return
    before = len(entries)
    read(page)
    if uri in shelf.new:
        shelf.new[uri].search = entries[before:]


def on_post_build(config) -> None:
    """Write what was kept, if nothing changed meanwhile; remove what is not in use."""
    shelf = config.extra.pop("shelf", None)
    if not shelf:
        return
    logging.getLogger("mkdocs").removeHandler(shelf.faults)
    if shelf.new and at_first() == sources():
        for uri, rendered in shelf.new.items():
            cache.write(shelf.places[uri], zlib.compress(pickle.dumps(rendered)))
    for place in FOLDER.glob("*"):
        # A build beside this one may have been first.
        with contextlib.suppress(FileNotFoundError):
            if time.time() - place.stat().st_mtime > UNUSED:
                place.unlink()


def world(config, files) -> str:
    """All that pages may use besides their own text, as one name."""
    return cache.key(
        config.extra["language"],
        at_first(),
        drawing_code(),
        repr(sorted(file.src_uri for file in files)),
        repr(sorted(config.extra["page"].blocks.items())),
        repr((config.site_url, config.repo_url, config.use_directory_urls)),
    )


@functools.cache
def at_first() -> str:
    """The sources as they were before any was read, for both languages."""
    return sources()


def sources() -> str:
    """Python, the packages, and all that a build reads but the texts of pages."""
    packages = sorted(f"{found.name} {found.version}" for found in distributions())
    parts: list[str | bytes] = [sys.version, *packages]
    for path in sorted(editing.sources()):
        if not (path.suffix in TEXTS and path.is_relative_to(cache.ROOT / "docs")):
            parts += [str(path.relative_to(cache.ROOT)), path.read_bytes()]
    return cache.key(*parts)


def pages(config) -> str:
    entries = config.extra["entries"]
    return cache.key(repr([(entry.path, entry.meta, entry.shows) for entry in entries]))


def runs(config) -> str:
    return cache.key(json.dumps(config.extra["page"].facts.ran, sort_keys=True))
