"""The GhostNet of snippets/models is that of the paper."""

import pytest
import torch
from building import each, on_meta, parameters, with_weights
from seeded_weights import seeded_images
from torch import nn

from models import ghostnet as ghostnets
from models import mobilenet_v3 as mobilenets

BUILDERS = [ghostnets.ghostnet, ghostnets.ghostnet_full_convolutions]


def test_the_parameters_are_published_ones():
    """5.18 million by timm's table, 5.2 million by the paper."""
    assert parameters(on_meta(ghostnets.ghostnet)) == 5_182_508


def test_a_module_has_half_the_weights_and_nine_for_each_cheap_map():
    seen, made = 112, 672
    module = on_meta(ghostnets.GhostModule, seen, made)
    norms = 2 * made
    assert parameters(module) == seen * made // 2 + 9 * made // 2 + norms
    full = on_meta(ghostnets.Convolution, seen, made)
    assert parameters(full) == seen * made + norms


@pytest.mark.parametrize("relu", [True, False])
def test_the_second_half_is_made_from_the_first_map_by_map(relu):
    module = with_weights(ghostnets.GhostModule, 6, 8, relu)
    maps = seeded_images((2, 6, 5, 5))
    with torch.inference_mode():
        made = module(maps)
        first, second = made.chunk(2, dim=1)
        torch.testing.assert_close(first, module.primary(maps))
        torch.testing.assert_close(second, module.cheap(first))
        first[:, 1] += 1
        changed = (module.cheap(first) != second).flatten(2).any(2)
    assert changed.tolist() == [[False, True, False, False]] * 2
    assert (made.min() >= 0) == relu


def ghosts(module, maps, relu):
    """What a ghost module gives, from its convolutions and normalisations."""
    halves = []
    for half in (module.primary, module.cheap):
        maps = half.norm(half.conv(maps))
        maps = maps.relu() if relu else maps
        halves.append(maps)
    return torch.cat(halves, dim=1)


@pytest.mark.parametrize(
    ("made", "gate", "stride"), [(8, True, 1), (8, False, 2), (12, True, 1)]
)
def test_a_bottleneck_is_that_of_figure_3(made, gate, stride):
    block = with_weights(ghostnets.GhostBottleneck, 8, 3, 16, made, gate, stride)
    wide, *between, narrow = block.layers
    given = seeded_images((2, 8, 6, 6))
    with torch.inference_mode():
        maps = ghosts(wide, given, relu=True)
        if stride == 2:
            filtered, *between = between
            maps = filtered.norm(filtered.conv(maps))
        for se in between:
            averages = maps.mean(dim=(2, 3), keepdim=True)
            maps = maps * nn.functional.hardsigmoid(se.fc2(se.fc1(averages).relu()))
        maps = ghosts(narrow, maps, relu=False)
        passed = given
        if made != 8 or stride == 2:
            for layer in block.shortcut:
                passed = layer.norm(layer.conv(passed))
        torch.testing.assert_close(block(given), maps + passed)
    assert len(between) == gate


def test_the_first_and_the_last_convolution_have_a_relu():
    features = on_meta(ghostnets.ghostnet).features
    for layer in (features[0], features[-1]):
        assert [type(m) for m in layer] == [nn.Conv2d, nn.BatchNorm2d, nn.ReLU]


def test_table_1():
    """Maps behind each bottleneck, and where there are gates."""
    maps = torch.empty(ghostnets.INPUT, device="meta")
    shapes, gates = [], []
    for layer in on_meta(ghostnets.ghostnet).features:
        maps = layer(maps)
        shapes.append((maps.shape[1], maps.shape[2]))
        gates.append(
            any(isinstance(m, ghostnets.SqueezeExcitation) for m in layer.modules())
        )
    assert shapes == [
        (16, 112),
        (16, 112),
        *2 * [(24, 56)],
        *2 * [(40, 28)],
        *4 * [(80, 14)],
        *2 * [(112, 14)],
        *5 * [(160, 7)],
        (960, 7),
    ]
    assert [i for i, gate in enumerate(gates) if gate] == [4, 5, 10, 11, 12, 14, 16]


def test_a_shortcut_is_free_where_nothing_changes():
    shortcuts = [block.shortcut for block in on_meta(ghostnets.ghostnet).features[1:-1]]
    changing = [i for i, x in enumerate(shortcuts) if not isinstance(x, nn.Identity)]
    assert changing == [1, 3, 5, 9, 11]


def test_without_ghosts_only_the_modules_differ():
    ghosts, full = (on_meta(make) for make in BUILDERS)
    modules = [m for m in ghosts.modules() if isinstance(m, ghostnets.GhostModule)]
    assert len(modules) == 2 * len(ghostnets.BOTTLENECKS) == 32
    saved = 0
    for module in modules:
        seen, half = module.primary.conv.in_channels, module.primary.conv.out_channels
        saved += (seen - 9) * half
    assert parameters(full) - parameters(ghosts) == saved == 859_728


def test_gates_hold_a_larger_share_than_in_mobilenet_v3():
    shares = [
        sum(parameters(m) for m in network.modules() if isinstance(m, gate))
        / parameters(network)
        for network, gate in (
            (on_meta(ghostnets.ghostnet), ghostnets.SqueezeExcitation),
            (on_meta(mobilenets.mobilenet_v3_large), mobilenets.SqueezeExcitation),
        )
    ]
    assert shares[0] > shares[1] > 0.25


@each("make", BUILDERS)
def test_images_and_classes(make):
    images = torch.empty(2, 3, 65, 65, device="meta")
    assert on_meta(make)(images).shape == (2, 1000)
    assert on_meta(make, num_classes=10)(images).shape == (2, 10)
