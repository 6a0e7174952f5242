"""Three ways to cut the kernels of a 3x3 convolution into two layers."""

import torch
from torch import nn
from torch.nn.functional import conv2d

INPUT = (1, 64, 28, 28)
C, R = 64, 16


def conv(seen, made, height, width):
    padding = (height // 2, width // 2)
    return nn.Conv2d(seen, made, (height, width), padding=padding, bias=False)


full = conv(C, C, 3, 3)
mix_first = nn.Sequential(conv(C, R, 1, 1), conv(R, C, 3, 3))
mix_last = nn.Sequential(conv(C, R, 3, 3), conv(R, C, 1, 1))
row_and_column = nn.Sequential(conv(C, R, 1, 3), conv(R, C, 3, 1))

CUTS = {  # the order of (out, in, y, x), and how many of them are rows
    "mix first": (mix_first, (0, 2, 3, 1), 3),
    "mix last": (mix_last, (0, 1, 2, 3), 1),
    "row and column": (row_and_column, (0, 2, 1, 3), 2),  # (1)!
}

torch.manual_seed(0)
kernels = torch.randn(C, C, 3, 3)
maps = torch.randn(INPUT)
print(f"full, weights: {kernels.numel():,}")
for name, (pair, order, rows) in CUTS.items():
    ordered = kernels.permute(order)
    matrix = ordered.flatten(rows).flatten(0, rows - 1)
    left, values, right = torch.linalg.svd(matrix, full_matrices=False)
    left, right = left[:, :R] * values[:R], right[:R]  # (2)!
    with torch.no_grad():
        pair[0].weight.copy_(right.reshape(pair[0].weight.shape))
        last = left.unflatten(0, (C, -1)).transpose(1, 2)
        pair[1].weight.copy_(last.reshape(pair[1].weight.shape))
        near = (left @ right).reshape(ordered.shape)
        near = near.permute([order.index(dimension) for dimension in range(4)])
        expected = conv2d(maps, near, padding=1)
        assert torch.allclose(pair(maps), expected, atol=1e-3)  # (3)!

    high, wide = matrix.shape
    print(f"{name}, matrix: {high} x {wide}")
    print(f"{name}, rank that costs as much: {high * wide / (high + wide)}")
    print(f"{name}, weights: {sum(p.numel() for p in pair.parameters()):,}")
