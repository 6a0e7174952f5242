"""While serving: what was edited is built again, and nothing else.

An edited text is its page in its language; an edited snippet is the pages that use it.
What other pages tell of it, navigation and search wait for the next whole build, which
any other change brings.
"""

import logging
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from mkdocs.commands.build import _build_page, _populate_page

import cache
from hooks import navigation, notebooks, pages
from hooks.languages import WATCHED
from markup.blocks import tells_of_others
from markup.snippet import alone
from measure.cache import SNIPPETS, MeasureError, measurable, needed

log = logging.getLogger("mkdocs.hooks.editing")
NOT_SOURCES = ("__pycache__", ".ipynb_checkpoints")


@dataclass
class Language:
    """What a whole build of one language leaves behind."""

    config: object
    files: object
    nav: object
    env: object = None

    def render(self, page) -> None:
        _populate_page(page, self.config, self.files)

    def write(self, page) -> None:
        documents = self.files.documentation_pages()
        _build_page(page, self.config, documents, self.nav, self.env)
        level = self.config.validation.links.anchors
        page.validate_anchor_links(files=self.files, log_level=level)


languages: list[Language] = []
known: dict[Path, int] = {}


def on_config() -> None:
    """A whole build begins: what is edited from now on comes after it."""
    languages.clear()
    known.clear()
    known.update(sources())


def on_nav(nav, config, files) -> None:
    languages.append(Language(config, files, nav))


def on_env(env) -> None:
    languages[-1].env = env


def sources() -> dict[Path, int]:
    """Every file that a build reads, with the time of its last change."""
    found = {}
    for name in WATCHED:
        place = cache.ROOT / name
        for path in [place] if place.is_file() else place.rglob("*"):
            hidden = path.name.startswith(".") or path.name.endswith("~")
            if path.is_file() and not hidden and path.parent.name not in NOT_SOURCES:
                found[path] = path.stat().st_mtime_ns
    return found


def follow(builder: Callable[[], None]) -> None:
    """Build again what was edited since the last time."""
    started = time.monotonic()
    now = sources()
    edited = {path for path, _ in known.items() ^ now.items()}
    if not edited:
        return
    try:
        found = edited_pages(edited, now)
        again = {id(page): (language, page) for language, page in found}.values()
    except WholeBuild:
        builder()
        return
    known.update(now)
    for language, page in again:
        language.render(page)
    for language, page in again:  # a page may show what stands on another
        language.write(page)
    names = ", ".join(sorted(str(path.relative_to(cache.ROOT)) for path in edited))
    took = time.monotonic() - started
    log.info(f"Built again in {took:.2f} seconds, pages: {len(again)}, edited: {names}")


class WholeBuild(Exception):
    """What was edited may change every page."""


def edited_pages(edited: set[Path], now: dict[Path, int]) -> Iterable[tuple]:
    """The pages that an edit changes, each with its language."""
    if not languages or any(path not in now or path not in known for path in edited):
        raise WholeBuild
    texts = {path for path in edited if path.suffix == ".md"}
    snippets = {path for path in edited if path in measurable()}
    if edited - texts - snippets:
        raise WholeBuild
    for language in languages:
        yield from pages_of(texts, language)
    if snippets:
        yield from pages_using(snippets)


def pages_of(texts: set[Path], language: Language) -> Iterable[tuple]:
    """The pages of a language whose text was edited, but not their front matter."""
    docs = Path(language.config.docs_dir)
    entries = language.config.extra["entries"]
    for number, entry in enumerate(entries):
        if docs / entry.path in texts:
            try:
                new = navigation.entry(docs, docs / entry.path)
            except ValueError:
                raise WholeBuild from None
            if new.meta != entry.meta:
                raise WholeBuild
            entries[number] = new
            yield language, page_at(entry.path, language)


def pages_using(snippets: set[Path]) -> Iterable[tuple]:
    """The pages that show a snippet, or numbers and pictures of its networks."""
    changed = [path for path in measurable() if snippets & {*needed(path)}]
    files = {path.relative_to(SNIPPETS).as_posix(): path for path in changed}
    before = pages.facts()
    pages.facts.cache_clear()
    try:
        facts = pages.facts()
    except MeasureError:
        raise WholeBuild from None
    names: set[str] = set()
    for file, path in files.items():
        old, new = before.measured.get(file, {}), facts.measured.get(file, {})
        if old != new:
            names |= {file, path.stem, *old, *new}
    for language in languages:
        extra = language.config.extra
        facts.ran = extra["page"].facts.ran
        extra["page"].facts = extra["finish"].facts = facts
        for file, path in files.items():
            target = Path(language.config.site_dir) / "snippets" / file
            cache.write(target, alone(path))
        for entry in extra["entries"]:
            shows = not files.keys().isdisjoint(entry.shows)
            if shows and set(files) & set(notebooks.INCLUDE.findall(entry.text)):
                raise WholeBuild  # its code must run
            if shows or (names and uses(names, entry.text)):
                yield language, page_at(entry.path, language)


def uses(names: set[str], text: str) -> bool:
    """Whether a page's text names a network, or lists those of all pages."""
    word = rf"\b({'|'.join(map(re.escape, sorted(names)))})\b"
    return bool(re.search(word, text)) or tells_of_others(text)


def page_at(path: str, language: Language):
    return language.files.get_file_from_path(path).page
