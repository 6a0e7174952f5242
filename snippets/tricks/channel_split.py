"""A unit of 116 channels: all of them convolved, or only one half."""

import torch
from torch import Tensor, nn

INPUT = (1, 116, 28, 28)


def convolved(channels: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels, channels, kernel_size=1, bias=False),
        nn.ReLU(),
        nn.Conv2d(channels, channels, 3, padding=1, groups=channels, bias=False),
        nn.Conv2d(channels, channels, kernel_size=1, bias=False),
        nn.ReLU(),
    )


class Split(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.branch = convolved(channels // 2)
        self.shuffle = nn.ChannelShuffle(2)

    def forward(self, maps: Tensor) -> Tensor:
        passed, changed = maps.chunk(2, dim=1)  # (1)!
        return self.shuffle(torch.cat([passed, self.branch(changed)], dim=1))


whole = convolved(116)
split = Split(116)

for name, unit in {"whole": whole, "split": split}.items():
    count = sum(p.numel() for p in unit.parameters())
    assert unit(torch.zeros(INPUT)).shape == INPUT
    print(f"{name}: {count:,}")
