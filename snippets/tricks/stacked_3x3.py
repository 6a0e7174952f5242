"""One 5x5 convolution, or two 3x3 that see as far."""

import torch
from torch import nn

INPUT = (1, 128, 28, 28)
C = 128

one_5x5 = nn.Conv2d(C, C, kernel_size=5, padding=2, bias=False)
two_3x3 = nn.Sequential(
    nn.Conv2d(C, C, kernel_size=3, padding=1, bias=False),
    nn.ReLU(),  # (1)!
    nn.Conv2d(C, C, kernel_size=3, padding=1, bias=False),
)

for name, block in {"one 5x5": one_5x5, "two 3x3": two_3x3}.items():
    count = sum(p.numel() for p in block.parameters())
    assert block(torch.zeros(INPUT)).shape == INPUT  # (2)!
    print(f"{name}: {count:,}")
