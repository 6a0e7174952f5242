"""Scatter charts: SVG that follows the page's colours, and links over its points."""

import functools
import itertools
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from draw import labels, numbers
from draw.labels import Dot, Label, Line, Tag

MONO = 0.61  # how wide a letter of a builder's name is, in ems
BOLD = 1.07  # how much wider a text in bold is
TITLE = 1.1  # a family's name against the other words
RADIUS = 4  # of a marker whose area stands for nothing
LEAST = 2.2  # the dot in the middle of a marker whose area stands for something
HUES, DASHES = 5, 3  # in which families take turns


@dataclass(frozen=True)
class Point:
    """`said` is what it says when it is asked, in lines.

    The area of its marker stands for `size`, if it has one. The points of one `family`
    are joined from left to right, and each has a `short` name beside the family's.
    """

    name: str
    x: float
    y: float
    said: tuple[str, ...]
    link: str = ""
    size: float = 0
    family: str = ""
    short: str = ""

    def extends(self, other: "Point") -> bool:
        """Whether it is the other with something more, as vgg16_bn is vgg16."""
        return self.name.startswith(f"{other.name}_")


@dataclass(frozen=True)
class Frame:
    """How large a chart is, the room for its axes, and its largest marker's radius."""

    width: int
    height: int
    font: int = 11
    largest: int = RADIUS
    left: int = 46
    right: int = 8
    top: int = 8
    bottom: int = 44
    beside: int = 14  # the room for a name to the right of the last marker
    between: int = 16  # the least room between two lines across

    @property
    def inside(self) -> labels.Box:
        right, bottom = self.width - self.right, self.height - self.bottom
        return self.left, self.top, right, bottom


USUAL = Frame(330, 380)


