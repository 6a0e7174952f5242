"""At the first layer of a network, two 3x3 cost more than one 5x5."""

from torch import nn

INPUT = (1, 3, 224, 224)
A, B = 3, 64  # channels in and out

one_5x5 = nn.Conv2d(A, B, kernel_size=5, padding=2, bias=False)
two_3x3 = nn.Sequential(
    nn.Conv2d(A, B, kernel_size=3, padding=1, bias=False),
    nn.ReLU(),
    nn.Conv2d(B, B, kernel_size=3, padding=1, bias=False),  # (1)!
)

for name, block in {"one 5x5": one_5x5, "two 3x3": two_3x3}.items():
    count = sum(p.numel() for p in block.parameters())
    print(f"{name}: {count:,}")
break_even = 25 * A * B / (9 * (A + B))  # (2)!
print(f"widest middle that still saves: {break_even:.2f}")
