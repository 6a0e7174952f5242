"""Two narrow paths whose results are added are one grouped convolution."""

import torch
from torch import Tensor, nn

INPUT = (1, 256, 56, 56)


def path(width: int, groups: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(256, width, kernel_size=1, bias=False),
        nn.ReLU(),
        nn.Conv2d(width, width, 3, padding=1, groups=groups, bias=False),
        nn.ReLU(),
        nn.Conv2d(width, 256, kernel_size=1, bias=False),
    )


class Added(nn.ModuleList):
    """Paths side by side, added to their input."""

    def forward(self, maps: Tensor) -> Tensor:
        total = maps
        for one in self:
            total = total + one(maps)
        return total


two_paths = Added(path(40) for _ in range(2))
grouped = Added([path(80, groups=2)])


def hand_over() -> None:
    """Give the two paths the weights of the grouped one."""
    narrow, filters, widen = (layer.weight.data for layer in grouped[0][::2])
    parts = narrow.chunk(2), filters.chunk(2), widen.chunk(2, dim=1)  # (1)!
    for one, weights in zip(two_paths, zip(*parts, strict=True), strict=True):
        for layer, weight in zip(one[::2], weights, strict=True):
            layer.weight.data = weight


hand_over()
for name, block in {"two paths": two_paths, "grouped": grouped}.items():
    print(f"{name}: {sum(p.numel() for p in block.parameters()):,}")
maps = torch.randn(1, 256, 8, 8)
same = torch.allclose(two_paths(maps), grouped(maps), atol=1e-5)
print("the same results?", same)
