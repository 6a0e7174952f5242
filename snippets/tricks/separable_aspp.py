"""The three dilated branches of DeepLabv3's ASPP, full and separable."""

import torch
from torch import Tensor, nn

INPUT = (1, 2048, 28, 28)
RATES = (12, 24, 36)


def conv(seen: int, made: int, size: int = 3, rate: int = 1, groups: int = 1):
    padding = rate * (size // 2)
    layer = nn.Conv2d(seen, made, size, 1, padding, rate, groups, bias=False)
    return nn.Sequential(layer, nn.BatchNorm2d(made), nn.ReLU())


class Branches(nn.Module):
    """One map seen at three scales, side by side."""

    def __init__(self, *branches: nn.Module) -> None:
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, maps: Tensor) -> Tensor:
        return torch.cat([branch(maps) for branch in self.branches], dim=1)


full = Branches(*(conv(2048, 256, rate=rate) for rate in RATES))
separable = Branches(
    *(
        nn.Sequential(
            conv(2048, 2048, rate=rate, groups=2048),  # (1)!
            conv(2048, 256, size=1),  # (2)!
        )
        for rate in RATES
    )
)

for name, block in {"full": full, "separable": separable}.items():
    print(f"{name}: {sum(p.numel() for p in block.parameters()):,}")
