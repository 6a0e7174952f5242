"""A dense layer of VGG-16, and the same cut in two as in Fast R-CNN."""

import torch
from torch import nn

INPUT = (1, 4096)
RANK = 256

whole = nn.Linear(4096, 4096)
thin = nn.Sequential(
    nn.Linear(4096, RANK, bias=False),  # (1)!
    nn.Linear(RANK, 4096),
)

for name, block in {"whole": whole, "thin": thin}.items():
    count = sum(p.numel() for p in block.parameters())
    assert block(torch.zeros(INPUT)).shape == INPUT
    print(f"{name}: {count:,}")
print(f"rank at which two cost as much as one: {4096 * 4096 // (4096 + 4096):,}")
