"""PSPNet's pyramid pooling, and the same with the 1x1 before the pooling."""

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

INPUT = (1, 2048, 28, 28)


class Pyramid(nn.Module):
    def __init__(self, pool_first: bool) -> None:
        super().__init__()
        self.branches = nn.ModuleList()
        for grid in (1, 2, 3, 6):  # (1)!
            pool = nn.AdaptiveAvgPool2d(grid)
            narrow = nn.Conv2d(2048, 512, kernel_size=1, bias=False)
            order = (pool, narrow) if pool_first else (narrow, pool)
            self.branches.append(nn.Sequential(*order))

    def forward(self, maps: Tensor) -> Tensor:
        size = maps.shape[2:]
        seen = [branch(maps) for branch in self.branches]
        seen = [interpolate(part, size, mode="bilinear") for part in seen]
        return torch.cat([maps, *seen], dim=1)  # (2)!


with torch.device("meta"):
    narrow_first = Pyramid(pool_first=False)
    pool_first = Pyramid(pool_first=True)
    head = nn.Sequential(
        pool_first,
        nn.Conv2d(4096, 512, kernel_size=3, padding=1, bias=False),
    )
    assert head(torch.empty(INPUT)).shape == (1, 512, 28, 28)

for name, block in {"pyramid": pool_first, "with the 3x3": head}.items():
    print(f"{name}: {sum(p.numel() for p in block.parameters()):,}")
