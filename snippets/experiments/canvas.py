"""Digits at random places of a canvas, a class for each pixel, and mean IoU."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

SIDE = 32
CLASSES = 11  # the background, then the ten digits
NOT_ASKED = -100  # the label that cross_entropy passes over


def canvases(
    images: Tensor, labels: Tensor, count: int, *, scale: int = 1, seed: int = 0
) -> tuple[Tensor, Tensor]:
    """Canvases (count, 1, 32, 32) and the class of each pixel (count, 32, 32).

    Four digits of 8x8, one in each quadrant; with scale 2, two of 16x16, one in each
    half; no image twice. A pixel is of the digit if at least half as dark as can be.
    """
    size, high, wide = 8 * scale, 16 * scale, 16
    cells = [(y, x) for y in range(0, SIDE, high) for x in range(0, SIDE, wide)]
    random = torch.Generator().manual_seed(seed)
    order = torch.randperm(len(images), generator=random)
    chosen = order[: count * len(cells)].view(count, len(cells))
    down = torch.randint(high - size + 1, chosen.shape, generator=random)
    right = torch.randint(wide - size + 1, chosen.shape, generator=random)
    digits = F.interpolate(images, size=(size, size), mode="bilinear")[:, 0]
    pixels = torch.zeros(count, SIDE, SIDE)
    classes = torch.zeros(count, SIDE, SIDE, dtype=torch.long)
    for canvas in range(count):
        for cell, (top, left) in enumerate(cells):
            digit = chosen[canvas, cell]
            y, x = top + down[canvas, cell], left + right[canvas, cell]
            place = canvas, slice(y, y + size), slice(x, x + size)
            pixels[place] = digits[digit]
            classes[place] = (digits[digit] >= 0.5) * (labels[digit] + 1)
    return pixels[:, None], classes


def balanced(classes: Tensor, seed: int = 0) -> Tensor:
    """Labels that ask about each pixel of a digit and about as many others."""
    ink = classes > 0
    random = torch.Generator().manual_seed(seed)
    drawn = torch.rand(classes.shape, generator=random) < ink.sum() / (~ink).sum()
    return classes.where(ink | drawn, NOT_ASKED)


@torch.inference_mode()
def scores(network: nn.Module, images: Tensor) -> Tensor:
    """A trained network's scores for each class and pixel (N, 11, 32, 32)."""
    network.eval()
    return torch.cat([network(some) for some in images.split(50)])


def ious(answers: Tensor, classes: Tensor) -> Tensor:
    """For each class the pixels that both give it over those that either does, in %."""
    pairs = CLASSES * classes + answers
    counts = torch.bincount(pairs.flatten(), minlength=CLASSES**2)
    counts = counts.view(CLASSES, CLASSES)
    both = counts.diag()
    return 100 * both / (counts.sum(0) + counts.sum(1) - both)


def mean_iou(answers: Tensor, classes: Tensor) -> float:
    return ious(answers, classes).mean().item()
