"""One 7x7 convolution, or a 1x7 and a 7x1 that together see as far."""

import torch
from torch import nn

INPUT = (1, 192, 17, 17)
C = 192

one_7x7 = nn.Conv2d(C, C, kernel_size=7, padding=3, bias=False)
three_3x3 = nn.Sequential(
    nn.Conv2d(C, C, kernel_size=3, padding=1, bias=False),
    nn.ReLU(),
    nn.Conv2d(C, C, kernel_size=3, padding=1, bias=False),
    nn.ReLU(),
    nn.Conv2d(C, C, kernel_size=3, padding=1, bias=False),
)
pair_of_7 = nn.Sequential(
    nn.Conv2d(C, C, kernel_size=(1, 7), padding=(0, 3), bias=False),  # (1)!
    nn.ReLU(),
    nn.Conv2d(C, C, kernel_size=(7, 1), padding=(3, 0), bias=False),
)

blocks = {"7x7": one_7x7, "three 3x3": three_3x3, "1x7 and 7x1": pair_of_7}
for name, block in blocks.items():
    count = sum(p.numel() for p in block.parameters())
    assert block(torch.zeros(INPUT)).shape == INPUT
    print(f"{name}: {count:,}")
for n in (2, 3, 5, 7):
    print(f"share left of {n}x{n}: {(n + n) / (n * n):.3f}")  # (2)!
