"""How much a gradient grows or shrinks on its way through 50 untrained blocks."""

from functools import partial
from math import log10

import torch
from torch import nn

INPUT = (4, 32, 8, 8)
C = 32

he = partial(nn.init.kaiming_normal_, nonlinearity="relu")


def powers_of_ten(plus_x, first=he, last=he, norm=nn.Identity):
    torch.manual_seed(0)
    maps = image = torch.rand(INPUT, dtype=torch.float64, requires_grad=True)
    for _ in range(50):
        one, two = (nn.Conv2d(C, C, 3, padding=1, bias=False) for _ in range(2))
        first(one.weight)
        last(two.weight)
        f = nn.Sequential(one, norm(C), nn.ReLU(), two, norm(C)).double()
        maps = torch.relu(maps + f(maps) if plus_x else f(maps))
    gradient = torch.randn_like(maps)
    maps.backward(gradient)
    return log10(image.grad.norm() / gradient.norm())  # (1)!


def keep(weight):
    """Leave the weights as small as torch makes them."""


for name, how in {
    "small weights": {"first": keep, "last": keep},
    "He": {},
    "He, batch norm": {"norm": nn.BatchNorm2d},
}.items():
    print(f"f(x), {name}: {powers_of_ten(False, **how):.0f}")
    print(f"x + f(x), {name}: {powers_of_ten(True, **how):.0f}")
print(f"x + f(x), He, last zero: {powers_of_ten(True, last=nn.init.zeros_):.0f}")
