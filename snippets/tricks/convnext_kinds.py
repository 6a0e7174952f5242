"""The parameters of ConvNeXt-T by what they do, and by class."""

from collections import Counter
from itertools import pairwise

STAGES = {96: 3, 192: 3, 384: 9, 768: 3}  # channels: blocks

count = Counter()
for c, blocks in STAGES.items():
    count["depthwise 7x7"] += blocks * (7 * 7 * c + c)
    count["1x1"] += blocks * (c * 4 * c + 4 * c + 4 * c * c + c)
    count["norms and scales"] += blocks * (2 * c + c)  # (1)!
for seen, made in pairwise(STAGES):
    count["between stages"] += 2 * 2 * seen * made + made
    count["norms and scales"] += 2 * seen
count["first 4x4"] = 4 * 4 * 3 * 96 + 96
count["norms and scales"] += 2 * 96 + 2 * 768  # (2)!
count["dense"] = 768 * 1000 + 1000

for kind, parameters in count.items():
    print(f"{kind}: {parameters:,}")
print(f"all: {count.total():,}")
print(f"in nn.Linear: {count['1x1'] + count['dense']:,}")
