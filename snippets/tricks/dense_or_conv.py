"""The same maps in, the same maps out: once dense, once convolutional."""

import torch
from torch import nn

INPUT = (1, 3, 32, 32)

with torch.device("meta"):  # (1)!
    dense = nn.Sequential(
        nn.Flatten(),
        nn.Linear(3 * 32 * 32, 16 * 32 * 32),
        nn.Unflatten(1, (16, 32, 32)),
    )
    convolution = nn.Conv2d(3, 16, kernel_size=3, padding=1)
    images = torch.empty(INPUT)

for name, layer in {"dense": dense, "convolution": convolution}.items():
    count = sum(p.numel() for p in layer.parameters())
    print(f"{name} {tuple(layer(images).shape)}: {count:,}")
