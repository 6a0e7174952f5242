"""Two blocks that take 256 channels to 256: a basic block and a bottleneck."""

import torch
from torch import Tensor, nn

INPUT = (1, 256, 56, 56)


class Residual(nn.Sequential):
    """Layers whose input is added to what they make."""

    def forward(self, maps: Tensor) -> Tensor:
        return torch.relu(super().forward(maps) + maps)


basic = Residual(
    nn.Conv2d(256, 256, kernel_size=3, padding=1, bias=False),
    nn.ReLU(),
    nn.Conv2d(256, 256, kernel_size=3, padding=1, bias=False),
)
bottleneck = Residual(
    nn.Conv2d(256, 64, kernel_size=1, bias=False),  # (1)!
    nn.ReLU(),
    nn.Conv2d(64, 64, kernel_size=3, padding=1, bias=False),
    nn.ReLU(),
    nn.Conv2d(64, 256, kernel_size=1, bias=False),  # (2)!
)

for name, block in {"basic": basic, "bottleneck": bottleneck}.items():
    count = sum(p.numel() for p in block.parameters())
    assert block(torch.zeros(INPUT)).shape == INPUT
    print(f"{name}: {count:,}")
