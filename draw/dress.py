"""Graphviz's SVG made part of a page: classes for colours, words, bars, links."""

import re
from dataclasses import dataclass

from lxml import etree

import cache

BAR = 96.0
SLANT = 9.0
SHRINKS = 440  # a picture so wide may shrink to a phone's width; a wider one scrolls
SVG = "{http://www.w3.org/2000/svg}"
FORMS = ("path", "polygon", "ellipse")


@dataclass(frozen=True)
class Box:
    params: int
    label: str  # what it is called where only a sign stands in it
    link: str = ""


def dressed(
    drawn: str, boxes: dict[str, Box], longest: int, name: str, words: str
) -> str:
    root = etree.fromstring(drawn.encode(), etree.XMLParser(remove_comments=True))
    etree.cleanup_namespaces(root)
    page = root.find(f"{SVG}g")
    page.remove(page.find(f"{SVG}polygon"))
    for group in page.findall(f"{SVG}g"):
        identity = group.attrib.pop("id", None)
        for said in group.findall(f"{SVG}title"):
            group.remove(said)
        for form in ("narrowing", "widening"):
            if form in group.get("class").split():
                slant(group, form)
        if box := boxes.get(identity):
            add_bar(group, box.params, longest)
            if box.link:
                link(group, box)
    page.attrib.pop("id", None)
    for said in page.findall(f"{SVG}title"):
        page.remove(said)
    for element in root.iter():
        for look in ("fill", "stroke", "font-family", "font-weight"):
            if look != "font-weight" or element.get(look) != "bold":
                element.attrib.pop(look, None)
    raise_words(page)
    speak(root, name, words, linked=any(box.link for box in boxes.values()))
    for side in ("width", "height"):
        root.set(side, f"{float(root.get(side)[:-2]) * 4 / 3:.0f}")
    if int(root.get("width")) <= SHRINKS:
        root.set("class", "shrinks")
    text = etree.tostring(root, encoding="unicode")
    return text.replace(' xmlns="http://www.w3.org/2000/svg"', "", 1)


def raise_words(page: etree._Element) -> None:
    """Lines first, then boxes, then the words at the lines: no line crosses a word."""
    groups = {"edge": [], "node": []}
    for group in page.findall(f"{SVG}g"):
        groups[group.get("class", "").split()[0]].append(group)
    words = etree.Element(f"{SVG}g", {"class": "shapes"})
    for group in groups["edge"]:
        for text in group.findall(f"{SVG}text"):
            words.append(text)
    for group in [*groups["edge"], *groups["node"], words]:
        page.append(group)


def speak(root: etree._Element, name: str, words: str, linked: bool) -> None:
    """A title and a description; an image has no links inside, a group may."""
    identity = cache.key(name, words)[:8]
    root.set("role", "group" if linked else "img")
    root.set("aria-labelledby", f"t{identity} d{identity}")
    for tag, text in (("desc", words), ("title", name)):
        element = etree.Element(f"{SVG}{tag}", id=f"{tag[0]}{identity}")
        element.text = text
        root.insert(0, element)


def link(group: etree._Element, box: Box) -> None:
    """Put what is in a box into a link that the keyboard reaches."""
    lines = ["".join(text.itertext()) for text in group.iter(f"{SVG}text")]
    name = box.label or ", ".join(lines)
    leads = etree.Element(f"{SVG}a", {"href": box.link, "aria-label": name})
    leads.extend(list(group))
    group.append(leads)


def slant(group: etree._Element, form: str) -> None:
    """A rectangle as what comes in wide and goes out narrow, or the other way."""
    polygon = group.find(f"{SVG}polygon")
    left, _, bottom = extent(group)
    corners = [point.split(",") for point in polygon.get("points").split()]
    moved = []
    for x, y in corners:
        if (float(y) == bottom) == (form == "narrowing"):
            x = f"{float(x) + (SLANT if float(x) == left else -SLANT):.2f}"
        moved.append(f"{x},{y}")
    polygon.set("points", " ".join(moved))


def add_bar(group: etree._Element, params: int, longest: int) -> None:
    if not params or not longest:
        return
    left, right, bottom = extent(group)
    start = (left + right - BAR) / 2
    for kind, width in (("track", BAR), ("bar", BAR * params / longest)):
        etree.SubElement(
            group,
            f"{SVG}rect",
            {
                "class": kind,
                "x": f"{start:.2f}",
                "y": f"{bottom - 9:.2f}",
                "width": f"{max(width, 0.5):.2f}",
                "height": "4",
            },
        )


def extent(group: etree._Element) -> tuple[float, float, float]:
    """Left, right and bottom of a box's form."""
    form = next(child for child in group if child.tag in {SVG + f for f in FORMS})
    numbers = [
        float(x) for x in re.findall(r"-?[\d.]+", form.get("points") or form.get("d"))
    ]
    return min(numbers[0::2]), max(numbers[0::2]), max(numbers[1::2])
