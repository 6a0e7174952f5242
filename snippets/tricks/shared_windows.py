"""VGG-16 over an image of 500x500: in one pass, or anew for each window."""

import torch
from torch import nn

INPUT = (1, 3, 500, 500)


def fully_convolutional(classes: int):
    layers, channels = [], 3
    for width, depth in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(depth):
            layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU()]
            channels = width
        layers.append(nn.MaxPool2d(2))
    for side, width in ((7, 4096), (1, 4096), (1, classes)):  # (1)!
        layers.append(nn.Conv2d(channels, width, kernel_size=side))
        channels = width
    return nn.Sequential(*layers)


def work(side: int) -> tuple[int, int]:
    """The answers for an image of this side, and the multiply-accumulates."""
    maps, macs = torch.empty(1, 3, side, side, device="meta"), 0
    for layer in vgg16:
        maps = layer(maps)
        if isinstance(layer, nn.Conv2d):
            macs += layer.weight.numel() * maps[0, 0].numel()  # (2)!
    return maps[0, 0].numel(), macs


with torch.device("meta"):
    vgg16 = fully_convolutional(classes=21)
(_, one_window), (answers, one_pass) = work(224), work(500)
print(f"answers: {answers}")
print(f"MACs, one window: {one_window:,}")
print(f"MACs, a window for each answer: {answers * one_window:,}")
print(f"MACs, one pass: {one_pass:,}")
