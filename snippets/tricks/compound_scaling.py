"""Which phi gives each factor, if they are 1.2^phi, 1.1^phi and 1.15^phi?"""

from math import log

FACTORS = {  # (1)!
    "B1": (1.1, 1.0, 240 / 224),
    "B2": (1.2, 1.1, 260 / 224),
    "B7": (3.1, 2.0, 600 / 224),
}

for name, (depth, width, resolution) in FACTORS.items():
    print(f"{name}, phi of depth: {log(depth, 1.2):.2f}")
    print(f"{name}, phi of width: {log(width, 1.1):.2f}")
    print(f"{name}, phi of resolution: {log(resolution, 1.15):.2f}")
    print(f"{name}, times the MACs: {depth * width**2 * resolution**2:.2f}")  # (2)!
