"""A convolution's parameters, by the formula and by torch."""

from torch import nn

conv = nn.Conv2d(64, 128, kernel_size=3, padding=1)
norm = nn.BatchNorm2d(128)

kernel_height, kernel_width = conv.kernel_size
inputs_per_filter = conv.in_channels // conv.groups  # (1)!
weights = kernel_height * kernel_width * inputs_per_filter * conv.out_channels
biases = conv.out_channels

print(f"weights: {weights:,}")
print(f"biases: {biases:,}")
print(f"formula: {weights + biases:,}")
print(f"torch: {sum(p.numel() for p in conv.parameters()):,}")  # (2)!
print(f"batch norm: {sum(p.numel() for p in norm.parameters()):,}")  # (3)!
