"""One 7x7 convolution, or three 3x3 that see as far."""

from torch import nn

INPUT = (1, 128, 28, 28)
C = 128

one_7x7 = nn.Conv2d(C, C, kernel_size=7, padding=3, bias=False)
three_3x3 = nn.Sequential(
    nn.Conv2d(C, C, kernel_size=3, padding=1, bias=False),
    nn.ReLU(),
    nn.Conv2d(C, C, kernel_size=3, padding=1, bias=False),
    nn.ReLU(),
    nn.Conv2d(C, C, kernel_size=3, padding=1, bias=False),
)

for name, block in {"one 7x7": one_7x7, "three 3x3": three_3x3}.items():
    count = sum(p.numel() for p in block.parameters())
    print(f"{name}: {count:,}")
