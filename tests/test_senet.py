"""The SE-ResNets of snippets/models are those of the paper."""

import pytest
import torch
from building import each, on_meta, parameters, with_weights
from seeded_weights import seeded_images

from models import resnet as resnets
from models import senet as senets

BUILDERS = [
    senets.seresnet50,
    senets.seresnet101,
    senets.seresnet50_ungated_last_stage,
]
CHANNELS = (256, 512, 1024, 2048)


def gates(depths, channels=CHANNELS):
    """The parameters of equation 5 for r = 16, with biases."""
    return sum(
        depth * (2 * c * c // 16 + c // 16 + c)
        for depth, c in zip(depths, channels, strict=True)
    )


def test_gates_add_the_parameters_of_equation_5():
    plain, gated = (on_meta(m) for m in (resnets.resnet50, senets.seresnet50))
    added = parameters(gated) - parameters(plain)
    assert added == gates((3, 4, 6, 3)) == 2_530_992
    assert round(added / 1e6, 1) == 2.5
    assert parameters(gated) == 28_088_024
    deep = parameters(on_meta(senets.seresnet101))
    assert deep == parameters(on_meta(resnets.resnet101)) + gates((3, 4, 23, 3))


def test_most_of_them_are_in_the_last_stage():
    """Section 4: without those, the network grows by about 4 %."""
    plain = parameters(on_meta(resnets.resnet50))
    ungated = parameters(on_meta(senets.seresnet50_ungated_last_stage))
    assert ungated - plain == gates((3, 4, 6, 0))
    assert (ungated - plain) / plain == pytest.approx(0.04, abs=5e-3)
    assert gates((0, 0, 0, 3)) / gates((3, 4, 6, 3)) > 0.6


def test_a_gate_scales_each_channel_by_one_factor():
    gate = with_weights(senets.SqueezeExcitation, 32)
    maps = seeded_images((2, 32, 5, 5))
    with torch.inference_mode():
        factors = gate(maps) / maps
        torch.testing.assert_close(factors, factors[:, :, :1, :1].expand_as(factors))
    assert factors.min() > 0
    assert factors.max() < 1


def test_a_block_gates_before_it_adds():
    block = with_weights(senets.SEBottleneck, 64, 16)
    maps = seeded_images((1, 64, 5, 5))
    with torch.inference_mode():
        branch = torch.relu(block.bn1(block.conv1(maps)))
        branch = block.bn3(block.conv3(torch.relu(block.bn2(block.conv2(branch)))))
        expected = torch.relu(block.se(branch) + maps)
        torch.testing.assert_close(block(maps), expected)


@each("make", BUILDERS)
def test_images_and_classes(make):
    images = torch.empty(2, 3, 65, 65, device="meta")
    assert on_meta(make)(images).shape == (2, 1000)
    assert on_meta(make, num_classes=10)(images).shape == (2, 10)
