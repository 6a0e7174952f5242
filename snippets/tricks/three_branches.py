"""3x3, 1x1 and identity, each normalised, and the 3x3 that is their sum."""

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

INPUT = (1, 64, 56, 56)
C = 64


class Branches(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv3x3 = nn.Conv2d(C, C, kernel_size=3, padding=1, bias=False)
        self.conv1x1 = nn.Conv2d(C, C, kernel_size=1, bias=False)
        self.norms = nn.ModuleList(nn.BatchNorm2d(C) for _ in range(3))
        self.relu = nn.ReLU()

    def forward(self, maps: Tensor) -> Tensor:
        first = self.norms[0](self.conv3x3(maps))
        second = self.norms[1](self.conv1x1(maps))
        return self.relu(first + second + self.norms[2](maps))


def fold(kernel: Tensor, norm: nn.BatchNorm2d) -> tuple[Tensor, Tensor]:
    scale = norm.weight / (norm.running_var + norm.eps).sqrt()
    bias = norm.bias - norm.running_mean * scale
    return kernel * scale[:, None, None, None], bias


def fuse(branches: Branches) -> nn.Sequential:
    small, ones = branches.conv1x1.weight, torch.eye(C)[:, :, None, None]  # (1)!
    around = [1, 1, 1, 1]  # (2)!
    kernels = branches.conv3x3.weight, pad(small, around), pad(ones, around)
    folded = [fold(*pair) for pair in zip(kernels, branches.norms, strict=True)]
    conv = nn.Conv2d(C, C, kernel_size=3, padding=1)
    conv.weight.copy_(sum(kernel for kernel, _ in folded))  # (3)!
    conv.bias.copy_(sum(bias for _, bias in folded))
    return nn.Sequential(conv, nn.ReLU())


torch.manual_seed(0)
branches = Branches().eval()
for norm in branches.norms:  # as if they had been trained
    norm.running_mean.normal_(std=0.1)
    norm.running_var.uniform_(0.5, 1.5)
    nn.init.uniform_(norm.weight, 0.5, 1.5)
    nn.init.normal_(norm.bias, std=0.1)
with torch.no_grad():
    fused = fuse(branches)
    maps = torch.randn(INPUT)
    difference = (branches(maps) - fused(maps)).abs().max()

for name, block in {"three branches": branches, "fused": fused}.items():
    print(f"{name}: {sum(p.numel() for p in block.parameters()):,}")
print(f"largest difference: {difference:.4f}")
