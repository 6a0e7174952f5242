"""One level of a U: down and up again, with and without what stays behind."""

import torch
from torch import Tensor, nn

INPUT = (1, 64, 56, 56)


class Level(nn.Module):
    """Halve the maps, work on them, double them, and look across."""

    def __init__(self, skip: str) -> None:
        super().__init__()
        self.skip = skip
        self.pool = nn.MaxPool2d(2)
        self.below = nn.Conv2d(64, 128, kernel_size=3, padding=1, bias=False)
        self.up = nn.ConvTranspose2d(128, 64, kernel_size=2, stride=2, bias=False)
        seen = 64 + 64 if skip == "joined" else 64  # (1)!
        self.expand = nn.Conv2d(seen, 64, kernel_size=3, padding=1, bias=False)

    def forward(self, maps: Tensor) -> Tensor:
        up = self.up(self.below(self.pool(maps)))
        if self.skip == "joined":
            up = torch.cat([maps, up], dim=1)
        if self.skip == "added":
            up = maps + up
        return self.expand(up)


without_skip = Level("none")
added = Level("added")
joined = Level("joined")

for name, block in {"none": without_skip, "added": added, "joined": joined}.items():
    assert block(torch.zeros(INPUT)).shape == INPUT
    print(f"skip {name}, in all: {sum(p.numel() for p in block.parameters()):,}")
    print(f"skip {name}, the last 3x3: {block.expand.weight.numel():,}")
