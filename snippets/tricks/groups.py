"""A 3x3 convolution in groups, and what brings the channels back together."""

import torch
from torch import nn

INPUT = (1, 256, 28, 28)


def conv(size: int, groups: int = 1) -> nn.Conv2d:
    return nn.Conv2d(256, 256, size, padding=size // 2, groups=groups, bias=False)


full = conv(3)
four_groups = conv(3, groups=4)
eight_groups = conv(3, groups=8)
depthwise = conv(3, groups=256)  # (1)!
separable = nn.Sequential(conv(3, groups=256), conv(1))


def seen(block: nn.Module) -> int:
    """How many input channels the first output channel depends on."""
    maps = torch.randn(INPUT, requires_grad=True)
    block(maps)[0, 0].sum().backward()
    return (maps.grad[0].abs().sum(dim=(1, 2)) > 0).sum().item()  # (2)!


blocks = {
    "full": full,
    "4 groups": four_groups,
    "8 groups": eight_groups,
    "depthwise": depthwise,
    "depthwise, then 1x1": separable,
}
for name, block in blocks.items():
    print(f"{name}, weights: {sum(p.numel() for p in block.parameters()):,}")
    print(f"{name}, channels seen: {seen(block)}")
