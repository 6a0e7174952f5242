"""Scatter charts on logarithmic axes, as SVG that follows the page's colours."""

import functools
import itertools
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from draw import numbers

WIDTH, HEIGHT = 330, 380
LEFT, RIGHT, TOP, BOTTOM = 46, 8, 8, 44
FONT = 11
LETTER = 0.61 * FONT  # names are set in a monospaced font
RADIUS = 4
ORDERS = 30  # in which the names are placed, of which the best is kept
APART = 1.5  # the least room between a name and what stands beside it

Place = tuple[float, float]
Line = tuple[Place, Place]
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class Point:
    name: str
    x: float
    y: float
    said: str  # what the point says when it is asked
    link: str = ""


class Axis:
    """A logarithmic scale from below the smallest value to above the largest."""

    def __init__(self, values: list[float], start: float, end: float):
        self.low = math.log10(min(values) * 0.8)
        self.high = math.log10(max(values) * 1.25)
        self.start, self.end = start, end

    def at(self, value: float) -> float:
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def ticks(self, room: float) -> list[float]:
        """Round values, as many as stand `room` apart."""
        for steps in ((1, 2, 5), (1, 3), (1,)):
            found = list(self.round(steps))
            places = sorted(self.at(value) for value in found)
            gaps = [after - before for before, after in itertools.pairwise(places)]
            if all(gap >= room for gap in gaps):
                break
        return found

    def round(self, steps: tuple[int, ...]) -> Iterator[float]:
        for power in range(math.floor(self.low), math.ceil(self.high) + 1):
            for step in steps:
                value = step * 10.0**power
                if self.low <= math.log10(value) <= self.high:
                    yield value


def scatter(
    points: list[Point], language: str, *, title: str, across: str, up: str
) -> str:
    """Points with their names; `across` and `up` say what the axes measure."""
    x = Axis([point.x for point in points], LEFT, WIDTH - RIGHT)
    y = Axis([point.y for point in points], HEIGHT - BOTTOM, TOP)
    places = [(x.at(point.x), y.at(point.y)) for point in points]
    names = labels(tuple(point.name for point in points), tuple(places))
    marks = map(mark, points, places, names)
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}" role="group" aria-label="{escape(title)}">'
        f"{axes(x, y, language, across, up)}{''.join(marks)}</svg>"
    )


def axes(x: Axis, y: Axis, language: str, across: str, up: str) -> str:
    """Lines at round values; a mark says its own values, so this is to be seen only."""
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    drawn = []
    for value in x.ticks(room=44):
        place = f"{x.at(value):.1f}"
        drawn.append(
            f'<path class="grid" d="M{place} {TOP}V{bottom}"/>'
            f'<text x="{place}" y="{bottom + 15}" text-anchor="middle">'
            f"{tick(value, language)}</text>"
        )
    for value in y.ticks(room=16):
        place = f"{y.at(value):.1f}"
        drawn.append(
            f'<path class="grid" d="M{LEFT} {place}H{right}"/>'
            f'<text x="{LEFT - 6}" y="{place}" dy=".35em" text-anchor="end">'
            f"{tick(value, language)}</text>"
        )
    drawn.append(
        f'<path class="frame" d="M{LEFT} {TOP}V{bottom}H{right}"/>'
        f'<text class="axis" x="{(LEFT + right) / 2}" y="{HEIGHT - 8}" '
        f'text-anchor="middle">{escape(across)}</text>'
        f'<text class="axis" transform="translate(13 {(TOP + bottom) / 2}) '
        f'rotate(-90)" text-anchor="middle">{escape(up)}</text>'
    )
    return f'<g aria-hidden="true">{"".join(drawn)}</g>'


def tick(value: float, language: str) -> str:
    return f"{value:g}" if value < 1 else numbers.about(round(value), language)


def mark(point: Point, place: Place, label: Box) -> str:
    """A point, its name and, if the name stands further off, a line to it."""
    (x, y), (left, _, right, bottom) = place, label
    leader = ""
    if line := leads(place, label):
        (x1, y1), (x2, y2) = line
        leader = f'<path class="leader" d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"/>'
    inside = (
        f"<title>{escape(point.said)}</title>{leader}"
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{RADIUS}"/>'
        f'<text class="name" x="{left:.1f}" y="{bottom - 3.5:.1f}" '
        f'textLength="{right - left:.1f}" lengthAdjust="spacingAndGlyphs">'
        f"{escape(point.name)}</text>"
    )
    if point.link:
        return f'<a href="{escape(point.link)}">{inside}</a>'
    return f"<g>{inside}</g>"


