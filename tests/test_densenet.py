"""snippets/models/densenet.py: what its layers, blocks and transitions cost and do."""

import pytest
import torch
from building import each, on_meta, parameters, with_weights
from seeded_weights import seeded_images
from torch import nn

from models import densenet as densenets

NETWORKS = [
    densenets.densenet121,
    densenets.densenet161,
    densenets.densenet169,
    densenets.densenet201,
    densenets.densenet121_without_compression,
    densenets.densenet121_without_transition_conv,
    densenets.densenet121_without_bottleneck,
]


# Parameters. Normalisation has two for each channel; no convolution has a bias.


def with_bottleneck(channels, k):
    one_by_one = 2 * channels + channels * 4 * k
    three_by_three = 2 * 4 * k + 3 * 3 * 4 * k * k
    return one_by_one + three_by_three


def without_bottleneck(channels, k):
    return 2 * channels + 3 * 3 * channels * k


def block(channels, layers, k, layer=with_bottleneck):
    return sum(layer(channels + made * k, k) for made in range(layers))


@pytest.mark.parametrize(
    ("make", "counted", "total"),
    [
        (
            densenets.densenet121,
            (7 * 7 * 3 * 64 + 2 * 64)
            + block(64, 6, k=32)
            + (2 * 256 + 256 * 128)
            + block(128, 12, k=32)
            + (2 * 512 + 512 * 256)
            + block(256, 24, k=32)
            + (2 * 1024 + 1024 * 512)
            + block(512, 16, k=32)
            + (2 * 1024)
            + (1024 * 1000 + 1000),
            7_978_856,
        ),
        (
            densenets.densenet161,
            (7 * 7 * 3 * 96 + 2 * 96)
            + block(96, 6, k=48)
            + (2 * 384 + 384 * 192)
            + block(192, 12, k=48)
            + (2 * 768 + 768 * 384)
            + block(384, 36, k=48)
            + (2 * 2112 + 2112 * 1056)
            + block(1056, 24, k=48)
            + (2 * 2208)
            + (2208 * 1000 + 1000),
            28_681_000,
        ),
        (
            densenets.densenet169,
            (7 * 7 * 3 * 64 + 2 * 64)
            + block(64, 6, k=32)
            + (2 * 256 + 256 * 128)
            + block(128, 12, k=32)
            + (2 * 512 + 512 * 256)
            + block(256, 32, k=32)
            + (2 * 1280 + 1280 * 640)
            + block(640, 32, k=32)
            + (2 * 1664)
            + (1664 * 1000 + 1000),
            14_149_480,
        ),
        (
            densenets.densenet201,
            (7 * 7 * 3 * 64 + 2 * 64)
            + block(64, 6, k=32)
            + (2 * 256 + 256 * 128)
            + block(128, 12, k=32)
            + (2 * 512 + 512 * 256)
            + block(256, 48, k=32)
            + (2 * 1792 + 1792 * 896)
            + block(896, 32, k=32)
            + (2 * 1920)
            + (1920 * 1000 + 1000),
            20_013_928,
        ),
        (
            densenets.densenet121_without_compression,
            (7 * 7 * 3 * 64 + 2 * 64)
            + block(64, 6, k=32)
            + (2 * 256 + 256 * 256)
            + block(256, 12, k=32)
            + (2 * 640 + 640 * 640)
            + block(640, 24, k=32)
            + (2 * 1408 + 1408 * 1408)
            + block(1408, 16, k=32)
            + (2 * 1920)
            + (1920 * 1000 + 1000),
            13_908_584,
        ),
        (
            densenets.densenet121_without_transition_conv,
            (7 * 7 * 3 * 64 + 2 * 64)
            + block(64, 6, k=32)
            + (2 * 256)
            + block(256, 12, k=32)
            + (2 * 640)
            + block(640, 24, k=32)
            + (2 * 1408)
            + block(1408, 16, k=32)
            + (2 * 1920)
            + (1920 * 1000 + 1000),
            11_450_984,
        ),
        (
            densenets.densenet121_without_bottleneck,
            (7 * 7 * 3 * 64 + 2 * 64)
            + block(64, 6, k=32, layer=without_bottleneck)
            + (2 * 256 + 256 * 128)
            + block(128, 12, k=32, layer=without_bottleneck)
            + (2 * 512 + 512 * 256)
            + block(256, 24, k=32, layer=without_bottleneck)
            + (2 * 1024 + 1024 * 512)
            + block(512, 16, k=32, layer=without_bottleneck)
            + (2 * 1024)
            + (1024 * 1000 + 1000),
            10_869_096,
        ),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_parameters(make, counted, total):
    assert parameters(on_meta(make)) == counted == total


def test_bottleneck_pays_from_232_maps_on():
    k = 32
    even = (2 * 4 * k + 3 * 3 * 4 * k * k) // (3 * 3 * k - 4 * k)
    assert even == 232
    for channels, saved in [(64, -26_880), (232, 0), (992, 121_600)]:
        squeezed = on_meta(densenets.DenseLayer, channels, k)
        direct = on_meta(densenets.DenseLayer, channels, k, bottleneck=False)
        assert parameters(direct) - parameters(squeezed) == saved


@pytest.mark.parametrize("depth", densenets.LAYERS)
def test_a_name_counts_convolutions_and_the_dense_layer(depth):
    model = on_meta(getattr(densenets, f"densenet{depth}"))
    counted = [m for m in model.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
    stem, transitions, classifier = 1, 3, 1
    per_block = 2 * sum(densenets.LAYERS[depth])
    assert len(counted) == stem + per_block + transitions + classifier == depth


# Maps


def shapes_in(model, kind):
    """Run a network; from each module of a kind, the shapes it is given and gives."""
    shapes = []

    def note(module, given, made):
        shapes.append((tuple(given[0].shape[1:]), tuple(made.shape[1:])))

    for module in model.modules():
        if isinstance(module, kind):
            module.register_forward_hook(note)
    model(torch.empty(densenets.INPUT, device="meta"))
    return shapes


@each("make", NETWORKS)
def test_every_dense_layer_adds_the_growth_rate(make):
    growth_rate = 48 if make is densenets.densenet161 else 32
    shapes = shapes_in(on_meta(make), densenets.DenseLayer)
    depth = int(make.__name__[8:11])
    assert len(shapes) == sum(densenets.LAYERS[depth])
    for (channels, *size), joined in shapes:
        assert joined == (channels + growth_rate, *size)


@pytest.mark.parametrize("bottleneck", [True, False])
def test_a_dense_layer_hands_on_all_that_it_is_given(bottleneck):
    layer = with_weights(densenets.DenseLayer, 8, 4, bottleneck)
    maps = seeded_images((2, 8, 5, 6))
    with torch.inference_mode():
        joined = layer(maps)
    assert joined.shape == (2, 8 + 4, 5, 6)
    assert torch.equal(joined[:, :8], maps)


def test_a_layer_without_bottleneck_is_the_composite_function_of_section_3():
    layer = with_weights(densenets.DenseLayer, 8, 4, bottleneck=False)
    maps = seeded_images((2, 8, 5, 6))
    state = layer.state_dict()
    shape = (1, 8, 1, 1)
    mean, variance, gamma, beta = (
        state[f"norm2.{name}"].reshape(shape)
        for name in ("running_mean", "running_var", "weight", "bias")
    )
    normal = (maps - mean) / torch.sqrt(variance + 1e-5) * gamma + beta
    new = nn.functional.conv2d(normal.clamp(min=0), state["conv2.weight"], padding=1)
    with torch.inference_mode():
        torch.testing.assert_close(layer(maps)[:, 8:], new)


def test_a_bottleneck_is_four_times_the_growth_rate():
    layer = on_meta(densenets.DenseLayer, 256, 32)
    assert tuple(layer.conv1.weight.shape) == (4 * 32, 256, 1, 1)
    assert tuple(layer.conv2.weight.shape) == (32, 4 * 32, 3, 3)


@pytest.mark.parametrize("layers", [1, 6])
def test_a_block_of_64_maps_ends_with_32_more_for_each_layer(layers):
    dense = on_meta(densenets.DenseBlock, layers, 64, 32)
    maps = torch.empty(1, 64, 56, 56, device="meta")
    assert dense(maps).shape == (1, 64 + layers * 32, 56, 56)


@pytest.mark.parametrize(
    ("theta", "channels"),
    [
        (0.5, {"norm": 64, "relu": 64, "conv": 32, "pool": 32}),
        (1, {"norm": 64, "relu": 64, "conv": 64, "pool": 64}),
        (None, {"norm": 64, "relu": 64, "pool": 64}),
    ],
)
def test_the_1x1_halves_the_channels_and_pooling_keeps_them(theta, channels):
    maps = torch.empty(1, 64, 56, 56, device="meta")
    given = {}
    for name, layer in on_meta(densenets.Transition, 64, theta).named_children():
        maps = layer(maps)
        given[name] = maps.shape[1]
        assert maps.shape[2:] == ((28, 28) if name == "pool" else (56, 56))
    assert given == channels


def test_only_normalising_and_the_1x1_have_parameters_in_a_transition():
    transition = on_meta(densenets.Transition, 64)
    counted = {name: parameters(m) for name, m in transition.named_children()}
    assert counted == {"norm": 2 * 64, "relu": 0, "conv": 64 * 32, "pool": 0}


@pytest.mark.parametrize(
    ("make", "given", "made"),
    [
        (densenets.densenet121, [64, 128, 256, 512], [256, 512, 1024, 1024]),
        (
            densenets.densenet121_without_compression,
            [64, 256, 640, 1408],
            [256, 640, 1408, 1920],
        ),
        (
            densenets.densenet121_without_transition_conv,
            [64, 256, 640, 1408],
            [256, 640, 1408, 1920],
        ),
        (
            densenets.densenet121_without_bottleneck,
            [64, 128, 256, 512],
            [256, 512, 1024, 1024],
        ),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_blocks_read_and_give_these_maps(make, given, made):
    sizes = [(56, 56), (28, 28), (14, 14), (7, 7)]
    shapes = shapes_in(on_meta(make), densenets.DenseBlock)
    assert shapes == [
        ((before, *size), (after, *size))
        for before, after, size in zip(given, made, sizes, strict=True)
    ]


# Errors


def test_smallest_images():
    model = on_meta(densenets.densenet121)
    assert model(torch.empty(1, 3, 29, 29, device="meta")).shape == (1, 1000)
    with pytest.raises(RuntimeError):
        model(torch.empty(1, 3, 28, 28, device="meta"))


def test_a_transition_refuses_maps_that_it_cannot_halve():
    transition = on_meta(densenets.Transition, 64)
    assert transition(torch.empty(1, 64, 2, 2, device="meta")).shape == (1, 32, 1, 1)
    with pytest.raises(RuntimeError):
        transition(torch.empty(1, 64, 1, 1, device="meta"))


@pytest.mark.parametrize("theta", [-0.5, 0, 1.5])
def test_theta_is_a_part_of_the_maps(theta):
    with pytest.raises(ValueError, match="theta"):
        on_meta(densenets.Transition, 64, theta)
    with pytest.raises(ValueError, match="theta"):
        on_meta(densenets.DenseNet, densenets.LAYERS[121], theta=theta)
