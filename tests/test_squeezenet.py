"""SqueezeNet is the paper's, and with full convolutions costs what the text says."""

import re
from pathlib import Path

import pytest
import torch
from building import each, on_meta, parameters, with_weights
from seeded_weights import seeded_images
from torch import nn

from models import squeezenet as squeezenets

BUILDERS = [
    squeezenets.squeezenet1_0,
    squeezenets.squeezenet1_1,
    squeezenets.squeezenet1_0_full_convolutions,
]
# Table 1: s1x1, e1x1 and e3x3 of fire2 to fire9.
TABLE_1 = [
    (16, 64, 64),
    (16, 64, 64),
    (32, 128, 128),
    (32, 128, 128),
    (48, 192, 192),
    (48, 192, 192),
    (64, 256, 256),
    (64, 256, 256),
]


def layer(seen, made, kernel):
    return kernel * seen * made + made


def counted(channels, side, full=False):
    total = layer(3, channels, side * side)
    for squeeze, e1x1, e3x3 in TABLE_1:
        if full:
            total += layer(channels, e1x1 + e3x3, 9)
        else:
            total += layer(channels, squeeze, 1)
            total += layer(squeeze, e1x1, 1) + layer(squeeze, e3x3, 9)
        channels = e1x1 + e3x3
    return total + layer(512, 1000, 1)


def test_squeezenet_has_the_parameters_of_table_1():
    one, later, full = (on_meta(make) for make in BUILDERS)
    assert parameters(one) == counted(96, 7) == 1_248_424
    assert parameters(later) == counted(64, 3) == 1_235_496
    assert parameters(full) == counted(96, 7, full=True) == 8_013_160


def test_the_squeeze_ratio_is_an_eighth():
    """Section 5.1: base 128, 128 more after every second module, SR 0.125."""
    for number, (squeeze, expand) in enumerate(squeezenets.WIDTHS):
        assert 2 * expand == 128 + 128 * (number // 2)
        assert squeeze == 2 * expand / 8


@each("make", BUILDERS)
def test_eight_modules_take_the_maps_of_table_1(make):
    """On 227x227 images: Table 1 has 224x224, but maps of 111x111 after conv1."""
    maps = torch.empty(1, 3, 227, 227, device="meta")
    sides = {}
    for number, part in enumerate(on_meta(make).features):
        maps = part(maps)
        sides[number] = (type(part).__name__, *maps.shape[1:])
    modules = [x for x in sides.values() if x[0] in ("Fire", "Full")]
    assert [x[1] for x in modules] == [e1 + e3 for _, e1, e3 in TABLE_1]
    pools = [x[2] for x in sides.values() if x[0] == "MaxPool2d"]
    if make is squeezenets.squeezenet1_1:
        assert sides[0] == ("Conv2d", 64, 113, 113)
        assert pools == [56, 28, 14]
    else:
        assert sides[0] == ("Conv2d", 96, 111, 111)
        assert pools == [55, 27, 13]


def test_a_fire_module_joins_points_and_places():
    module = with_weights(squeezenets.Fire, 6, 3, 4)
    maps = seeded_images((1, 6, 5, 5))
    with torch.inference_mode():
        squeezed = module.squeeze(maps).relu()
        parts = [module.expand1x1(squeezed), module.expand3x3(squeezed)]
        expected = torch.cat(parts, dim=1).relu()
        torch.testing.assert_close(module(maps), expected)
    assert expected.shape == (1, 8, 5, 5)


def test_later_pooling_costs_arithmetic_and_no_parameters():
    one, later = (on_meta(make) for make in BUILDERS[:2])
    fires = [
        [m for m in net.modules() if isinstance(m, squeezenets.Fire)]
        for net in (one, later)
    ]
    for first, second in list(zip(*fires, strict=True))[1:]:
        assert parameters(first) == parameters(second)


def test_the_classifier_averages_a_map_for_each_class():
    model = with_weights(squeezenets.squeezenet1_1, num_classes=5)
    images = seeded_images((1, 3, 65, 65))
    with torch.inference_mode():
        maps = model.classifier[1](model.features(images)).relu()
        torch.testing.assert_close(model(images), maps.mean(dim=(2, 3)))


@pytest.mark.parametrize("use", [make.__name__ for make in BUILDERS])
def test_sections_run_on_a_page(use):
    text = Path(squeezenets.__file__).read_text(encoding="utf-8")
    marked = r"(?ms)^# --8<-- \[start:{0}\]\n(.*)^# --8<-- \[end:{0}\]\n"
    page = {}
    for name in ["imports", "fire", "squeezenet", "full", "builders"]:
        exec(re.search(marked.format(name), text)[1], page)
    assert isinstance(on_meta(page[use]), nn.Module)
