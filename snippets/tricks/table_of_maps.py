"""LeNet-5's third layer: filters that read all maps, or those of a table."""

import torch
from torch import nn

from models.lenet import TABLE, SparseConvolution

INPUT = (1, 6, 14, 14)

all_maps = nn.Conv2d(6, 16, kernel_size=5)
by_table = SparseConvolution(TABLE)

for number, read in enumerate(TABLE):  # (1)!
    print(number, "".join("x" if place in read else "." for place in range(6)))

for name, layer in {"all maps": all_maps, "by the table": by_table}.items():
    count = sum(p.numel() for p in layer.parameters())
    assert layer(torch.rand(INPUT)).shape == (1, 16, 10, 10)
    print(f"{name}: {count:,}")
