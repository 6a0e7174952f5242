"""What unpooling puts back, and what SegNet has to remember for it."""

import torch
from torch import nn

pool = nn.MaxPool2d(2, return_indices=True)
maps = torch.tensor([[1, 5, 2, 0], [3, 4, 8, 1], [7, 2, 0, 6], [1, 1, 3, 2.0]])
pooled, places = pool(maps[None])
back = nn.MaxUnpool2d(2)(pooled, places)
for name, grid in {"before": maps, "pooled": pooled[0], "back": back[0]}.items():
    print(f"{name}:")
    for row in grid.int().tolist():
        print("   ", *row)

count = 0
for channels, side in ((64, 224), (128, 112), (256, 56), (512, 28), (512, 14)):
    _, places = pool(torch.empty(1, channels, side, side, device="meta"))
    count += places.numel()
print(f"indices: {count:,}")
print(f"bytes as torch keeps them: {count * places.element_size():,}")  # (1)!
print(f"bytes at 2 bits each: {count * 2 // 8:,}")  # (2)!
print(f"bytes of the maps before pooling: {4 * count * 4:,}")
