"""How often a transposed convolution of stride 2 writes to each output pixel."""

import torch
from torch import Tensor, nn


def written(kernel: int) -> Tensor:
    layer = nn.ConvTranspose2d(1, 1, kernel, stride=2, bias=False)
    nn.init.ones_(layer.weight)  # (1)!
    with torch.inference_mode():
        times = layer(torch.ones(1, 1, 8, 8))
    return times[0, 0, 4:10, 4:10].int()  # (2)!


for kernel in (2, 3, 4):
    times = written(kernel)
    print(f"kernel {kernel}, fewest: {times.min()}")
    print(f"kernel {kernel}, most: {times.max()}")
    for row in times.tolist():
        print("   ", *row)
