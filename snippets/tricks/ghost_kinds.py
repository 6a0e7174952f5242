"""The weights of GhostNet's modules, and of full 1x1 in their place."""

BOTTLENECKS = (  # (1)!
    (16, 16, 16),
    (16, 48, 24),
    (24, 72, 24),
    (24, 72, 40),
    (40, 120, 40),
    (40, 240, 80),
    (80, 200, 80),
    (80, 184, 80),
    (80, 184, 80),
    (80, 480, 112),
    (112, 672, 112),
    (112, 672, 160),
    *(4 * [(160, 960, 160)]),
)

primary = cheap = full = 0
for narrow, wide, made in BOTTLENECKS:
    for seen, maps in ((narrow, wide), (wide, made)):  # (2)!
        primary += seen * maps // 2
        cheap += 9 * maps // 2
        full += seen * maps

print(f"1x1 for half of the maps: {primary:,}")
print(f"cheap 3x3 for the others: {cheap:,}")
print(f"full 1x1 for all: {full:,}")
