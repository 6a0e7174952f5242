"""Between two dense blocks: pooling alone, or a 1x1 that halves the maps first."""

import torch
from torch import nn

INPUT = (1, 256, 56, 56)
C, K, LAYERS = 256, 32, 12  # maps that arrive, growth rate, layers of the next block

# Side by side, what twelve 1x1 read of these maps is one 1x1 to 12 x 4k maps.
pooling_alone = nn.Sequential(
    nn.AvgPool2d(kernel_size=2, stride=2),  # (1)!
    nn.Conv2d(C, LAYERS * 4 * K, kernel_size=1, bias=False),
)
halved_first = nn.Sequential(
    nn.Conv2d(C, C // 2, kernel_size=1, bias=False),
    nn.AvgPool2d(kernel_size=2, stride=2),
    nn.Conv2d(C // 2, LAYERS * 4 * K, kernel_size=1, bias=False),  # (2)!
)

for name, block in {"pooling": pooling_alone, "1x1, pooling": halved_first}.items():
    count = sum(p.numel() for p in block.parameters())
    print(f"{name}, maps handed on: {block[:-1](torch.zeros(INPUT)).shape[1]}")
    print(f"{name}, weights: {count:,}")
print(f"layers that pay for the 1x1: {C // (4 * K)}")
