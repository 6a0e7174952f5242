"""A 3x3 from 128 channels to 128, and a fire module in its place, step by step."""

import torch
from torch import nn

INPUT = (1, 128, 54, 54)
C, S = 128, 16


class SideBySide(nn.Module):
    """As many 1x1 filters as 3x3 ones; both see the same maps."""

    def __init__(self, seen: int):
        super().__init__()
        self.expand1x1 = nn.Conv2d(seen, C // 2, kernel_size=1)
        self.expand3x3 = nn.Conv2d(seen, C // 2, kernel_size=3, padding=1)

    def forward(self, maps):
        return torch.cat([self.expand1x1(maps), self.expand3x3(maps)], dim=1)


def squeeze():
    return nn.Sequential(nn.Conv2d(C, S, kernel_size=1), nn.ReLU())


full = nn.Conv2d(C, C, kernel_size=3, padding=1)
half_1x1 = SideBySide(C)  # (1)!
squeezed = nn.Sequential(squeeze(), nn.Conv2d(S, C, kernel_size=3, padding=1))  # (2)!
fire = nn.Sequential(squeeze(), SideBySide(S))

blocks = {
    "full 3x3": full,
    "half of the filters 1x1": half_1x1,
    "squeezed": squeezed,
    "fire": fire,
}
for name, block in blocks.items():
    count = sum(p.numel() for p in block.parameters())
    assert block(torch.zeros(INPUT)).shape == INPUT
    print(f"{name}: {count:,}")
