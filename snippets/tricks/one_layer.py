"""The first layer of ResNet: what it gives out, holds, does and needs."""

import torch
from torch import nn

INPUT = (1, 3, 224, 224)

layer = nn.Sequential(
    nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False),
    nn.BatchNorm2d(64),
)

maps = layer(torch.zeros(INPUT))
height, width = maps.shape[2:]
print(f"output: {tuple(maps.shape[1:])}")
print(f"parameters: {sum(p.numel() for p in layer.parameters()):,}")
print(f"MACs: {layer[0].weight.numel() * height * width:,}")  # (1)!
print(f"values given out: {2 * maps.numel():,}")  # (2)!
