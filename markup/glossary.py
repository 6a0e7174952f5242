"""The words of the field: docs/glossary.yml, its page, and notes in the others.

{{ glossary() }} is the whole list.
"""

import functools
import re
from collections.abc import Iterator
from html import escape

import yaml

import cache
from draw.words import word
from markup import strict

FILE = cache.ROOT / "docs" / "glossary.yml"
NEEDED = {"ko", "en", "means"}


class GlossaryError(Exception):
    """docs/glossary.yml is wrong."""


@functools.cache
def entries() -> dict[str, dict]:
    try:
        found = strict.load(FILE.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise GlossaryError(f"docs/glossary.yml: {error}") from error
    for name, entry in found.items():
        lacking = NEEDED - set(entry) or {"ko", "en"} - set(entry["means"])
        if lacking:
            what = ", ".join(sorted(lacking))
            raise GlossaryError(f"docs/glossary.yml: {name} lacks {what}")
    return found


@functools.cache
def terms(language: str) -> tuple[re.Pattern, dict[str, str]]:
    """What finds a term in a text of a language, and each term's entry."""
    named = {
        term.lower(): name
        for name, entry in entries().items()
        for term in (entry[language], *entry.get("also", {}).get(language, []))
        if len(term) > 1
    }
    longest_first = sorted(map(re.escape, named), key=len, reverse=True)
    # LR-ASPP is not ASPP.
    whole = rf"(?<!\w-)\b(?:{'|'.join(longest_first)})(?=(?:e?s)?\b)"
    inside_words = rf"(?<!\w-)(?<!\d)(?:{'|'.join(longest_first)})"  # particles follow
    pattern = inside_words if language == "ko" else whole
    return re.compile(pattern, re.IGNORECASE), named


def explained(text: str, language: str, seen: set[str]) -> str:
    """Mark each term that the page has not had yet, with its meaning."""
    pattern, named = terms(language)

    def tip(found: re.Match) -> str:
        name = named[found.group().lower()]
        if name in seen:
            return found.group()
        seen.add(name)
        means = escape(entries()[name]["means"][language])
        return f'<abbr title="{means}">{found.group()}</abbr>'

    return pattern.sub(tip, text)


def avoided(text: str) -> Iterator[tuple[str, str]]:
    """Korean words that have a better one: the word, and what to write instead."""
    for entry in entries().values():
        for other in entry.get("avoid", []):
            if other in text:
                yield other, entry["ko"]


def titled(entry: dict, language: str) -> str:
    """A term with its other names in brackets, as a page first writes it."""
    also = [entry["short"]] if "short" in entry else []
    if language == "ko":
        also.append(entry["en"])
    also = [name for name in dict.fromkeys(also) if name != entry[language]]
    space = "" if language == "ko" else " "
    return f"{entry[language]}{space}({', '.join(also)})" if also else entry[language]


def glossary(page) -> str:
    """All terms, in the order of the page's language."""
    here, other = ("ko", "en") if page.language == "ko" else ("en", "ko")
    listed = sorted(entries().items(), key=lambda item: item[1][here].lower())
    rows = []
    for name, entry in listed:
        short = f" ({escape(entry['short'])})" if "short" in entry else ""
        avoid = ", ".join(entry.get("avoid", []))
        rows.append(
            f'<tr id="term-{name}"><th scope="row">{escape(entry[here])}'
            f'<br><span lang="{other}">{escape(entry[other])}{short}</span></th>'
            f"<td>{escape(entry['means'][page.language])}</td>"
            f'<td lang="ko">{escape(avoid)}</td></tr>'
        )
    heads = ("term", "meaning", "not")
    head = "".join(f'<th scope="col">{word(h, page.language)}</th>' for h in heads)
    return (
        '<div class="md-typeset__scrollwrap"><div class="md-typeset__table">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody>"
        "</table></div></div>"
    )
