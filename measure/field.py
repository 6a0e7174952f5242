"""Receptive fields: how far into the input one value of a map can see."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor

Pair = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class Field:
    """What a map's first value sees, in input pixels, for height and for width.

    Pixels are counted from 0; padding lies below 0. The next value of the map sees
    the same extent `jump` pixels further. `size` is the map's own height and width.
    `alike` is what all values see in the same place, from the left and to the right:
    a gate's average of the whole map.
    """

    left: Pair
    right: Pair
    jump: Pair
    size: tuple[int, int]
    alike: tuple[Pair, Pair] | None = None

    @classmethod
    def of_input(cls, size: Sequence[int]) -> "Field":
        zero, one = Fraction(0), Fraction(1)
        return cls((zero, zero), (zero, zero), (one, one), two(size))

    def window(self, kernel, stride, padding, dilation, size) -> "Field":
        """After a convolution or a pooling (Araujo, Norris, Sim, 2019)."""
        left, right, jump = [], [], []
        for axis in (0, 1):
            first = -padding[axis]
            last = first + (kernel[axis] - 1) * dilation[axis]
            left.append(self.left[axis] + first * self.jump[axis])
            right.append(self.right[axis] + last * self.jump[axis])
            jump.append(self.jump[axis] * stride[axis])
        return Field(tuple(left), tuple(right), tuple(jump), two(size), self.alike)

    def sliced(self, axis: int, first: int, step: int, size) -> "Field":
        """After a slice along height or width: a crop, or every second value."""
        left, right, jump = list(self.left), list(self.right), list(self.jump)
        left[axis] += first * jump[axis]
        right[axis] += first * jump[axis]
        jump[axis] *= step
        return Field(tuple(left), tuple(right), tuple(jump), two(size), self.alike)

    def spread(self, kernel, stride, padding, dilation, size) -> "Field":
        """After a transposed convolution: the widest that any value sees."""
        left, right, jump = [], [], []
        for axis in (0, 1):
            last = floor(Fraction(padding[axis], stride[axis]))
            reach = (kernel[axis] - 1) * dilation[axis]
            units = max(ceil(Fraction(reach + 1, stride[axis])), 1)
            left.append(self.left[axis] + (last - units + 1) * self.jump[axis])
            right.append(self.right[axis] + last * self.jump[axis])
            jump.append(self.jump[axis] / stride[axis])
        return Field(tuple(left), tuple(right), tuple(jump), two(size), self.alike)

    def whole(self, size: Sequence[int] = (1, 1)) -> "Field":
        """After something in which every value sees the whole map."""
        right = tuple(
            self.right[axis] + (self.size[axis] - 1) * self.jump[axis]
            for axis in (0, 1)
        )
        jump = tuple(self.jump[axis] * self.size[axis] for axis in (0, 1))
        return Field(*both((self.left, right), self.alike), jump, two(size))

    def resized(self, size: Sequence[int]) -> "Field":
        """After an upsampling: more values, the same extent."""
        jump = tuple(
            self.jump[axis] * self.size[axis] / Fraction(size[axis]) for axis in (0, 1)
        )
        return replace(self, jump=jump, size=two(size))

    def joined(self, other: "Field") -> "Field":
        """After an addition, a product or a concatenation: what either branch sees."""
        if self.size == (1, 1) != other.size:
            return other.joined(self)
        if other.size == (1, 1) != self.size:  # one value for all places
            return replace(self, alike=both(other.seen(), self.alike))
        return Field(
            *both((self.left, self.right), (other.left, other.right)),
            tuple(map(min, self.jump, other.jump)),
            self.size,
            both(self.alike, other.alike) if self.alike else other.alike,
        )

    def seen(self) -> tuple[Pair, Pair]:
        return both((self.left, self.right), self.alike)

    def data(self) -> dict:
        """Plain numbers: extent, jump, and the centre of the first value's field."""
        pairs = list(zip(*self.seen(), strict=True))
        return {
            "extent": [plain(right - left + 1) for left, right in pairs],
            "jump": [plain(jump) for jump in self.jump],
            "start": [plain((left + right) / 2) for left, right in pairs],
        }


def both(one: tuple[Pair, Pair], other: tuple[Pair, Pair] | None) -> tuple[Pair, Pair]:
    """From the first left to the last right of two extents."""
    if other is None:
        return one
    return tuple(map(min, one[0], other[0])), tuple(map(max, one[1], other[1]))


def two(sizes: Sequence[int]) -> tuple[int, int]:
    """Height and width; a map of one dimension has height one."""
    sizes = [int(size) for size in sizes]
    return (1, sizes[0]) if len(sizes) == 1 else (sizes[-2], sizes[-1])


def plain(number: Fraction) -> int | float:
    return int(number) if number == int(number) else float(number)
