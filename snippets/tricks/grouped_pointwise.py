"""A unit from 200 channels to 200 whose 1x1 see all channels, or half of them."""

import torch
from torch import Tensor, nn

INPUT = (1, 200, 28, 28)


class Unit(nn.Module):
    def __init__(self, groups: int) -> None:
        super().__init__()
        self.narrow = nn.Conv2d(200, 50, kernel_size=1, groups=groups, bias=False)
        self.relu = nn.ReLU()
        self.shuffle = nn.ChannelShuffle(groups) if groups > 1 else nn.Identity()
        self.depthwise = nn.Conv2d(50, 50, 3, padding=1, groups=50, bias=False)
        self.widen = nn.Conv2d(50, 200, kernel_size=1, groups=groups, bias=False)

    def forward(self, maps: Tensor) -> Tensor:
        branch = self.shuffle(self.relu(self.narrow(maps)))  # (1)!
        return torch.relu(maps + self.widen(self.depthwise(branch)))


full = Unit(groups=1)
two_groups = Unit(groups=2)

for name, unit in {"full": full, "2 groups": two_groups}.items():
    count = sum(p.numel() for p in unit.parameters())
    assert unit(torch.zeros(INPUT)).shape == INPUT
    print(f"{name}: {count:,}")
