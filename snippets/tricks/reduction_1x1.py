"""A 3x3 convolution, directly or behind a 1x1 that reduces the channels."""

import torch
from torch import nn

INPUT = (1, 128, 28, 28)
C, R = 128, 32

direct = nn.Conv2d(C, C, kernel_size=3, padding=1, bias=False)
reduced = nn.Sequential(
    nn.Conv2d(C, R, kernel_size=1, bias=False),  # (1)!
    nn.ReLU(),
    nn.Conv2d(R, C, kernel_size=3, padding=1, bias=False),
)

for name, block in {"direct": direct, "reduced": reduced}.items():
    count = sum(p.numel() for p in block.parameters())
    assert block(torch.zeros(INPUT)).shape == INPUT
    print(f"{name}: {count:,}")
print(f"width at which reducing stops paying: {9 * C * C / (C + 9 * C)}")  # (2)!
