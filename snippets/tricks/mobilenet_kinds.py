"""MobileNet v1's weights and multiply-accumulates (MACs), by kind of layer."""

from collections import Counter
from itertools import pairwise

WIDTHS = (32, 64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024)  # (1)!
SIDES = (112, 56, 56, 28, 28, 14, 14, 14, 14, 14, 14, 7, 7)  # (2)!

weights = Counter({"first 3x3": 3 * 3 * 3 * 32, "dense": 1024 * 1000})
macs = Counter({"first 3x3": 3 * 3 * 3 * 32 * 112**2, "dense": 1024 * 1000})
for (seen, made), side in zip(pairwise(WIDTHS), SIDES, strict=True):
    for kind, count in {"depthwise": 3 * 3 * seen, "1x1": seen * made}.items():
        weights[kind] += count
        macs[kind] += count * side**2

for kind in ("1x1", "depthwise", "first 3x3", "dense"):
    print(f"{kind}, weights: {weights[kind]:,}")
    print(f"{kind}, MACs: {macs[kind]:,}")
print(f"all, weights: {weights.total():,}")
print(f"all, MACs: {macs.total():,}")
