"""Two sets of maps, added or joined, and the 3x3 that reads the result."""

import torch
from torch import Tensor, nn

INPUT = (1, 64, 56, 56)


class Block(nn.Module):
    """Maps, what a 3x3 makes of them, and a 3x3 that reads both."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.make = nn.Conv2d(64, 64, kernel_size=3, padding=1, bias=False)
        self.read = nn.Conv2d(channels, 64, kernel_size=3, padding=1, bias=False)


class Add(Block):
    def forward(self, maps: Tensor) -> Tensor:
        return self.read(maps + self.make(maps))


class Concat(Block):
    def forward(self, maps: Tensor) -> Tensor:
        return self.read(torch.cat([maps, self.make(maps)], dim=1))  # (1)!


added = Add(64)
joined = Concat(64 + 64)

for name, block in {"added": added, "joined": joined}.items():
    assert block(torch.zeros(INPUT)).shape == INPUT  # (2)!
    print(f"{name}, the 3x3 that makes: {block.make.weight.numel():,}")
    print(f"{name}, the 3x3 that reads: {block.read.weight.numel():,}")
