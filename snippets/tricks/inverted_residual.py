"""From 64 maps to 64 by way of 384, with a full and with a depthwise 3x3 there."""

import torch
from torch import Tensor, nn

INPUT = (1, 64, 14, 14)
NARROW, WIDE = 64, 384


class Block(nn.Module):
    def __init__(self, groups: int) -> None:
        super().__init__()
        self.widen = nn.Conv2d(NARROW, WIDE, kernel_size=1, bias=False)
        self.relu1 = nn.ReLU6()
        self.filter = nn.Conv2d(
            WIDE, WIDE, kernel_size=3, padding=1, groups=groups, bias=False
        )
        self.relu2 = nn.ReLU6()
        self.narrow = nn.Conv2d(WIDE, NARROW, kernel_size=1, bias=False)

    def forward(self, maps: Tensor) -> Tensor:
        wide = self.relu1(self.widen(maps))
        return maps + self.narrow(self.relu2(self.filter(wide)))  # (1)!


full = Block(groups=1)
depthwise = Block(groups=WIDE)  # (2)!

for name, block in {"full": full, "depthwise": depthwise}.items():
    count = sum(p.numel() for p in block.parameters())
    assert block(torch.zeros(INPUT)).shape == INPUT
    print(f"{name}: {count:,}")
