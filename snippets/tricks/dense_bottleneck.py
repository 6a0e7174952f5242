"""A late layer of a dense block, without a 1x1 before its 3x3 and with one."""

import torch
from torch import nn

INPUT = (1, 992, 14, 14)
C, K = 992, 32  # maps that the layer reads, maps that it makes

direct = nn.Conv2d(C, K, kernel_size=3, padding=1, bias=False)
bottleneck = nn.Sequential(
    nn.Conv2d(C, 4 * K, kernel_size=1, bias=False),  # (1)!
    nn.ReLU(),
    nn.Conv2d(4 * K, K, kernel_size=3, padding=1, bias=False),
)

for name, block in {"3x3 alone": direct, "1x1, then 3x3": bottleneck}.items():
    count = sum(p.numel() for p in block.parameters())
    assert block(torch.zeros(INPUT)).shape == (1, K, 14, 14)
    print(f"{name}: {count:,}")
