"""The weights and images that torchvision's networks and ours are compared on."""

import math

import torch
from torch import Tensor, nn

# A prime, so that the rows of a large matrix, cut from repeated noise, all differ.
PERIOD = 65_537


def seeded_state(model: nn.Module, seed: int = 0) -> dict[str, Tensor]:
    """Draw a state_dict for `model` (it may be on the meta device), in its order.

    Weight matrices and kernels keep the size of activations through ReLUs, variances
    and normalisation weights lie in (0.5, 1.5), and biases and means in (-0.1, 0.1).
    The noise is repeated rather than drawn afresh: VGG's 138 million weights would
    take seconds.
    """
    noise = _noise((PERIOD,), seed)
    state, position = {}, 0
    for name, tensor in model.state_dict().items():
        count = tensor.numel()
        values = noise.roll(-position)
        position = (position + count) % PERIOD
        if not tensor.is_floating_point():
            values = torch.zeros(PERIOD, dtype=tensor.dtype)
        elif tensor.dim() > 1:
            fan_in = count // tensor.shape[0]
            values *= math.sqrt(6 / fan_in)
        elif name.endswith(("weight", "running_var")):
            values = 1 + values / 2
        else:
            values *= 0.1
        values = values.repeat(count // PERIOD + 1)
        state[name] = values[:count].reshape(tensor.shape)
    return state


def seeded_images(shape: tuple[int, ...], seed: int = 1) -> Tensor:
    """Draw images with values in [-1, 1)."""
    return _noise(shape, seed)


def _noise(shape: tuple[int, ...], seed: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(shape, generator=generator) * 2 - 1
