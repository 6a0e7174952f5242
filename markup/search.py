"""What readers call things, put beside the words that pages use.

theme/javascripts/search.js reads it out of Material's index, from its config: `names`
of pages and `terms` of the glossary, both as

    {place: {a name for it: the words to search for, "" for the name itself}}
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from markup import glossary
from markup.facts import Facts

WORDS = {"en": re.compile(r"[a-z]+|\d+"), "ko": re.compile(r"[a-z]+|\d+|[가-힣]+")}


class SearchError(Exception):
    """Two pages claim the same name, or to explain the same."""


@dataclass(frozen=True)
class Listed:
    """A page that can be found: its file, its address, and its front matter."""

    path: str
    url: str
    meta: dict


def check(pages: list[Listed]) -> None:
    """No name and no term may lead to two pages."""
    claimed: dict[str, str] = {}
    for page in pages:
        aliases = [str(alias) for alias in page.meta.get("aliases", [])]
        for name in (page.meta.get("title", ""), *aliases):
            other = claimed.setdefault(name.lower(), page.path)
            if other != page.path:
                raise SearchError(f"{page.path}: {other}, too, is called '{name}'")
        for term in page.meta.get("explains", {}):
            other = claimed.setdefault(f"explains {term}", page.path)
            if other != page.path:
                raise SearchError(f"{page.path}: {other}, too, explains '{term}'")


def complete(
    index: dict, pages: list[Listed], facts: Facts, language: str, glossary_at: str
) -> None:
    """Give Material's index the terms of the glossary and the names of every place."""
    index["docs"] += definitions(language, glossary_at)
    texts = (f"{entry['title']} {entry['text']}" for entry in index["docs"])
    used = Used(texts, language)
    places = {entry["location"] for entry in index["docs"]}
    explained = {
        term: f"{page.url}#{heading}"
        for page in pages
        for term, heading in page.meta.get("explains", {}).items()
    }
    terms: dict[str, dict[str, str]] = {}
    for term, entry in glossary.entries().items():
        place = explained.get(term, f"{glossary_at}#term-{term}")
        if place not in places:  # the first heading: the page itself
            place = place.partition("#")[0]
        called = terms.setdefault(place, {})
        for name in forms(entry):
            called[name] = "" if name in used else entry[language]
        called |= dict.fromkeys(entry.get("avoid", []), entry[language])
    index["config"]["names"] = {page.url: named(page, used, facts) for page in pages}
    index["config"]["terms"] = terms


def definitions(language: str, glossary_at: str) -> Iterator[dict]:
    """An entry of the index for each term of the glossary."""
    for term, entry in glossary.entries().items():
        yield {
            "location": f"{glossary_at}#term-{term}",
            "title": escape(glossary.titled(entry, language), quote=False),
            "text": f"<p>{escape(entry['means'][language], quote=False)}</p>",
        }


def forms(entry: dict) -> Iterator[str]:
    """What a term is called in both languages."""
    also = entry.get("also", {}).values()
    yield from (entry[language].partition("(")[0] for language in ("ko", "en"))
    yield from (name for names in also for name in names)
    yield from ([entry["short"]] if "short" in entry else [])
    yield from entry.get("search", [])


def named(page: Listed, used: "Used", facts: Facts) -> dict[str, str]:
    """What a page is called: its title and aliases, its models and their counts."""
    title = page.meta["title"]
    names = {title: ""}
    for alias in map(str, page.meta.get("aliases", [])):
        names[alias] = "" if alias in used else title
    for model in page.meta.get("models", [page.meta.get("network")]):
        if model in facts.models:  # a model that is not stops the build elsewhere
            measured = facts.models[model].measured
            for name in (model, measured["params"], measured["macs"]):
                names[str(name)] = ""
    return names


class Used:
    """The words of all pages in their language, to ask whether they use a name."""

    def __init__(self, texts: Iterable[str], language: str):
        words = WORDS[language].findall(" ".join(texts).lower())
        self.text = f" {' '.join(words)} "

    def __contains__(self, name: str) -> bool:
        words = " ".join(WORDS["ko"].findall(name.lower()))
        if re.search("[가-힣]$", words):  # an ending may follow
            return f" {words}" in self.text
        return f" {words} " in self.text or f" {words}s " in self.text
