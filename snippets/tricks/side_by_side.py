"""A 3x3 convolution, or a 1x3 and a 3x1 side by side."""

import torch
from torch import nn

INPUT = (1, 384, 8, 8)
C = 384

full = nn.Conv2d(C, 2 * C, kernel_size=3, padding=1, bias=False)


class SideBySide(nn.Module):
    def __init__(self):
        super().__init__()
        self.across = nn.Conv2d(C, C, (1, 3), padding=(0, 1), bias=False)
        self.down = nn.Conv2d(C, C, (3, 1), padding=(1, 0), bias=False)

    def forward(self, maps):
        return torch.cat([self.across(maps), self.down(maps)], dim=1)  # (1)!


halves = SideBySide()

for name, block in {"3x3": full, "1x3 beside 3x1": halves}.items():
    count = sum(p.numel() for p in block.parameters())
    assert block(torch.zeros(INPUT)).shape == (1, 2 * C, 8, 8)
    print(f"{name}: {count:,}")
