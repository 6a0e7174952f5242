"""A page read once more as HTML: faults that its Markdown hides."""

import re
from collections.abc import Iterator
from itertools import chain
from urllib.parse import urlsplit

from lxml import html

from markup import typed

UNREAD = (
    "//code | //pre | //data | //*[@data-insert] | //*[local-name()='math'] | //svg "
    "| //script | //style"
)
BLOCKS = (
    "//p | //li | //h1 | //h2 | //h3 | //h4 | //h5 | //h6 | //td | //th | //dt | //dd "
    "| //figcaption | //caption | //summary | //div | //blockquote | //section"
)
HEADINGS = "//h1 | //h2 | //h3 | //h4 | //h5 | //h6"
ABOVE = " | ".join(f"preceding::h{level}" for level in range(1, 7))
ANSWERS = (  # those that no exercise of the page has
    "//details[contains(@class, 'success')]"
    "[not(parent::li[starts-with(@id, 'exercise-')])]"
)
OUTSIDE = (
    "an answer (??? success) belongs under a numbered exercise, in the section whose "
    "heading ends with {#exercises}"
)
SAID = ("alt", "title", "aria-label", "placeholder")
LOADING = ("src", "srcset", "poster", "data")
ADDRESS = re.compile(r"(?:^|[\s,(\"'])((?:https?:)?//[^\s,)\"']+)")
BREAK = "\u2029"  # the sign for the end of a paragraph


def faults(content: str, own_ids: set[str]) -> Iterator[tuple[str, str]]:
    """Every fault, as (what to look for in the source, what is wrong)."""
    tree = html.fragment_fromstring(content, create_parent="div")
    yield from misplaced(tree, own_ids)
    yield from foreign(tree)
    for element in tree.xpath(UNREAD):
        element.text = " "
        for child in list(element):
            element.remove(child)
    for block in tree.xpath(BLOCKS):
        block.text = BREAK + (block.text or "")
        block.tail = BREAK + (block.tail or "")
    attributes = chain.from_iterable(tree.xpath(f"//@{name}") for name in SAID)
    for text in chain(tree.text_content().split(BREAK), attributes):
        text = " ".join(text.split())
        if "{{" in text or "}}" in text:
            yield "{{", f"'{text[:60]}' holds a call that was not answered"
        for found in typed.in_prose(text):
            yield found, found


def misplaced(tree: html.HtmlElement, own_ids: set[str]) -> Iterator[tuple[str, str]]:
    for heading in tree.xpath(HEADINGS):
        title = titled(heading)
        if heading.get("id") not in own_ids:
            yield title, f"the heading '{title}' has no id of its own: {{#an-id}}"
    for link in tree.xpath("//a[.//data or .//a]"):
        yield link.text_content(), "a number has a link already: put it beside this one"
    for answer in tree.xpath(ANSWERS):
        (under,) = answer.xpath(f"({ABOVE})[last()]") or [tree]
        yield titled(under), OUTSIDE
    for section in tree.xpath("//h2[@id='exercises']"):
        if not tree.xpath("//li[starts-with(@id, 'exercise-')]"):
            yield titled(section), "a section of exercises has a numbered list of them"
    for code in tree.xpath("//code | //@alt"):
        text = code if isinstance(code, str) else code.text_content()
        if "data-of=" in text:
            yield "{{", "a call in an indented code block or in an alt text"
    ids = tree.xpath("//@id")
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        yield name, f"the id '{name}' stands twice"


def titled(heading: html.HtmlElement) -> str:
    return " ".join(heading.text_content().split()).removesuffix("#").strip()


def foreign(tree: html.HtmlElement) -> Iterator[tuple[str, str]]:
    """What the page itself would load from elsewhere; links may lead anywhere."""
    loaded = [value for name in LOADING for value in tree.xpath(f"//@{name}")]
    loaded += tree.xpath("//@style | //style/text() | //link/@href")
    for value in loaded:
        for address in ADDRESS.findall(value):
            if urlsplit(address).netloc:
                yield address, f"the page would load {address}: keep a copy here"
