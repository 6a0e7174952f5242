"""GoogLeNet's last layer: on all values of the maps, or on one average of each."""

import torch
from torch import nn

INPUT = (1, 1024, 7, 7)
CLASSES = 1000

with torch.device("meta"):
    all_values = nn.Sequential(
        nn.Flatten(),
        nn.Linear(1024 * 7 * 7, CLASSES),
    )
    averages = nn.Sequential(
        nn.AdaptiveAvgPool2d(1),  # (1)!
        nn.Flatten(),
        nn.Linear(1024, CLASSES),
    )

for name, head in {"all values": all_values, "averages": averages}.items():
    print(f"{name}, parameters: {sum(p.numel() for p in head.parameters()):,}")
