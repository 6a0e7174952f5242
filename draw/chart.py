"""Scatter charts on logarithmic axes, as SVG that follows the page's colours."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from draw import numbers

WIDTH, HEIGHT = 360, 320
LEFT, RIGHT, TOP, BOTTOM = 50, 12, 12, 46
FONT = 10.5
LETTER = 0.61 * FONT  # names are set in a monospaced font
RADIUS = 4.5

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

    def ticks(self) -> Iterator[float]:
        steps = (1, 2, 5) if self.high - self.low < 2.2 else (1,)
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
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    drawn = []
    for value in x.ticks():
        place = f"{x.at(value):.1f}"
        drawn.append(
            f'<path class="grid" d="M{place} {TOP}V{bottom}"/>'
            f'<text x="{place}" y="{bottom + 16}" text-anchor="middle">'
            f"{tick(value, language)}</text>"
        )
    for value in y.ticks():
        place = f"{y.at(value):.1f}"
        drawn.append(
            f'<path class="grid" d="M{LEFT} {place}H{right}"/>'
            f'<text x="{LEFT - 7}" y="{place}" dy=".35em" text-anchor="end">'
            f"{tick(value, language)}</text>"
        )
    middle = (TOP + bottom) / 2
    drawn.append(
        f'<text class="axis" x="{(LEFT + right) / 2}" y="{HEIGHT - 8}" '
        f'text-anchor="middle">{escape(across)}</text>'
        f'<text class="axis" transform="translate(12 {middle}) rotate(-90)" '
        f'text-anchor="middle">{escape(up)}</text>'
    )
    places = [(x.at(point.x), y.at(point.y)) for point in points]
    for point, place, label in zip(points, places, labels(points, places), strict=True):
        drawn.append(mark(point, place, label))
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}" role="group" aria-label="{escape(title)}">'
        f"{''.join(drawn)}</svg>"
    )


def tick(value: float, language: str) -> str:
    if value < 1:
        return f"{value:g}"
    return numbers.about(round(value), language)


def mark(point: Point, place: tuple[float, float], label: Box) -> str:
    (x, y), (left, top, right, bottom) = place, label
    near = min(max(x, left), right), min(max(y, top), bottom)
    leader = ""
    if math.dist(place, near) > 2 * RADIUS:
        leader = (
            f'<path class="leader" d="M{x:.1f} {y:.1f}L{near[0]:.1f} {near[1]:.1f}"/>'
        )
    inside = (
        f"<title>{escape(point.said)}</title>{leader}"
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{RADIUS}"/>'
        f'<text class="name" x="{left:.1f}" y="{bottom - 3:.1f}" '
        f'textLength="{right - left:.1f}" lengthAdjust="spacingAndGlyphs">'
        f"{escape(point.name)}</text>"
    )
    return f'<a href="{escape(point.link)}">{inside}</a>' if point.link else inside


def labels(points: list[Point], places: list[tuple[float, float]]) -> list[Box]:
    """A box for each name: near its point, upon no other name and no point."""
    taken: list[Box] = [
        (x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS) for x, y in places
    ]
    found = []
    for point, place in zip(points, places, strict=True):
        width, height = LETTER * len(point.name), FONT + 2
        boxes = list(around(place, width, height))
        free = [box for box in boxes if not any(covers(box, other) for other in taken)]
        best = (free or boxes)[0]
        taken.append(best)
        found.append(best)
    return found


def around(place: tuple[float, float], width: float, height: float) -> Iterator[Box]:
    """Boxes about a point, the nearest first, none of them outside the axes."""
    x, y = place
    for distance in range(7, 120, 5):
        for turn in (0, 180, 90, 270, 45, 135, 225, 315, 20, 160, 200, 340):
            angle = math.radians(turn)
            middle = x + math.cos(angle) * (distance + width / 2)
            line = y - math.sin(angle) * (distance + height / 2)
            box = (
                middle - width / 2,
                line - height / 2,
                middle + width / 2,
                line + height / 2,
            )
            inside = box[0] > LEFT and box[2] < WIDTH - 2 and box[1] > 2
            if inside and box[3] < HEIGHT - BOTTOM:
                yield box


def covers(one: Box, other: Box) -> bool:
    return (
        one[0] < other[2]
        and other[0] < one[2]
        and one[1] < other[3]
        and other[1] < one[3]
    )
