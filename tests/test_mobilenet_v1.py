"""The MobileNet v1 of snippets/models is the one of the paper."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from building import each, on_meta, parameters
from seeded_weights import seeded_images, seeded_state
from torch import nn
from torch.nn import functional

from models import mobilenet_v1 as mobilenets

BUILDERS = [mobilenets.mobilenet_v1, mobilenets.mobilenet_v1_full_convolutions]
# The channels between the 14 convolutions of Table 1, from the first one's on.
WIDTHS = [32, 64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024]


def seeded(model):
    model.load_state_dict(seeded_state(model), strict=True, assign=True)
    return model


def norm(channels):
    """The parameters of a batch normalisation."""
    return 2 * channels


def counts(widths):
    """The parameters of Table 1: of both networks without their 3x3 on the image."""
    depthwise = sum(3 * 3 * seen for seen, made in pairwise(widths))
    pointwise = sum(seen * made for seen, made in pairwise(widths))
    full = sum(3 * 3 * seen * made for seen, made in pairwise(widths))
    between = sum(norm(seen) for seen, made in pairwise(widths))
    after = sum(norm(made) for seen, made in pairwise(widths))
    return depthwise + between + pointwise + after, full + after


# Parameters


def test_mobilenet_has_the_parameters_of_table_1():
    first = 3 * 3 * 3 * 32 + norm(32)
    dense = 1024 * 1000 + 1000
    separable, full = counts(WIDTHS)
    model, ordinary = (on_meta(make) for make in BUILDERS)
    assert parameters(model) == first + separable + dense == 4_231_976
    assert parameters(ordinary) == first + full + dense == 29_294_088
    # Table 4 of the paper, in millions.
    assert round(parameters(model) / 1e6, 1) == 4.2
    assert round(parameters(ordinary) / 1e6, 1) == 29.3


@pytest.mark.parametrize(
    ("alpha", "counted"), [(0.75, 2_585_560), (0.5, 1_331_592), (0.25, 470_072)]
)
def test_alpha_narrows_every_layer(alpha, counted):
    widths = [int(alpha * width) for width in WIDTHS]
    first = 3 * 3 * 3 * widths[0] + norm(widths[0])
    dense = widths[-1] * 1000 + 1000
    separable, full = counts(widths)
    model = on_meta(mobilenets.MobileNetV1, alpha=alpha)
    assert parameters(model) == first + separable + dense == counted
    ordinary = on_meta(mobilenets.MobileNetV1, alpha=alpha, full_convolutions=True)
    assert parameters(ordinary) == first + full + dense
    named = on_meta(getattr(mobilenets, f"mobilenet_v1_{round(100 * alpha):03}"))
    assert parameters(named) == counted


def test_a_separable_convolution_has_a_ninth_and_a_channels_share_of_the_weights():
    separable = on_meta(mobilenets.DepthwiseSeparable, 512, 512)
    full = on_meta(mobilenets.FullConvolution, 512, 512)
    weights = separable.depthwise.weight.numel() + separable.pointwise.weight.numel()
    assert weights == 3 * 3 * 512 + 512 * 512 == 266_752
    assert full.conv.weight.numel() == 3 * 3 * 512 * 512 == 2_359_296
    # Section 3.1: 1/N + 1/D_K^2.
    assert weights / full.conv.weight.numel() == pytest.approx(1 / 512 + 1 / 9)
    assert parameters(separable) == weights + norm(512) + norm(512)
    assert parameters(full) == full.conv.weight.numel() + norm(512)


def test_nearly_all_parameters_are_pointwise_or_dense():
    model = on_meta(mobilenets.mobilenet_v1)
    convolutions = [m for m in model.modules() if isinstance(m, nn.Conv2d)]
    pointwise = sum(m.weight.numel() for m in convolutions if m.kernel_size == (1, 1))
    depthwise = sum(m.weight.numel() for m in convolutions if m.groups > 1)
    # Table 2 of the paper, in percent.
    whole = parameters(model)
    assert pointwise / whole == pytest.approx(0.742, abs=5e-4)
    assert depthwise / whole == pytest.approx(0.0105, abs=5e-5)
    assert parameters(model.classifier) / whole == pytest.approx(0.2422, abs=5e-5)


@each("make", BUILDERS)
def test_every_convolution_leaves_its_bias_to_a_batch_norm(make):
    layers = [m for m in on_meta(make).modules() if not list(m.children())]
    convolutions = [m for m in layers if isinstance(m, nn.Conv2d)]
    assert len(convolutions) == (27 if make is mobilenets.mobilenet_v1 else 14)
    for layer, after, last in zip(layers, layers[1:], layers[2:], strict=False):
        if isinstance(layer, nn.Conv2d):
            assert layer.bias is None
            assert isinstance(after, nn.BatchNorm2d)
            assert isinstance(last, nn.ReLU)


# Shapes


@each("make", BUILDERS)
def test_mobilenet_has_the_maps_of_table_1(make):
    maps = torch.empty(mobilenets.INPUT, device="meta")
    model, shapes = on_meta(make), []
    for layer in model.features:
        maps = layer(maps)
        shapes.append(tuple(maps.shape[1:]))
    assert shapes == [
        (32, 112, 112),
        (64, 112, 112),
        (128, 56, 56),
        (128, 56, 56),
        (256, 28, 28),
        (256, 28, 28),
        *[(512, 14, 14)] * 6,
        (1024, 7, 7),
        (1024, 7, 7),
    ]
    assert model.avgpool(maps).shape == (1, 1024, 1, 1)


@pytest.mark.parametrize("block", ["DepthwiseSeparable", "FullConvolution"])
@pytest.mark.parametrize(("stride", "side"), [(1, 9), (2, 5)])
def test_blocks_round_odd_sides_up(block, stride, side):
    made = on_meta(getattr(mobilenets, block), 4, 6, stride)
    maps = torch.empty(1, 4, 9, 9, device="meta")
    assert made(maps).shape == (1, 6, side, side)


@each("make", BUILDERS)
@pytest.mark.parametrize("side", [1, 33, 224])
def test_images_and_classes(make, side):
    images = torch.empty(2, 3, side, side, device="meta")
    assert on_meta(make)(images).shape == (2, 1000)
    assert on_meta(make, num_classes=10)(images).shape == (2, 10)


# Behaviour


def test_a_depthwise_kernel_sees_one_channel():
    depthwise = seeded(on_meta(mobilenets.DepthwiseSeparable, 3, 5)).depthwise
    maps = seeded_images((1, 3, 6, 6))
    with torch.inference_mode():
        made = depthwise(maps)
        for channel in range(3):
            alone = functional.conv2d(
                maps[:, channel : channel + 1],
                depthwise.weight[channel : channel + 1],
                padding=1,
            )
            torch.testing.assert_close(made[:, channel : channel + 1], alone)


def test_a_separable_convolution_is_a_full_one_of_few_weights():
    """Its kernels are the products of the depthwise and the pointwise ones."""
    block = seeded(on_meta(mobilenets.DepthwiseSeparable, 3, 5, stride=2))
    maps = seeded_images((1, 3, 7, 7))
    with torch.inference_mode():
        kernels = block.pointwise.weight * block.depthwise.weight[:, 0]
        assert kernels.shape == (5, 3, 3, 3)
        torch.testing.assert_close(
            block.pointwise(block.depthwise(maps)),
            functional.conv2d(maps, kernels, stride=2, padding=1),
        )


def test_the_first_convolution_of_both_networks_is_a_full_one():
    for make in BUILDERS:
        first = on_meta(make).features[0].conv
        assert first.weight.shape == (32, 3, 3, 3)


@each("make", BUILDERS)
def test_the_dense_layer_sees_averages(make):
    model, seen = seeded(on_meta(make, num_classes=10)), {}
    model.features.register_forward_hook(lambda _, given, maps: seen.update(maps=maps))
    with torch.inference_mode():
        logits = model(seeded_images((2, 3, 64, 64)))
        assert seen["maps"].shape == (2, 1024, 2, 2)
        expected = model.classifier(seen["maps"].mean(dim=(2, 3)))
    assert logits.isfinite().all()
    assert logits.std() > 0
    torch.testing.assert_close(logits, expected)


def test_mobilenet_refuses_images_of_other_channels():
    with pytest.raises(RuntimeError):
        on_meta(mobilenets.mobilenet_v1)(torch.empty(1, 1, 224, 224, device="meta"))


@pytest.mark.parametrize("use", ["mobilenet_v1", "mobilenet_v1_full_convolutions"])
def test_sections_run_on_a_page(use):
    text = Path(mobilenets.__file__).read_text(encoding="utf-8")
    marked = r"(?ms)^# --8<-- \[start:{0}\]\n(.*)^# --8<-- \[end:{0}\]\n"
    page = {}
    blocks = ["depthwise_separable", "full_convolution"]
    for name in ["imports", *blocks, "mobilenet_v1", "builders"]:
        exec(re.search(marked.format(name), text)[1], page)
    assert isinstance(on_meta(page[use]), nn.Module)
