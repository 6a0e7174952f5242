"""The MobileNetV2 of snippets/models is the one of the paper."""

import pytest
import torch
from building import each, on_meta, parameters, with_weights
from seeded_weights import seeded_images
from torch import nn

from models import mobilenet_v2 as mobilenets

BUILDERS = [
    mobilenets.mobilenet_v2,
    mobilenets.mobilenet_v2_full_convolutions,
    mobilenets.mobilenet_v2_without_bottlenecks,
]
# The channels that each 3x3 of Table 2 filters, and those that its block hands on.
FILTERED = [32, 96, 144, 144, 192, 192, 192, 384, 384, 384, 384, 576, 576, 576]
FILTERED += [960, 960, 960]
HANDED_ON = [16, 24, 24, 32, 32, 32, 64, 64, 64, 64, 96, 96, 96, 160, 160, 160, 320]
FIRST = 3 * 3 * 3 * 32 + 2 * 32
DENSE = 1280 * 1000 + 1000


def norms(model):
    return sum(
        parameters(layer)
        for layer in model.modules()
        if isinstance(layer, nn.BatchNorm2d)
    )


def counted(kernel):
    """The parameters of Table 2, where a 3x3 of `wide` channels has `kernel(wide)`."""
    carried = [32, *HANDED_ON]
    blocks = 0
    for seen, wide, made in zip(carried, FILTERED, HANDED_ON, strict=False):
        widening = seen * wide + 2 * wide if wide != seen else 0
        blocks += widening + kernel(wide) + 2 * wide + wide * made + 2 * made
    return FIRST + blocks + 320 * 1280 + 2 * 1280 + DENSE


def test_it_has_the_parameters_of_table_2():
    whole = parameters(on_meta(mobilenets.mobilenet_v2))
    assert whole == counted(lambda wide: 9 * wide) == 3_504_872
    full = parameters(on_meta(mobilenets.mobilenet_v2_full_convolutions))
    assert full == counted(lambda wide: 9 * wide * wide) == 44_050_952


def test_without_bottlenecks_one_1x1_joins_the_wide_layers():
    joined = FIRST + DENSE
    for wide, after in zip(FILTERED, [*FILTERED[1:], 1280], strict=True):
        joined += 9 * wide + 2 * wide + wide * after + 2 * after
    model = on_meta(mobilenets.mobilenet_v2_without_bottlenecks)
    assert parameters(model) == joined == 6_541_992


@pytest.mark.parametrize(
    ("width", "millions"),
    [(1.4, 6.06), (1.3, 5.34), (1, 3.47), (0.75, 2.61), (0.5, 1.95), (0.35, 1.66)],
)
def test_the_authors_counts_leave_normalisation_out(width, millions):
    """They are those of tensorflow/models, research/slim/nets/mobilenet/README.md."""
    model = on_meta(mobilenets.MobileNetV2, width=width)
    assert round((parameters(model) - norms(model)) / 1e6, 2) == millions
    assert round(parameters(model) / 1e6, 2) != millions


def test_a_block_widens_filters_each_channel_and_narrows_without_activation():
    block = on_meta(mobilenets.InvertedResidual, 64, 64, 1, 6)
    convolutions = [m for m in block.modules() if isinstance(m, nn.Conv2d)]
    assert [(c.in_channels, c.out_channels) for c in convolutions] == [
        (64, 384),
        (384, 384),
        (384, 64),
    ]
    assert convolutions[1].groups == 384
    assert sum(c.weight.numel() for c in convolutions) == 52_608
    assert sum(isinstance(m, nn.ReLU6) for m in block.modules()) == 2
    assert isinstance(block.conv[-1], nn.BatchNorm2d)


def test_only_blocks_that_keep_the_shape_add_their_input():
    """Figure 4d; in Table 2 that is every block of a run but its first."""
    blocks = [
        m
        for m in on_meta(mobilenets.mobilenet_v2).modules()
        if isinstance(m, mobilenets.InvertedResidual)
    ]
    assert len(blocks) == 17
    assert [i for i, block in enumerate(blocks) if block.shortcut] == [
        *[2, 4, 5, 7, 8, 9, 11, 12, 14, 15]
    ]
    block = with_weights(mobilenets.InvertedResidual, 8, 8, 1, 6)
    maps = seeded_images((1, 8, 5, 5))
    with torch.inference_mode():
        torch.testing.assert_close(block(maps) - maps, block.conv(maps))


@each("make", BUILDERS)
def test_all_have_the_maps_of_table_2(make):
    maps = torch.empty(mobilenets.INPUT, device="meta")
    sides = []
    for layer in on_meta(make).features:
        maps = layer(maps)
        sides.append(maps.shape[-1])
    expected = [112, 112, 56, 56, *[28] * 3, *[14] * 7, *[7] * 4]
    # Without bottlenecks the last block's 1x1 is the last one of the network.
    assert sides[: len(expected)] == expected
    assert maps.shape == (1, 1280, 7, 7)


@each("make", BUILDERS)
def test_images_and_classes(make):
    images = torch.empty(2, 3, 65, 65, device="meta")
    assert on_meta(make)(images).shape == (2, 1000)
    assert on_meta(make, num_classes=10)(images).shape == (2, 10)
