"""3x3 and 7x7 kernels that see all 384 channels, or one each."""

import torch
from torch import nn

INPUT = (1, 384, 14, 14)


def conv(size: int, groups: int = 1) -> nn.Conv2d:
    return nn.Conv2d(384, 384, size, padding=size // 2, groups=groups, bias=False)


full_3x3 = conv(3)
full_7x7 = conv(7)
depthwise_3x3 = conv(3, groups=384)
depthwise_7x7 = conv(7, groups=384)
pointwise = conv(1)  # (1)!

blocks = {
    "full 3x3": full_3x3,
    "full 7x7": full_7x7,
    "depthwise 3x3": depthwise_3x3,
    "depthwise 7x7": depthwise_7x7,
    "1x1": pointwise,
}
for name, block in blocks.items():
    assert block(torch.zeros(INPUT)).shape == INPUT
    print(f"{name}: {sum(p.numel() for p in block.parameters()):,}")
