"""Factors for 2048 maps from their averages: by one dense layer, or two small ones."""

import torch
from torch import Tensor, nn

INPUT = (1, 2048, 7, 7)
C, R = 2048, 16  # maps, and how many times fewer numbers lie in between


class Gate(nn.Module):
    def __init__(self, *layers: nn.Module) -> None:
        super().__init__()
        self.average = nn.AdaptiveAvgPool2d(1)
        self.layers = nn.Sequential(nn.Flatten(), *layers, nn.Sigmoid())

    def forward(self, maps: Tensor) -> Tensor:
        factors = self.layers(self.average(maps))
        return maps * factors[:, :, None, None]  # (1)!


one_layer = Gate(nn.Linear(C, C))
squeezed = Gate(nn.Linear(C, C // R), nn.ReLU(), nn.Linear(C // R, C))

for name, block in {"one layer": one_layer, "squeezed": squeezed}.items():
    count = sum(p.numel() for p in block.parameters())
    assert block(torch.zeros(INPUT)).shape == INPUT
    print(f"{name}: {count:,}")
