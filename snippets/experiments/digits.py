"""scikit-learn's handwritten digits: 8x8 images of ten classes, as tensors."""

import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import Tensor


def digits(
    train: int | None = None, seed: int = 0
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Training images and labels, then test images and labels (500, stratified).

    Images (N, 1, 8, 8) from 0 to 1. `train` keeps that many training images; `seed`
    decides which. The test images are always the same.
    """
    images, labels = load_digits(return_X_y=True)
    kept, test, kept_labels, test_labels = train_test_split(
        images, labels, test_size=500, stratify=labels, random_state=0
    )
    if train is not None:
        kept, _, kept_labels, _ = train_test_split(
            kept, kept_labels, train_size=train, stratify=kept_labels, random_state=seed
        )
    return (
        as_images(kept),
        torch.tensor(kept_labels),
        as_images(test),
        torch.tensor(test_labels),
    )


def as_images(pixels) -> Tensor:
    return torch.tensor(pixels, dtype=torch.float32).reshape(-1, 1, 8, 8) / 16
