"""256 maps by a full 1x1, or half of them so, and a ghost of each."""

import torch
from torch import Tensor, nn

INPUT = (1, 256, 14, 14)
C, N = 256, 128  # maps, and half of them


class Ghost(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.primary = nn.Conv2d(C, N, kernel_size=1, bias=False)
        self.cheap = nn.Conv2d(N, N, 3, padding=1, groups=N, bias=False)  # (1)!

    def forward(self, maps: Tensor) -> Tensor:
        made = self.primary(maps)
        return torch.cat([made, self.cheap(made)], dim=1)  # (2)!


full = nn.Conv2d(C, C, kernel_size=1, bias=False)
ghost = Ghost()

for name, block in {"full 1x1": full, "ghost module": ghost}.items():
    count = sum(p.numel() for p in block.parameters())
    assert block(torch.zeros(INPUT)).shape == INPUT
    print(f"{name}: {count:,}")
