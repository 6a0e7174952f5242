"""Three 3x3; then twice as many, twice as wide, and on larger maps."""

from itertools import pairwise

import torch
from torch import nn

INPUT = (1, 64, 28, 28)
INPUTS = {"larger_maps": (1, 64, 56, 56)}


def chain(*channels: int) -> nn.Sequential:
    return nn.Sequential(
        *(
            nn.Conv2d(seen, made, kernel_size=3, padding=1, bias=False)
            for seen, made in pairwise(channels)
        )
    )


as_it_is = chain(64, 64, 64, 64)
twice_as_deep = chain(64, 64, 64, 64, 64, 64, 64)
twice_as_wide = chain(64, 128, 128, 64)  # (1)!
larger_maps = chain(64, 64, 64, 64)  # (2)!

blocks = {
    "as it is": (as_it_is, 28),
    "twice as deep": (twice_as_deep, 28),
    "twice as wide": (twice_as_wide, 28),
    "larger maps": (larger_maps, 56),
}
for name, (block, side) in blocks.items():
    assert block(torch.zeros(1, 64, side, side)).shape == (1, 64, side, side)
    weights = sum(p.numel() for p in block.parameters())
    print(f"{name}, weights: {weights:,}")
    print(f"{name}, MACs: {weights * side**2:,}")
