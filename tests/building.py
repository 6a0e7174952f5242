"""How tests of the models build them and count them."""

import pytest
import torch
from seeded_weights import seeded_state
from torch import nn


def each(name: str, values):
    return pytest.mark.parametrize(name, values, ids=lambda value: value.__name__)


def on_meta(make, *args, **options) -> nn.Module:
    """Build a network that has shapes but neither weights nor results."""
    with torch.device("meta"):
        return make(*args, **options).eval()


def with_weights(make, *args, **options) -> nn.Module:
    """Build a network whose weights are drawn from a seed."""
    model = on_meta(make, *args, **options)
    model.load_state_dict(seeded_state(model), strict=True, assign=True)
    return model


def parameters(module: nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())
