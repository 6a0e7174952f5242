"""VGG-16's first dense layer, as it is and as a convolution."""

import torch
from torch import nn

INPUT = (1, 512, 7, 7)

with torch.device("meta"):
    dense = nn.Sequential(nn.Flatten(), nn.Linear(512 * 7 * 7, 4096))
    convolution = nn.Conv2d(512, 4096, kernel_size=7)
    one_by_one = nn.Conv2d(512, 4096, kernel_size=1)


def same_answers(channels: int, side: int, outputs: int) -> bool:
    """Give both the same weights and the same maps; a smaller pair is quicker."""
    linear = nn.Linear(channels * side * side, outputs)
    conv = nn.Conv2d(channels, outputs, kernel_size=side)
    conv.weight.data = linear.weight.data.view(outputs, channels, side, side)  # (1)!
    conv.bias.data = linear.bias.data
    maps = torch.randn(1, channels, side, side)
    return torch.allclose(conv(maps).flatten(1), linear(maps.flatten(1)), atol=1e-5)


for name, layer in {"dense": dense, "7x7": convolution, "1x1": one_by_one}.items():
    print(f"{name}, parameters: {sum(p.numel() for p in layer.parameters()):,}")
print(f"same answers: {same_answers(32, 7, 64)}")
larger = convolution(torch.empty(1, 512, 16, 16, device="meta"))  # (2)!
print(f"7x7 on maps of 16x16: {tuple(larger.shape)}")
