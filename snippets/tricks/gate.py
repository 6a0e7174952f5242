"""The average of the whole map, joined to the channels of each place or as a gate."""

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

INPUT = (1, 960, 14, 14)


class Joined(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.local = nn.Conv2d(960, 128, kernel_size=1, bias=False)
        self.average = nn.AdaptiveAvgPool2d(1)
        self.whole = nn.Conv2d(960, 128, kernel_size=1, bias=False)
        self.mix = nn.Conv2d(2 * 128, 128, kernel_size=1, bias=False)

    def forward(self, maps: Tensor) -> Tensor:
        whole = interpolate(self.whole(self.average(maps)), maps.shape[2:])
        return self.mix(torch.cat([self.local(maps), whole], dim=1))


class Gated(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.local = nn.Conv2d(960, 128, kernel_size=1, bias=False)
        self.average = nn.AdaptiveAvgPool2d(1)
        self.whole = nn.Conv2d(960, 128, kernel_size=1, bias=False)
        self.gate = nn.Sigmoid()

    def forward(self, maps: Tensor) -> Tensor:
        gate = self.gate(self.whole(self.average(maps)))  # (1)!
        return self.local(maps) * gate


joined, gated = Joined(), Gated()
for name, block in {"joined": joined, "gated": gated}.items():
    assert block(torch.zeros(INPUT)).shape == (1, 128, 14, 14)
    print(f"{name}: {sum(p.numel() for p in block.parameters()):,}")