class Axis:
    """A scale whose outermost values stand `edge` within its start and its end."""

    def __init__(self, values: list[float], start: float, end: float, edge: float):
        self.start, self.end = start, end
        low, high = self.scale(min(values)), self.scale(max(values))
        more = edge * (high - low or 1) / (abs(end - start) - 2 * edge)
        self.low, self.high = low - more, high + more

    def scale(self, value: float) -> float:
        return value

    def at(self, value: float) -> float:
        share = (self.scale(value) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def ticks(self, room: float) -> list[float]:
        """Round values, as many as stand `room` apart."""
        long = abs(self.end - self.start) / (self.high - self.low)
        step = next(step for step in rounds(-6, 12) if step * long >= room)
        first, last = math.ceil(self.low / step), math.floor(self.high / step)
        return [number * step for number in range(first, last + 1)]


class Logarithmic(Axis):
    def scale(self, value: float) -> float:
        return math.log10(value)

    def ticks(self, room: float) -> list[float]:
        for steps in ((1, 2, 5), (1, 3), (1,)):
            known = rounds(math.floor(self.low), math.ceil(self.high), steps)
            found = [x for x in known if self.low <= self.scale(x) <= self.high]
            places = sorted(map(self.at, found))
            gaps = (after - before for before, after in itertools.pairwise(places))
            if all(gap >= room for gap in gaps):
                break
        return found


def rounds(first: int, last: int, steps: tuple = (1, 2, 5)) -> Iterator[float]:
    """1, 2, 5, 10, 20 and so on, from one power of ten to another."""
    for power in range(first, last + 1):
        yield from (step * 10.0**power for step in steps)


def scatter(
    points: list[Point],
    language: str,
    *,
    title: str,
    across: str,
    up: str,
    area: str = "",
    rising: type[Axis] = Logarithmic,
    frames: tuple[Frame, ...] = (USUAL,),
    beside: Iterable[list[Point]] = (),
) -> str:
    """Points with their names; `across`, `up` and `area` say what is measured.

    Of several frames the page shows the one for which it has the room. The points
    themselves, which say their values on hover and focus, are there once. A family
    looks as it does in the charts `beside`, which show the same families.
    """
    drawings = [Drawing(points, frame, rising) for frame in frames]
    others = [Drawing(other, USUAL, rising) for other in beside]
    looks = dressed(drawings + others)
    for drawing in drawings:
        drawing.looks = looks
    seen = "".join(x.svg(language, across, up, area) for x in drawings)
    places = zip(points, *(drawing.places() for drawing in drawings), strict=True)
    spots = "".join(spot(point, where) for point, *where in places)
    many = " chart--frames" if len(frames) > 1 else ""
    return (
        f'<div class="chart{many}">{seen}'
        f'<ul class="chart__points" aria-label="{escape(title)}">{spots}</ul></div>'
    )


def spot(point: Point, where: list[labels.Place]) -> str:
    """A point as a link, with its place in each frame as shares of width and height."""
    places = ";".join(
        f"--x{number}:{x:.2f};--y{number}:{y:.2f}"
        for number, (x, y) in enumerate(where)
    )
    lines = "".join(f"<span>{escape(line)}</span>" for line in point.said)
    said = f'<span class="chart__why"><b>{escape(point.name)}</b>{lines}</span>'
    inside = (
        f'<a href="{escape(point.link)}">{said}</a>'
        if point.link
        else f'<span tabindex="0">{said}</span>'
    )
    return f'<li style="{places}">{inside}</li>'


class Drawing:
    """A chart in one frame."""

    def __init__(self, points: list[Point], frame: Frame, rising: type[Axis]):
        left, top, right, bottom = frame.inside
        self.points, self.frame = points, frame
        aside, above = frame.largest + frame.beside, frame.largest + 14
        self.x = Logarithmic([point.x for point in points], left, right, aside)
        self.y = rising([point.y for point in points], bottom, top, above)
        self.largest = max(point.size for point in points)
        self.dots: list[Dot] = [
            (self.x.at(point.x), self.y.at(point.y), self.radius(point.size))
            for point in points
        ]
        self.families: dict[str, list[int]] = {}
        for number, point in enumerate(points):
            self.families.setdefault(point.family, []).append(number)

    @functools.cached_property
    def looks(self) -> dict[str, str]:
        """Those of this chart alone; `scatter` gives charts side by side the same."""
        return dressed([self])

    def radius(self, size: float) -> float:
        if not self.largest:
            return RADIUS
        return max(LEAST, self.frame.largest * math.sqrt(size / self.largest))

    def places(self) -> Iterator[labels.Place]:
        for x, y, _ in self.dots:
            yield 100 * x / self.frame.width, 100 * y / self.frame.height

    def joined(self, family: str) -> list[tuple[int, int]]:
        """The pairs of a family's points that a line joins.

        What extends another point hangs on that one; the rest is one line.
        """
        if not family:
            return []
        members = self.families[family]
        hanging = {
            one: other
            for one, other in itertools.permutations(members, 2)
            if self.points[one].extends(self.points[other])
        }
        line = [number for number in members if number not in hanging]
        line.sort(key=lambda number: self.points[number].x)
        return [*itertools.pairwise(line), *((b, a) for a, b in hanging.items())]

    def between(self, one: str, other: str) -> float:
        """How far two families are from each other."""
        return min(
            math.dist(self.dots[a][:2], self.dots[b][:2])
            for a in self.families[one]
            for b in self.families[other]
        )

    def lines(self) -> tuple[Line, ...]:
        return tuple(
            (self.dots[one][:2], self.dots[other][:2])
            for family in self.families
            for one, other in self.joined(family)
        )

    def named(self) -> Iterator[tuple[str, str, Tag]]:
        """What stands beside the markers: a text, its class and its tag."""
        font = self.frame.font
        for family, members in self.families.items():
            look = self.looks[family]
            if family:
                size = BOLD * width(family, TITLE * font)
                tag = Tag(size, TITLE * font + 2, tuple(members), 60)
                yield family, f"family {look}", tag
            for number in members:
                point = self.points[number]
                if not family:
                    size = MONO * font * len(point.name)
                    yield point.name, "name", Tag(size, font + 2, (number,))
                elif point.short:
                    size = width(point.short, font)
                    tag = Tag(size, font + 1, (number,), 8, needed=False)
                    yield point.short, f"short {look}", tag

    def svg(self, language: str, across: str, up: str, area: str) -> str:
        """What is to be seen only: each point says its own values."""
        frame = self.frame
        names = list(self.named())
        boxes = labels.placed(
            tuple(tag for _, _, tag in names),
            tuple(self.dots),
            self.lines(),
            frame.inside,
        )
        written = (
            label(text, kind, box)
            for (text, kind, _), box in zip(names, boxes, strict=True)
            if box
        )
        marks = map(self.marks, self.families)
        return (
            f'<svg class="chart__drawing" viewBox="0 0 {frame.width} {frame.height}" '
            f'width="{frame.width}" height="{frame.height}" '
            f'font-size="{frame.font}" aria-hidden="true">'
            f"{self.axes(language, across, up)}{self.scale(language, area)}"
            f"{''.join(marks)}{''.join(written)}</svg>"
        )

    def marks(self, family: str) -> str:
        """A family's line and markers."""
        drawn = [
            "M{:.1f} {:.1f}L{:.1f} {:.1f}".format(*self.dots[a][:2], *self.dots[b][:2])
            for a, b in self.joined(family)
        ]
        line = f'<path class="strand" d="{"".join(drawn)}"/>' if drawn else ""
        circles = ""
        for number in self.families[family]:
            x, y, radius = self.dots[number]
            middle = f'cx="{x:.1f}" cy="{y:.1f}"'
            if self.largest:
                circles += f'<circle class="area" {middle} r="{radius:.1f}"/>'
                radius = LEAST
            circles += f'<circle {middle} r="{radius:g}"/>'
        return f'<g class="{self.looks[family]}">{line}{circles}</g>'

    def axes(self, language: str, across: str, up: str) -> str:
        """Lines at round values."""
        left, top, right, bottom = self.frame.inside
        drawn = []
        for value in self.x.ticks(4 * self.frame.font):
            place, said = self.x.at(value), tick(value, language)
            drawn.append(f'<path class="grid" d="M{place:.1f} {top}V{bottom}"/>')
            if place + width(said, self.frame.font) / 2 < self.frame.width:
                drawn.append(
                    f'<text x="{place:.1f}" y="{bottom + 15}" text-anchor="middle">'
                    f"{said}</text>"
                )
        for value in self.y.ticks(self.frame.between):
            place = f"{self.y.at(value):.1f}"
            drawn.append(
                f'<path class="grid" d="M{left} {place}H{right}"/>'
                f'<text x="{left - 6}" y="{place}" dy=".35em" text-anchor="end">'
                f"{tick(value, language)}</text>"
            )
        drawn.append(
            f'<path class="frame" d="M{left} {top}V{bottom}H{right}"/>'
            f'<text class="axis" x="{(left + right) / 2}" y="{self.frame.height - 8}" '
            f'text-anchor="middle">{escape(across)}</text>'
            f'<text class="axis" transform="translate(13 {(top + bottom) / 2}) '
            f'rotate(-90)" text-anchor="middle">{escape(up)}</text>'
        )
        return "".join(drawn)

    def scale(self, language: str, area: str) -> str:
        """What three markers' areas stand for, in a row above the chart."""
        if not self.largest:
            return ""
        x, y, font = self.frame.left, self.frame.top / 2, self.frame.font
        drawn = f'<text class="axis" x="{x}" y="{y}" dy=".35em">{escape(area)}</text>'
        x += BOLD * width(area, font) + 14
        known = [size for size in rounds(0, 15) if size <= self.largest]
        for size in sorted(known[-1::-2][:3]):
            radius, said = self.radius(size), tick(size, language)
            drawn += (
                f'<circle class="area" cx="{x + radius:.1f}" cy="{y}" '
                f'r="{radius:.1f}"/><text x="{x + 2 * radius + 5:.1f}" y="{y}" '
                f'dy=".35em">{said}</text>'
            )
            x += 2 * radius + width(said, font) + 21
        return drawn


def dressed(drawings: list["Drawing"]) -> dict[str, str]:
    """Each family's colour, unlike its neighbours' anywhere, and its kind of line."""
    hues: list[list[str]] = [[] for _ in range(HUES)]
    looks = {}

    def room(hue: int, family: str) -> float:
        between = (d.between(family, x) for d in drawings for x in hues[hue])
        return min(between, default=math.inf)

    for family in drawings[0].families:
        best = max(range(HUES), key=lambda hue: room(hue, family))
        looks[family] = f"hue-{best} dash-{(best + len(hues[best])) % DASHES}"
        hues[best].append(family)
    return looks


def tick(value: float, language: str) -> str:
    return f"{value:g}" if value < 1 else numbers.about(round(value), language)


def width(text: str, size: float) -> float:
    """About how wide a text is: signs are narrow, usual, wide, or a Hangul syllable."""
    ems = {**dict.fromkeys("iljtfr.,-: ", 0.32), **dict.fromkeys("mwMW%×", 0.85)}
    return size * sum(
        ems.get(sign, 0.92 if "가" <= sign <= "힣" else 0.57) for sign in text
    )


def label(text: str, kind: str, where: Label) -> str:
    """A name and, if it stands further off, a line to it."""
    left, _, right, bottom = where.box
    leader = ""
    if where.line:
        (x1, y1), (x2, y2) = where.line
        look = " ".join(["leader", *kind.split()[1:]])
        leader = f'<path class="{look}" d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"/>'
    return (
        f'{leader}<text class="{kind}" x="{left:.1f}" '
        f'y="{bottom - 3.5:.1f}" textLength="{right - left:.1f}" '
        f'lengthAdjust="spacingAndGlyphs">{escape(text)}</text>'
    )
