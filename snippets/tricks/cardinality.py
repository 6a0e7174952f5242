"""Bottlenecks from 256 channels to 256: ResNet's, ResNeXt's, and a wide one."""

import torch
from torch import Tensor, nn

INPUT = (1, 256, 56, 56)


class Bottleneck(nn.Sequential):
    def __init__(self, width: int, groups: int = 1) -> None:
        super().__init__(
            nn.Conv2d(256, width, kernel_size=1, bias=False),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, padding=1, groups=groups, bias=False),  # (1)!
            nn.ReLU(),
            nn.Conv2d(width, 256, kernel_size=1, bias=False),
        )

    def forward(self, maps: Tensor) -> Tensor:
        return torch.relu(super().forward(maps) + maps)


def weights(block: nn.Module) -> int:
    return sum(p.numel() for p in block.parameters())


resnet = Bottleneck(64)
resnext = Bottleneck(128, groups=32)  # (2)!
wide = Bottleneck(128)

for name, block in {"ResNet": resnet, "ResNeXt": resnext, "wide": wide}.items():
    print(f"{name}: {weights(block):,}")
for groups, each in ((1, 64), (2, 40), (4, 24), (8, 14), (32, 4)):  # (3)!
    print(f"{groups} x {each}d: {weights(Bottleneck(groups * each, groups)):,}")
