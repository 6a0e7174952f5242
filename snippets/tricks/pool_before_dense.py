"""AlexNet's first dense layer, with the last pooling and without it."""

import torch
from torch import nn

INPUT = (1, 256, 13, 13)

with torch.device("meta"):  # (1)!
    without_pooling = nn.Sequential(
        nn.Flatten(),
        nn.Linear(256 * 13 * 13, 4096),
    )
    with_pooling = nn.Sequential(
        nn.MaxPool2d(kernel_size=3, stride=2),  # (2)!
        nn.Flatten(),
        nn.Linear(256 * 6 * 6, 4096),
    )

for name, head in {"without": without_pooling, "with": with_pooling}.items():
    print(f"{name} pooling, weights: {head[-1].weight.numel():,}")
