"""A depthwise 7x7 between two 1x1, where a block is wide, or before."""

import torch
from torch import nn

INPUT = (1, 384, 14, 14)
NARROW, WIDE = 384, 4 * 384


def kernel(channels: int) -> nn.Conv2d:
    size = {"kernel_size": 7, "padding": 3}
    return nn.Conv2d(channels, channels, **size, groups=channels, bias=False)


def pointwise(seen: int, made: int) -> nn.Conv2d:
    return nn.Conv2d(seen, made, kernel_size=1, bias=False)


between = nn.Sequential(
    pointwise(NARROW, WIDE), kernel(WIDE), nn.GELU(), pointwise(WIDE, NARROW)
)
before = nn.Sequential(
    kernel(NARROW), pointwise(NARROW, WIDE), nn.GELU(), pointwise(WIDE, NARROW)
)

for name, block in {"between": between, "before": before}.items():
    assert block(torch.zeros(INPUT)).shape == INPUT
    count = sum(p.numel() for p in block.parameters())
    print(f"{name}: {count:,}")
