"""One 3x3 convolution before a pooling, or the same one behind it."""

import torch
from torch import nn

INPUT = (1, 64, 56, 56)

large_map = nn.Sequential(
    nn.Conv2d(64, 64, kernel_size=3, padding=1, bias=False),
    nn.AvgPool2d(4),
)
small_map = nn.Sequential(
    nn.AvgPool2d(4),  # (1)!
    nn.Conv2d(64, 64, kernel_size=3, padding=1, bias=False),
)

for name, block in {"large map": large_map, "small map": small_map}.items():
    maps = torch.zeros(INPUT)
    macs = 0
    for layer in block:
        maps = layer(maps)
        weights = sum(p.numel() for p in layer.parameters())
        macs += weights * maps.shape[2] * maps.shape[3]  # (2)!
    print(f"{name}, parameters: {sum(p.numel() for p in block.parameters()):,}")
    print(f"{name}, MACs: {macs:,}")
