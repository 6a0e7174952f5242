"""The MobileNetV3 of snippets/models is that of the paper, and so is what it left."""

import torch
from building import on_meta, parameters
from torch import nn

from models import mobilenet_v3 as mobilenets

# The channels that the gates of Table 1 see, and a quarter of each, divisible by 8.
GATED = [(72, 24), *[(120, 32)] * 2, (480, 120), *[(672, 168)] * 2, *[(960, 240)] * 2]


def kind(model, group):
    return [m for m in model.modules() if isinstance(m, group)]


def test_gates_hold_more_than_a_quarter_of_the_parameters():
    whole = on_meta(mobilenets.mobilenet_v3_large)
    without = on_meta(mobilenets.mobilenet_v3_large_without_gates)
    gates = sum(2 * seen * mid + mid + seen for seen, mid in GATED)
    assert parameters(whole) == 5_483_032
    assert parameters(whole) - parameters(without) == gates == 1_512_280
    found = kind(whole, mobilenets.SqueezeExcitation)
    assert [(g.fc1.in_channels, g.fc1.out_channels) for g in found] == GATED
    assert not kind(without, mobilenets.SqueezeExcitation)


def test_the_authors_network_without_gates_and_5x5_is_as_large_as_they_say():
    """Large minimalistic, in slim/nets/mobilenet/README.md of tensorflow/models."""
    model = on_meta(mobilenets.mobilenet_v3_large_without_gates)
    wide = [m for m in kind(model, nn.Conv2d) if m.kernel_size == (5, 5)]
    channels = sum(m.groups for m in wide)
    assert channels == 72 + 2 * 120 + 672 + 2 * 960
    assert round((parameters(model) - 16 * channels) / 1e6, 1) == 3.9


def test_the_earlier_last_stage_is_that_of_figure_5():
    model = on_meta(mobilenets.mobilenet_v3_large_features_first)
    convolutions = kind(model, nn.Conv2d)[-4:]
    assert [(c.in_channels, c.out_channels, c.groups) for c in convolutions] == [
        (160, 960, 1),
        (960, 960, 960),
        (960, 320, 1),
        (320, 1280, 1),
    ]
    assert convolutions[1].kernel_size == (3, 3)
    assert kind(model, nn.Linear)[0].in_features == 1280
    ends = on_meta(mobilenets.mobilenet_v3_large)
    same = len(mobilenets.LARGE) + 1
    assert parameters(model[:same]) == parameters(ends.features[:same])
    norms = 2 * (960 + 320 + 1280)
    stage = 9 * 960 + 960 * 320 + 320 * 1280 + norms
    assert parameters(ends) - parameters(model) == 960 * 1280 + 1280 - stage
    assert model(torch.empty(2, 3, 65, 65, device="meta")).shape == (2, 1000)


def test_depthwise_convolutions_hold_hardly_any_parameters():
    model = on_meta(mobilenets.mobilenet_v3_large)
    depthwise = [m for m in kind(model, nn.Conv2d) if m.groups > 1]
    assert sum(map(parameters, depthwise)) == 91_608
