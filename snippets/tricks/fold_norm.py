"""Batch normalisation, folded into the convolution in front of it."""

import torch
from torch import nn

INPUT = (1, 64, 28, 28)
C = 64

torch.manual_seed(0)
norm = nn.BatchNorm2d(C)
norm.running_mean.normal_(std=0.1)  # (1)!
norm.running_var.uniform_(0.5, 1.5)
nn.init.uniform_(norm.weight, 0.5, 1.5)
nn.init.normal_(norm.bias, std=0.1)
conv = nn.Conv2d(C, C, kernel_size=3, padding=1, bias=False)
normalised = nn.Sequential(conv, norm).eval()

scale = norm.weight / (norm.running_var + norm.eps).sqrt()  # (2)!
folded = nn.Conv2d(C, C, kernel_size=3, padding=1)
with torch.no_grad():
    folded.weight.copy_(conv.weight * scale[:, None, None, None])
    folded.bias.copy_(norm.bias - norm.running_mean * scale)

    maps = torch.randn(INPUT)
    difference = (normalised(maps) - folded(maps)).abs().max()

for name, block in {"normalised": normalised, "folded": folded}.items():
    print(f"{name}: {sum(p.numel() for p in block.parameters()):,}")
print(f"largest difference: {difference:.4f}")
