"""Wide ResNet for CIFAR-10, counted: k times as wide as ResNet."""


def parameters(depth: int, k: int) -> int:
    seen, count = 16, 3 * 3 * 3 * 16
    for width in (16 * k, 32 * k, 64 * k):
        for _ in range((depth - 4) // 6):
            count += 2 * seen + 3 * 3 * seen * width  # (1)!
            count += 2 * width + 3 * 3 * width * width
            count += seen * width if seen != width else 0  # (2)!
            seen = width
    return count + 2 * seen + seen * 10 + 10  # (3)!


for depth, k in ((40, 1), (40, 2), (40, 4), (40, 8), (28, 10)):
    print(f"WRN-{depth}-{k}: {parameters(depth, k):,}")
