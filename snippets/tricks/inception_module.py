"""GoogLeNet's inception3a: naive, with its reductions left out, and as published."""

import torch
from torch import nn

INPUT = (1, 192, 28, 28)


class Branches(nn.ModuleList):
    """Send the same maps through every branch, and join what they give."""

    def forward(self, maps):
        return torch.cat([branch(maps) for branch in self], dim=1)


def conv(seen, made, size):
    return nn.Sequential(nn.Conv2d(seen, made, size, padding=size // 2), nn.ReLU())


direct = [conv(192, 64, 1), conv(192, 128, 3), conv(192, 32, 5)]
pool = nn.MaxPool2d(kernel_size=3, stride=1, padding=1)
projection = nn.Sequential(pool, conv(192, 32, 1))
reduced_3x3 = nn.Sequential(conv(192, 96, 1), conv(96, 128, 3))  # (1)!
reduced_5x5 = nn.Sequential(conv(192, 16, 1), conv(16, 32, 5))

naive = Branches([*direct, pool])
without_reduction = Branches([*direct, projection])
with_reduction = Branches([direct[0], reduced_3x3, reduced_5x5, projection])

modules = {
    "naive": naive,
    "reductions left out": without_reduction,
    "as published": with_reduction,
}
for name, module in modules.items():
    count = sum(p.numel() for p in module.parameters())
    print(f"{name}, parameters: {count:,}")
    print(f"{name}, channels out: {module(torch.zeros(INPUT)).shape[1]}")
