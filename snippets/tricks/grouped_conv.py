"""A convolution in two groups is two towers that do not talk to each other."""

import torch
from torch import nn

INPUT = (1, 96, 27, 27)

one_group = nn.Conv2d(96, 256, kernel_size=5, padding=2, bias=False)
two_groups = nn.Conv2d(96, 256, kernel_size=5, padding=2, groups=2, bias=False)

for name, layer in {"one group": one_group, "two groups": two_groups}.items():
    print(f"{name} {tuple(layer.weight.shape)}: {layer.weight.numel():,}")

maps = torch.randn(INPUT)
halves = zip(maps.chunk(2, dim=1), two_groups.weight.chunk(2), strict=True)  # (1)!
towers = [nn.functional.conv2d(half, weight, padding=2) for half, weight in halves]
same = torch.allclose(two_groups(maps), torch.cat(towers, dim=1), atol=1e-5)
print("the same as two towers?", same)
