"""Values that a 1x1 reads and writes on maps of 56x56, for equal arithmetic."""

PLACES = 56 * 56
LAYERS = (  # channels in, channels out, groups
    (128, 128, 1),
    (90, 180, 1),
    (52, 312, 1),
    (36, 432, 1),
    (180, 180, 2),
    (256, 256, 4),
    (360, 360, 8),
)

for read, written, groups in LAYERS:
    weights = read * written // groups
    name = f"{read} to {written}" + (f" in {groups} groups" if groups > 1 else "")
    print(f"{name}, MACs: {PLACES * weights:,}")
    print(f"{name}, values: {PLACES * (read + written) + weights:,}")  # (1)!
