"""In the first layer of a network's first dense block, a 1x1 costs more."""

from torch import nn

INPUT = (1, 64, 56, 56)
C, K = 64, 32  # maps that the layer reads, maps that it makes

direct = nn.Conv2d(C, K, kernel_size=3, padding=1, bias=False)
bottleneck = nn.Sequential(
    nn.Conv2d(C, 4 * K, kernel_size=1, bias=False),  # (1)!
    nn.ReLU(),
    nn.Conv2d(4 * K, K, kernel_size=3, padding=1, bias=False),
)

for name, block in {"3x3 alone": direct, "1x1, then 3x3": bottleneck}.items():
    count = sum(p.numel() for p in block.parameters())
    print(f"{name}: {count:,}")
print(f"maps from which the 1x1 saves: {36 * K / 5}")  # (2)!
