"""Where the names of points stand: near their own, upon nothing, misleading nobody."""

import functools
import itertools
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

ORDERS = 30  # in which the names are placed, of which the best is kept
APART = 1.5  # the least room between a name and what stands beside it
CLOSE = 6  # a name that stands further from its marker has a line to it
MIDDLE = 4  # so far a line to a name keeps off the middle of another marker
CROSSING = 12  # what a name upon a line costs, as if it stood so much further off
NEAR = 24  # a marker that is not meant is better so far off
LEFT_OUT = 30  # what a name costs that found no place

Place = tuple[float, float]
Line = tuple[Place, Place]
Box = tuple[float, float, float, float]  # left, top, right, bottom
Dot = tuple[float, float, float]  # a marker: its middle and its radius


@dataclass(frozen=True)
class Tag:
    """A name, and the numbers of the markers beside one of which it may stand."""

    width: float
    height: float
    of: tuple[int, ...]
    reach: int = 120  # how far off it may stand
    needed: bool = True  # stands somewhere, whatever the crowd


@dataclass(frozen=True)
class Label:
    """A place for a name, with the line that leads there if it needs one."""

    box: Box
    line: Line | None
    cost: float

    def disturbs(self, other: "Label") -> bool:
        return (
            covers(self.box, other.box)
            or passes(self.line, other.box)
            or passes(other.line, self.box)
            or meets(self.line, other.line)
        )


@functools.cache  # both languages place the same names
def placed(
    tags: tuple[Tag, ...], dots: tuple[Dot, ...], lines: tuple[Line, ...], inside: Box
) -> list[Label | None]:
    """A place for each name, upon no other name and no marker.

    Which name chooses first decides what is left for the others: the best of several
    orders is kept. Names that are needed choose before those that are not.
    """
    choices = [choose(tag, dots, lines, inside) for tag in tags]
    order = list(range(len(tags)))
    chance = random.Random(0)  # the same picture each time
    tries = []
    for _ in range(ORDERS):
        chance.shuffle(order)
        order.sort(key=lambda number: not tags[number].needed)
        tries.append(chosen(tags, choices, order))
    best = min(tries, key=lambda found: sum(map(cost, found.values())))
    return [best[number] for number in range(len(tags))]


def choose(
    tag: Tag, dots: tuple[Dot, ...], lines: tuple[Line, ...], inside: Box
) -> list[Label]:
    """The places a name may have, the best first."""
    found, poor = [], []
    for number in tag.of:
        own = dots[number]
        others = [
            dot
            for other, dot in enumerate(dots)
            if other not in tag.of and (not tag.needed or apart(dot, own))
        ]
        for box in around(own, tag, inside):
            label = Label(box, leads(own, box), gap(own, box))
            touched = any(gap(dot, box) < APART for dot in dots)
            good = not touched and not misleads(label, own, others)
            if good:
                strange = [dot for n, dot in enumerate(dots) if n not in tag.of]
                found.append(dearer(label, lines, strange))
            elif tag.needed and not found:
                poor.append(label)
    return sorted(found or poor, key=cost)


def dearer(label: Label, lines: tuple[Line, ...], strange: list[Dot]) -> Label:
    """What a place costs beyond its distance: lines, and markers that are not meant."""
    cost = label.cost * (3 if label.line else 1)
    cost += CROSSING * sum(passes(line, label.box) for line in lines)
    cost += sum(max(0, NEAR - far(dot, label.box)) for dot in strange) / 8
    return replace(label, cost=cost)


def chosen(
    tags: tuple[Tag, ...], choices: list[list[Label]], order: list[int]
) -> dict[int, Label | None]:
    """Each name's best place that is free, one after the other."""
    found: dict[int, Label | None] = {}
    for number in order:
        taken = [label for label in found.values() if label]
        clear = (x for x in choices[number] if not any(map(x.disturbs, taken)))
        found[number] = next(clear, None)
        if found[number] is None and tags[number].needed:
            last = choices[number][-1]
            found[number] = Label(last.box, last.line, math.inf)
    return found


def cost(label: Label | None) -> float:
    return label.cost if label else LEFT_OUT


def misleads(label: Label, own: Dot, others: list[Dot]) -> bool:
    """Whether a name seems to be another marker's."""
    if label.line:
        middles = [(dot[:2], min(dot[2], MIDDLE)) for dot in others]
        return any(away(at, label.line) < size + APART for at, size in middles)
    least = far(own, label.box)
    return any(far(dot, label.box) < least for dot in others)


def apart(one: Dot, other: Dot) -> bool:
    """Whether two markers are so far apart that a name can tell which is meant."""
    return math.dist(one[:2], other[:2]) > 8


def around(dot: Dot, tag: Tag, inside: Box) -> Iterator[Box]:
    """Boxes about a marker, the nearest first, none of them outside the axes."""
    (x, y, radius), width, height = dot, tag.width, tag.height
    for step in range(2, tag.reach, 4):
        off = radius + step
        slant = 0.7 * off
        beside = [(x + off, y - height / 2), (x - off - width, y - height / 2)]
        corners = [
            (left, top)
            for left in (x + slant, x - slant - width)
            for top in (y - slant - height, y + slant)
        ]
        over = [
            (x - share * width, top)
            for share in (0.5, 0.25, 0.75, 0, 1)
            for top in (y - off - height, y + off)
        ]
        for left, top in (*beside, *over, *corners):
            box = (left, top, left + width, top + height)
            across = left > inside[0] + 2 and box[2] < inside[2] - 3
            if across and top > inside[1] + 1 and box[3] < inside[3] - 1:
                yield box


def leads(dot: Dot, box: Box) -> Line | None:
    """The line from a marker to its name, if that does not stand right beside it."""
    if gap(dot, box) <= CLOSE:
        return None
    end = nearest(dot[:2], box)
    share = dot[2] / math.dist(dot[:2], end)
    x, y = (a + share * (b - a) for a, b in zip(dot[:2], end, strict=True))
    return (x, y), end


def nearest(place: Place, box: Box) -> Place:
    (x, y), (left, top, right, bottom) = place, box
    return min(max(x, left), right), min(max(y, top), bottom)


def far(dot: Dot, box: Box) -> float:
    """From the middle of a marker to a box."""
    return math.dist(dot[:2], nearest(dot[:2], box))


def gap(dot: Dot, box: Box) -> float:
    """From the rim of a marker to a box; below 0 if they overlap."""
    return far(dot, box) - dot[2]


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
    (x1, y1), (x2, y2) = line
    if max(x1, x2) < left or min(x1, x2) > right:
        return False
    if max(y1, y2) < top or min(y1, y2) > bottom:
        return False
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    if any(left <= x <= right and top <= y <= bottom for x, y in line):
        return True
    sides = itertools.pairwise([*corners, corners[0]])
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
