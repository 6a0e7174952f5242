"""A stride of 2, or a dilation of 2 behind it, with the same weights."""

import torch
from torch import nn

INPUT = (1, 64, 28, 28)
C = 64

strided = nn.Sequential(
    nn.Conv2d(C, C, kernel_size=3, stride=2, padding=1, bias=False),
    nn.ReLU(),
    nn.Conv2d(C, C, kernel_size=3, padding=1, bias=False),
)
dilated = nn.Sequential(
    nn.Conv2d(C, C, kernel_size=3, padding=1, bias=False),  # (1)!
    nn.ReLU(),
    nn.Conv2d(C, C, kernel_size=3, padding=2, dilation=2, bias=False),
)
dilated.load_state_dict(strided.state_dict())

maps = torch.randn(INPUT)
coarse, fine = strided(maps), dilated(maps)
assert torch.allclose(coarse, fine[:, :, ::2, ::2], atol=1e-5)  # (2)!
for name, block, answer in ("strided", strided, coarse), ("dilated", dilated, fine):
    weights = sum(p.numel() for p in block.parameters())
    print(f"{name}, weights: {weights:,}")
    print(f"{name}, places: {answer[0, 0].numel()}")
