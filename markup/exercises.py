"""A page's exercises: an id for each, all of them together, and answers for paper.

{{ exercises() }} is every exercise of every page.
"""

import re
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass
from html import escape
from xml.etree import ElementTree

from lxml import etree, html
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from draw.words import word
from markup.finish import inserted

HEADING = "exercises"  # the id of a page's section of exercises
GATHERED = "<div data-gathered></div>"
SECTION = re.compile(
    rf'<h2[^>]*\bid="{HEADING}"[^>]*>.*?</h2>(?P<inside>.*?)(?=<h[12]\b|\Z)', re.DOTALL
)
ANSWER = "./details[contains(@class, 'success')]"
ORIGIN = re.compile(r' data-of="[^"]*"')  # what a number's note is made of
ATTRIBUTES = {"href", "src"}  # hold addresses
MEANT = {"aria-labelledby", "aria-describedby", "headers", "for"}  # hold ids


class Exercises(Extension):
    """Gives each exercise of a page its id: exercise-1, exercise-2, …"""

    def extendMarkdown(self, md):
        # behind attr_list (8), which names headings; before MkDocs looks for ids (5)
        md.treeprocessors.register(Numberer(md), "exercises", 7)


class Numberer(Treeprocessor):
    def run(self, root: ElementTree.Element) -> None:
        inside, number = False, 0
        for element in root:
            if element.tag in ("h1", "h2"):
                inside = element.get("id") == HEADING
            elif inside and element.tag == "ol":
                for item in element:
                    number += 1
                    item.set("id", f"exercise-{number}")


def exercises(page) -> str:
    """Where all exercises will stand once every page has been rendered."""
    return GATHERED


@dataclass(frozen=True)
class Group:
    """The exercises of one page."""

    title: str
    name: str  # for ids
    address: str
    body: html.HtmlElement


def section(content: str, inserts: list[str]) -> html.HtmlElement | None:
    """What stands in a rendered page's section of exercises, if it has one."""
    if not (found := SECTION.search(content)):
        return None
    inside = inserted(found["inside"], inserts)
    return html.fragment_fromstring(inside, create_parent="div")


def moved(
    body: html.HtmlElement, prefix: str, address: Callable[[str], str] = str
) -> html.HtmlElement:
    """A copy for another place: ids get a prefix, and links follow.

    `address` gives the address of a link, seen from there, that leads out of the copy.
    """
    body = deepcopy(body)
    ids = set(body.xpath(".//@id"))

    def name(old: str) -> str:
        return prefix + old if old in ids else old

    for element in body.iter(etree.Element):
        for attribute, value in element.items():
            if attribute == "id":
                new = name(value)
            elif attribute in MEANT:
                new = " ".join(map(name, value.split()))
            elif attribute in ATTRIBUTES and value.startswith("#") and value[1:] in ids:
                new = "#" + name(value[1:])
            elif attribute in ATTRIBUTES:
                new = address(value)
            else:
                new = re.sub(
                    r"url\(#([^)]+)\)", lambda ref: f"url(#{name(ref[1])})", value
                )
            element.set(attribute, new)
    return body


def together(groups: Iterable[Group]) -> str:
    """All exercises, page by page, each heading leading to the page."""
    said = "".join(
        f'<h2 id="{group.name}"><a href="{group.address}">{escape(group.title)}</a>'
        f'<a class="headerlink" href="#{group.name}">#</a></h2>{inner(group.body)}'
        for group in groups
    )
    return f'<div class="gathered">{said}</div>'


def answers(title: str, groups: list[Group], language: str) -> str:
    """The last sheet of a printed page; on screen an answer is under its exercise."""
    said = ""
    for group in groups:
        items = ""
        body = moved(group.body, "answer-")
        for dress in body.xpath(".//abbr | .//pre//span"):  # colours, what would open
            dress.drop_tag()
        for number, item in enumerate(body.xpath("./ol/li"), 1):
            for details in item.xpath(ANSWER):
                for summary in details.findall("summary"):
                    details.remove(summary)
                items += f'<li value="{number}">{inner(details)}</li>'
        if items:
            name = f"<h3>{escape(group.title)}</h3>" if len(groups) > 1 else ""
            said += f"{name}<ol>{items}</ol>"
    if not said:
        return ""
    heading = word("answers", language, escape(title))
    sheet = f'<section class="answers" hidden><h2>{heading}</h2>{said}</section>'
    return ORIGIN.sub("", sheet)


def inner(element: html.HtmlElement) -> str:
    """The HTML inside an element."""
    parts = (html.tostring(child, encoding="unicode") for child in element)
    return escape(element.text or "", quote=False) + "".join(parts)
