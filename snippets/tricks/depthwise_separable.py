"""A 3x3 from 512 channels to 512: full, and in MobileNet v1's two steps."""

import torch
from torch import nn

INPUT = (1, 512, 14, 14)
N = 512

full = nn.Conv2d(N, N, kernel_size=3, padding=1, bias=False)
separable = nn.Sequential(
    nn.Conv2d(N, N, kernel_size=3, padding=1, groups=N, bias=False),  # (1)!
    nn.ReLU(),
    nn.Conv2d(N, N, kernel_size=1, bias=False),  # (2)!
)

counts = {}
for name, block in {"full": full, "separable": separable}.items():
    counts[name] = sum(p.numel() for p in block.parameters())
    assert block(torch.zeros(INPUT)).shape == INPUT
    print(f"{name}: {counts[name]:,}")
print(f"share that is left: {counts['separable'] / counts['full']:.6f}")
print(f"1/N + 1/k^2: {1 / N + 1 / 9:.6f}")
