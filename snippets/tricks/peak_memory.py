"""How much memory maps need at once, if each is dropped after its last use."""

import torch
from torch import Tensor, fx, nn

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


class Peak(fx.Interpreter):
    """Runs a module step by step, and forgets what no later step needs."""

    most = 0

    def run_node(self, node: fx.Node) -> Tensor:
        made = super().run_node(node)
        kept = {id(maps): maps for maps in (*self.env.values(), made)}  # (1)!
        size = sum(maps.numel() * maps.element_size() for maps in kept.values())
        self.most = max(self.most, size)
        return made


def peak(block: nn.Module, maps: Tensor) -> int:
    steps = Peak(fx.symbolic_trace(block))
    steps.run(maps)
    return steps.most


with torch.device("meta"):
    maps = torch.empty(INPUT)
    branches = Branches().eval()
    fused = nn.Sequential(nn.Conv2d(C, C, kernel_size=3, padding=1), nn.ReLU())
    for name, block in {"three branches": branches, "fused": fused}.items():
        most = peak(block, maps)
        print(f"{name}, bytes: {most:,}")
        print(f"{name}, maps of this size: {most // (4 * maps.numel())}")