@functools.cache  # both languages place the same names
def labels(names: tuple[str, ...], places: tuple[Place, ...]) -> list[Box]:
    """A box for each name: near its point, upon no other name, point or line.

    Which name chooses first decides what is left for the others: the best of several
    orders is kept.
    """
    dots = [(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS) for x, y in places]
    choices = []
    for name, place in zip(names, places, strict=True):
        boxes = list(around(place, LETTER * len(name), FONT + 2))
        free = [box for box in boxes if not any(covers(box, dot) for dot in dots)]
        found = [Label(place, box) for box in free or boxes]
        choices.append([x for x in found if not x.misleads(places)] or found)
    order = list(range(len(names)))
    chance = random.Random(0)  # the same picture each time
    tries = []
    for _ in range(ORDERS):
        chance.shuffle(order)
        tries.append(chosen(choices, order))
    best = min(tries, key=lambda found: sum(label.cost for label in found.values()))
    return [best[number].box for number in range(len(names))]


def chosen(choices: list[list["Label"]], order: list[int]) -> dict[int, "Label"]:
    """Each name's first choice that is free, one after the other."""
    found: dict[int, Label] = {}
    for number in order:
        clear = (
            choice
            for choice in choices[number]
            if not any(map(choice.disturbs, found.values()))
        )
        last = choices[number][-1]
        found[number] = next(clear, None) or Label(last.place, last.box, crowded=True)
    return found


class Label:
    """A place for a name, with the line that leads there if it needs one."""

    def __init__(self, place: Place, box: Box, *, crowded: bool = False):
        self.place, self.box = place, box
        self.line = leads(place, box)
        far = math.dist(place, nearest(place, box))
        self.cost = math.inf if crowded else far * (2 if self.line else 1)

    def misleads(self, places: tuple[Place, ...]) -> bool:
        """Whether it seems to name another point; one upon its own does not count."""
        others = [
            place for place in places if math.dist(place, self.place) > 2 * RADIUS
        ]
        if self.line:
            return any(away(place, self.line) < RADIUS + APART for place in others)
        return any(
            math.dist(place, nearest(place, self.box))
            < math.dist(self.place, nearest(self.place, self.box))
            for place in others
        )

    def disturbs(self, other: "Label") -> bool:
        return (
            covers(self.box, other.box)
            or passes(self.line, other.box)
            or passes(other.line, self.box)
            or meets(self.line, other.line)
        )


def around(place: Place, width: float, height: float) -> Iterator[Box]:
    """Boxes about a point, the nearest first, none of them outside the axes."""
    x, y = place
    for gap in range(RADIUS + 2, 120, 4):
        slant = 0.7 * gap
        beside = [(x + gap, y - height / 2), (x - gap - width, y - height / 2)]
        corners = [
            (left, top)
            for left in (x + slant, x - slant - width)
            for top in (y - slant - height, y + slant)
        ]
        over = [
            (x - share * width, top)
            for share in (0.5, 0.25, 0.75, 0, 1)
            for top in (y - gap - height, y + gap)
        ]
        for left, top in (*beside, *over, *corners):
            box = (left, top, left + width, top + height)
            across = left > LEFT + 2 and box[2] < WIDTH - 3
            if across and top > 1 and box[3] < HEIGHT - BOTTOM - 1:
                yield box


def leads(place: Place, box: Box) -> Line | None:
    """The line from a point to its name, if that does not stand right beside it."""
    end = nearest(place, box)
    far = math.dist(place, end)
    if far <= 2.5 * RADIUS:
        return None
    share = RADIUS / far
    start = tuple(a + share * (b - a) for a, b in zip(place, end, strict=True))
    return start, end


def nearest(place: Place, box: Box) -> Place:
    (x, y), (left, top, right, bottom) = place, box
    return min(max(x, left), right), min(max(y, top), bottom)


def covers(one: Box, other: Box) -> bool:
    return (
        one[0] < other[2] + APART
        and other[0] < one[2] + APART
        and one[1] < other[3] + APART
        and other[1] < one[3] + APART
    )


def away(place: Place, line: Line) -> float:
    """How far a point is from a line."""
    (x, y), ((x1, y1), (x2, y2)) = place, line
    length = math.dist(*line) ** 2
    share = ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length
    share = min(max(share, 0), 1)
    return math.dist(place, (x1 + share * (x2 - x1), y1 + share * (y2 - y1)))


def passes(line: Line | None, box: Box) -> bool:
    """Whether a line runs through a box."""
    if line is None:
        return False
    left, top, right, bottom = box
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    if any(left <= x <= right and top <= y <= bottom for x, y in line):
        return True
    sides = zip(corners, [*corners[1:], corners[0]], strict=True)
    return any(meets(line, side) for side in sides)


def meets(one: Line | None, other: Line | None) -> bool:
    """Whether two lines cross."""
    if one is None or other is None:
        return False
    return all(
        turn(a, b, c) * turn(a, b, d) <= 0
        for (a, b), (c, d) in ((one, other), (other, one))
    )


def turn(a: Place, b: Place, c: Place) -> float:
    """To which side of the line from a to b the point c lies."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
