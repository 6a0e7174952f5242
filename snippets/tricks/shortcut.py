"""A bottleneck's shortcut: a 1x1 convolution, or the input as it is."""

import torch
from torch import Tensor, nn

INPUT = (1, 256, 56, 56)


class Bottleneck(nn.Module):
    """A 1x1, a 3x3, a 1x1, and the shortcut that one gives it."""

    def __init__(self, shortcut: nn.Module) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(256, 64, kernel_size=1, bias=False),
            nn.ReLU(),
            nn.Conv2d(64, 64, kernel_size=3, padding=1, bias=False),
            nn.ReLU(),
            nn.Conv2d(64, 256, kernel_size=1, bias=False),
        )
        self.shortcut = shortcut

    def forward(self, maps: Tensor) -> Tensor:
        return torch.relu(self.layers(maps) + self.shortcut(maps))


projection = Bottleneck(nn.Conv2d(256, 256, kernel_size=1, bias=False))
identity = Bottleneck(nn.Identity())  # (1)!

for name, block in {"projection": projection, "identity": identity}.items():
    count = sum(p.numel() for p in block.shortcut.parameters())
    assert block(torch.zeros(INPUT)).shape == INPUT
    print(f"shortcut, {name}: {count:,}")
