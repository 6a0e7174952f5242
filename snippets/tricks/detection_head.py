"""YOLO's answer for a grid of 7x7: by two dense layers, or by one convolution."""

import torch
from torch import nn

INPUT = (1, 1024, 7, 7)
ANSWERS = 2 * 5 + 20  # (1)!

with torch.device("meta"):
    dense = nn.Sequential(
        nn.Flatten(),
        nn.Linear(7 * 7 * 1024, 4096),
        nn.ReLU(),  # (2)!
        nn.Linear(4096, 7 * 7 * ANSWERS),
        nn.Unflatten(1, (ANSWERS, 7, 7)),
    )
    convolution = nn.Conv2d(1024, ANSWERS, kernel_size=3, padding=1)
    maps = torch.empty(INPUT)

for name, head in {"dense": dense, "convolution": convolution}.items():
    assert head(maps).shape == (1, ANSWERS, 7, 7)
    print(f"{name}: {sum(p.numel() for p in head.parameters()):,}")
