"""Two wide layers, joined directly or by way of a few channels."""

import torch
from torch import nn

INPUT = (1, 384, 14, 14)
WIDE, NARROW = 384, 64


def filtered() -> list[nn.Module]:
    kernel = {"kernel_size": 3, "padding": 1, "groups": WIDE}
    return [nn.Conv2d(WIDE, WIDE, **kernel, bias=False), nn.ReLU6()]


directly = nn.Sequential(
    *filtered(),
    nn.Conv2d(WIDE, WIDE, kernel_size=1, bias=False),
    nn.ReLU6(),
)
narrow_between = nn.Sequential(
    *filtered(),
    nn.Conv2d(WIDE, NARROW, kernel_size=1, bias=False),  # (1)!
    nn.Conv2d(NARROW, WIDE, kernel_size=1, bias=False),
    nn.ReLU6(),
)

blocks = {"directly": directly, "narrow between": narrow_between}
for name, block in blocks.items():
    count = sum(p.numel() for p in block.parameters())
    assert block(torch.zeros(INPUT)).shape == INPUT  # (2)!
    print(f"{name}: {count:,}")
