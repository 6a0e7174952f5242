"""A page's last step: inserts come in; numbers, code and terms get their notes."""

import itertools
import re
from collections.abc import Callable
from html import escape, unescape

from draw import numbers
from markup.facts import Facts, spoken

INSERT = re.compile(r'<(div|span) data-insert="(\d+)">[^<]*</\1>')
NUMBER = re.compile(r'<data value="([^"]*)" data-of="([^"]*)">([^<]*)</data>')
PICTURE = re.compile(r'aria-labelledby="t([0-9a-f]{8}) d.*?</desc>', re.DOTALL)
TERM = re.compile(r'<abbr title="([^"]*)">([^<]*)</abbr>')
TITLE = re.compile(r'<span class="filename">((?:models|tricks)/[\w/]+\.py)</span>')

HANGUL = "[가-힣]"
CLOSED = rf"(?:</[a-z]+>)*(?={HANGUL})"
# What may stand before a Korean ending; else what is left as it is, and tags
BEFORE = re.compile(
    rf"(?P<word><(?P<tag>code|math)\b(?:(?!</(?P=tag)>).)*</(?P=tag)>{CLOSED}"
    rf"|[)\]’”%]{CLOSED})"
    r"|<(?P<left>code|pre|svg|math|script|style)\b.*?</(?P=left)>|<[^>]*>",
    re.DOTALL,
)
JOINER = "&#8288;"  # no line begins behind it

WORDS = {
    "ko": {
        "measured": "잰 값",
        "timed": "시간을 잰 값",
        "printed": "실행해서 얻은 값",
        "run": "실험에서 얻은 값",
        "calc": "계산한 값",
        "quoted": "인용한 값",
        "tested": "torch {}에서 시험함",
        "download": "내려받기",
    },
    "en": {
        "measured": "measured",
        "timed": "timed",
        "printed": "printed by",
        "run": "from the experiment",
        "calc": "calculated",
        "quoted": "quoted from",
        "tested": "tested with torch {}",
        "download": "download",
    },
}


class Finisher:
    """`code_at(file)` gives the address, seen from the page, of a file's code."""

    def __init__(self, facts: Facts, language: str, torch: str):
        self.facts = facts
        self.language = language
        self.words = WORDS[language]
        self.torch = ".".join(torch.split("+")[0].split(".")[:2])

    def __call__(
        self,
        html: str,
        inserts: list[str],
        code_at: Callable[[str], str],
        download_at: Callable[[str], str],
    ) -> str:
        html = inserted(html, inserts)
        pictures = itertools.count(1)
        html = PICTURE.sub(lambda found: numbered(found, next(pictures)), html)
        seen: set[str] = set()
        html = TITLE.sub(lambda found: self.title(found[1], download_at, seen), html)
        terms = itertools.count(1)
        html = TERM.sub(lambda found: term(found, next(terms)), html)
        if self.language == "ko":
            html = BEFORE.sub(joined, html)
        notes = itertools.count(1)
        return NUMBER.sub(lambda found: self.number(found, code_at, next(notes)), html)

    def title(self, file: str, download_at, seen: set[str]) -> str:
        identity = "" if file in seen else f' id="{anchor(file)}"'
        seen.add(file)
        return (
            f'<span class="filename"{identity}><span>snippets/{file}</span>'
            f'<span class="tested">{self.words["tested"].format(self.torch)}</span>'
            f'<a href="{download_at(file)}" download>{self.words["download"]}</a>'
            "</span>"
        )

    def number(self, found: re.Match, code_at, note: int) -> str:
        value, of, text = found.groups()
        kind, file, how = numbers.parts(unescape(of))
        said = f"<code>{escape(how)}</code>" if how and kind != "quoted" else ""
        if file in self.facts.sources:  # quoted, or calculated from what is quoted
            source = self.facts.source(file)
            link = (
                f'<a href="{escape(source["url"])}">'
                f"{escape(spoken(source['title'], self.language))}</a>"
            )
            said = f"{link} {escape(how)}" if kind == "quoted" else f"{said} {link}"
        elif file:
            name = file if file.endswith(".ipynb") else f"snippets/{file}"
            address = code_at(file)
            said += f' <a href="{address}">{name}</a>' if address else f" {name}"
        return (
            f'<span class="number"><span class="number__value" role="button" '
            f'tabindex="0" aria-describedby="why-{note}">'
            f'<data value="{value}">{text}</data></span>'
            f'<span class="number__why" role="note" id="why-{note}">'
            f"{self.words[kind]} {said}</span></span>"
        )


def joined(found: re.Match) -> str:
    """A line may begin with a word, but not with the ending of one."""
    return found[0] + JOINER if found["word"] else found[0]


def inserted(html: str, inserts: list[str]) -> str:
    """HTML with what was kept out of its Markdown; an insert may hold another."""
    while INSERT.search(html):
        html = INSERT.sub(lambda found: inserts[int(found[2])], html)
    return html


def term(found: re.Match, note: int) -> str:
    """A term whose meaning opens on hover, focus or tap, as the origin of a number."""
    means, text = found.groups()
    return (
        f'<span class="term"><span class="term__word" role="button" tabindex="0" '
        f'aria-describedby="means-{note}">{text}</span>'
        f'<span class="term__means" role="note" id="means-{note}">{means}</span></span>'
    )


def numbered(found: re.Match, number: int) -> str:
    """One picture may stand on a page twice; its ids may not."""
    return found.group().replace(found[1], f"{found[1]}-{number}")


def anchor(file: str) -> str:
    return "code-" + file.removesuffix(".py").replace("/", "-").replace("_", "-")
