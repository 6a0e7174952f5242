"""From Inception to Xception: a 1x1, and 3x3 kernels that see a segment of its maps."""

import torch
from torch import nn

INPUT = (1, 728, 19, 19)
C = 728


def module(segments: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(C, C, kernel_size=1, bias=False),
        nn.ReLU(),
        nn.Conv2d(C, C, kernel_size=3, padding=1, groups=segments, bias=False),  # (1)!
    )


one = module(segments=1)
four = module(segments=4)  # (2)!
extreme = module(segments=C)

for name, block in {"one": one, "four": four, "extreme": extreme}.items():
    mixing, looking = block[0].weight.numel(), block[2].weight.numel()
    assert block(torch.zeros(INPUT)).shape == INPUT
    print(f"{name}, 1x1: {mixing:,}")
    print(f"{name}, 3x3: {looking:,}")
