"""Make all maps anew, or make a few and append them to those that are there."""

import torch
from torch import Tensor, nn

INPUT = (1, 224, 56, 56)
C, K = 224, 32  # maps that are there, maps to add


class DenseLayer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.new = nn.Conv2d(C, K, kernel_size=3, padding=1, bias=False)

    def forward(self, maps: Tensor) -> Tensor:
        return torch.cat([maps, self.new(maps)], dim=1)  # (1)!


all_anew = nn.Conv2d(C, C + K, kernel_size=3, padding=1, bias=False)
few_appended = DenseLayer()

for name, block in {"all anew": all_anew, "few appended": few_appended}.items():
    count = sum(p.numel() for p in block.parameters())
    assert block(torch.zeros(INPUT)).shape == (1, C + K, 56, 56)  # (2)!
    print(f"{name}: {count:,}")
