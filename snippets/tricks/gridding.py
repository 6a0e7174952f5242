"""Which pixels reach one output through three dilated 3x3."""

import torch
from torch import nn

INPUT = (1, 1, 15, 15)


def stack(*rates: int) -> nn.Sequential:
    """3x3 convolutions of one channel, with all weights one."""
    layers = [nn.Conv2d(1, 1, 3, padding=r, dilation=r, bias=False) for r in rates]
    for layer in layers:
        nn.init.ones_(layer.weight)
    return nn.Sequential(*layers)


one_15x15 = nn.Conv2d(1, 1, kernel_size=15, padding=7, bias=False)
growing = stack(1, 2, 4)
equal = stack(2, 2, 2)

for name, network in {"1, 2, 4": growing, "2, 2, 2": equal}.items():
    image = torch.zeros(INPUT, requires_grad=True)
    network(image)[0, 0, 7, 7].backward()  # (1)!
    reaches = image.grad[0, 0] > 0
    print(f"dilation {name}, pixels: {int(reaches.sum())}")
    for row in reaches:
        print(" ".join("#" if pixel else "." for pixel in row))
