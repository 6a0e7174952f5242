"""From the last narrow maps to class scores: as MobileNetV2 does, and as V3 does."""

import torch
from torch import nn

INPUT = (1, 160, 7, 7)


def pointwise(maps: int, made: int) -> nn.Conv2d:
    return nn.Conv2d(maps, made, kernel_size=1, bias=False)


features_first = nn.Sequential(
    pointwise(160, 960),
    nn.Hardswish(),
    nn.Conv2d(960, 960, kernel_size=3, padding=1, groups=960, bias=False),
    nn.Hardswish(),
    pointwise(960, 320),
    pointwise(320, 1280),  # (1)!
    nn.Hardswish(),
    nn.AdaptiveAvgPool2d(1),
    nn.Flatten(),
    nn.Linear(1280, 1000),
)
average_first = nn.Sequential(
    pointwise(160, 960),
    nn.Hardswish(),
    nn.AdaptiveAvgPool2d(1),
    nn.Flatten(),
    nn.Linear(960, 1280),  # (2)!
    nn.Hardswish(),
    nn.Linear(1280, 1000),
)

blocks = {"features first": features_first, "average first": average_first}
for name, block in blocks.items():
    count = sum(p.numel() for p in block.parameters())
    assert block(torch.zeros(INPUT)).shape == (1, 1000)
    print(f"{name}: {count:,}")
