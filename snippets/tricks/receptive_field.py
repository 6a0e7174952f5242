"""How far a stack of 3x3 sees, and how often it looks at each pixel."""

import torch
from torch import Tensor, nn

INPUT = (1, 1, 15, 15)


def conv(size: int = 3, dilation: int = 1) -> nn.Conv2d:
    padding = dilation * (size // 2)
    return nn.Conv2d(1, 1, size, padding=padding, dilation=dilation, bias=False)


def looks(network: nn.Module) -> Tensor:
    """Count the ways from each pixel to the middle of the output."""
    for weight in network.parameters():
        nn.init.ones_(weight)  # (1)!
    image = torch.zeros(INPUT, requires_grad=True)
    network(image)[0, 0, 7, 7].backward()
    return image.grad[0, 0]


one_5x5 = conv(5)
two_3x3 = nn.Sequential(conv(), conv())
three_3x3 = nn.Sequential(conv(), conv(), conv())
growing = nn.Sequential(conv(), conv(dilation=2), conv(dilation=4))
gridded = nn.Sequential(*(conv(dilation=2) for _ in range(3)))

for name, network in {
    "one 5x5": one_5x5,
    "two 3x3": two_3x3,
    "three 3x3": three_3x3,
    "dilation 1, 2, 4": growing,
    "dilation 2, 2, 2": gridded,
}.items():
    ways = looks(network)
    rows = ways.sum(dim=1).nonzero()
    print(f"{name}, weights: {sum(p.numel() for p in network.parameters())}")
    print(f"{name}, side of the field: {int(rows.max() - rows.min()) + 1}")
    print(f"{name}, pixels that count: {int(ways.count_nonzero())}")

ways = looks(two_3x3)[5:10, 5:10]
print(f"two 3x3, ways from each pixel:\n{ways.int()}")  # (2)!
print(f"two 3x3, ways in all: {int(ways.sum())}")
print(f"two 3x3, ways from the middle: {int(ways[2, 2])}")
