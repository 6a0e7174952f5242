"""snippets/models/nin.py and nin_cifar.py: what they cost, do and refuse."""

import pytest
import torch
from building import on_meta, parameters, with_weights
from seeded_weights import seeded_images
from torch import nn

from models import nin as nins
from models import nin_cifar as cifar_nins

# Parameters


def test_nin_imagenet_has_the_parameters_of_the_published_model():
    counted = (
        (11 * 11 * 3 * 96 + 96)
        + 2 * (96 * 96 + 96)
        + (5 * 5 * 96 * 256 + 256)
        + 2 * (256 * 256 + 256)
        + (3 * 3 * 256 * 384 + 384)
        + 2 * (384 * 384 + 384)
        + (3 * 3 * 384 * 1024 + 1024)
        + (1024 * 1024 + 1024)
        + (1024 * 1000 + 1000)
    )
    assert parameters(on_meta(nins.nin_imagenet)) == counted == 7_595_176


def test_a_dense_layer_instead_of_averages_costs_36_million():
    counted = 7_595_176 + (6 * 6 * 1000 * 1000 + 1000)
    model = on_meta(nins.nin_imagenet_without_averaging)
    assert parameters(model) == counted == 43_596_176


def test_averages_have_no_parameters():
    model = on_meta(nins.nin_imagenet)
    convolutions = [m for m in model.modules() if isinstance(m, nn.Conv2d)]
    assert sum(map(parameters, convolutions)) == 7_595_176
    assert parameters(model.average) == 0


def test_nin_cifar10_has_the_parameters_of_the_published_model():
    counted = (
        (5 * 5 * 3 * 192 + 192)
        + (192 * 160 + 160)
        + (160 * 96 + 96)
        + (5 * 5 * 96 * 192 + 192)
        + 2 * (192 * 192 + 192)
        + (3 * 3 * 192 * 192 + 192)
        + (192 * 192 + 192)
        + (192 * 10 + 10)
    )
    assert parameters(on_meta(cifar_nins.nin_cifar10)) == counted == 966_986


# Maps


def shapes_of(model, shape):
    """Run a chain of layers: the shape after each of them."""
    maps = torch.empty(shape, device="meta")
    shapes = {}
    for name, layer in model.named_children():
        maps = layer(maps)
        shapes[name] = tuple(maps.shape[1:])
    return shapes


BODY = {
    "mlpconv1": (96, 54, 54),
    "pool1": (96, 27, 27),
    "mlpconv2": (256, 27, 27),
    "pool2": (256, 13, 13),
    "mlpconv3": (384, 13, 13),
    "pool3": (384, 6, 6),
    "dropout": (384, 6, 6),
    "mlpconv4": (1000, 6, 6),
}


def test_nin_imagenet_has_the_maps_of_the_published_model():
    head = {"average": (1000, 1, 1), "flatten": (1000,)}
    assert shapes_of(on_meta(nins.nin_imagenet), nins.INPUT) == BODY | head


def test_nin_imagenet_without_averaging_connects_all_maps():
    head = {"flatten": (36_000,), "fc": (1000,)}
    model = on_meta(nins.nin_imagenet_without_averaging)
    assert shapes_of(model, nins.INPUT) == BODY | head


def test_nin_cifar10_has_the_maps_of_the_published_model():
    assert shapes_of(on_meta(cifar_nins.nin_cifar10), cifar_nins.INPUT) == {
        "mlpconv1": (96, 32, 32),
        "pool1": (96, 16, 16),
        "dropout1": (96, 16, 16),
        "mlpconv2": (192, 16, 16),
        "pool2": (192, 8, 8),
        "dropout2": (192, 8, 8),
        "mlpconv3": (10, 8, 8),
        "average": (10, 1, 1),
        "flatten": (10,),
    }


@pytest.mark.parametrize("classes", [10, 100])
def test_number_of_classes(classes):
    images = torch.empty(cifar_nins.INPUT, device="meta")
    model = on_meta(cifar_nins.nin_cifar10, num_classes=classes)
    assert model(images).shape == (1, classes)


# What they compute


@pytest.mark.parametrize("file", [nins, cifar_nins], ids=["nin", "nin_cifar"])
def test_mlpconv_is_a_dense_network_on_every_patch(file):
    """Section 3.1: the same three dense layers, each with a ReLU, at each position."""
    padding = {"padding": 1} if file is nins else {}
    layer = with_weights(file.MLPConv, 4, (6, 5, 3), kernel_size=3, **padding)
    maps = seeded_images((1, 4, 7, 8))
    patches = nn.functional.unfold(
        maps, kernel_size=3, padding=1
    )  # (1, 4 * 3 * 3, 7 * 8)
    values = patches.transpose(1, 2)
    for convolution in (layer.conv1, layer.conv2, layer.conv3):
        values = nn.functional.linear(
            values, convolution.weight.flatten(1), convolution.bias
        )
        values = values.clamp(min=0)
    expected = values.transpose(1, 2).reshape(1, 3, 7, 8)
    with torch.inference_mode():
        torch.testing.assert_close(layer(maps), expected)


def test_averages_are_a_dense_layer_whose_weights_are_fixed():
    """Section 4.6: its matrix has a block of equal values for each class."""
    averages = with_weights(nins.NiNImageNet, num_classes=10)
    dense = on_meta(nins.NiNImageNet, num_classes=10, averaging=False)
    matrix = torch.eye(10).repeat_interleave(6 * 6, dim=1) / (6 * 6)
    head = {"fc.weight": matrix, "fc.bias": torch.zeros(10)}
    dense.load_state_dict(averages.state_dict() | head, strict=True, assign=True)
    images = seeded_images(nins.INPUT)
    with torch.inference_mode():
        logits = averages(images)
        torch.testing.assert_close(dense(images), logits)
    assert logits.max() > 0


def test_nin_cifar10_ends_on_the_average_of_each_map():
    model = on_meta(cifar_nins.nin_cifar10)
    maps = seeded_images((2, 10, 8, 8))
    averages = model.flatten(model.average(maps))
    torch.testing.assert_close(averages, maps.mean(dim=(2, 3)))


@pytest.mark.parametrize(
    ("pool", "take"), [("pool1", torch.amax), ("pool2", torch.mean)]
)
def test_pooling_for_cifar10_ends_on_the_edge_as_in_caffe(pool, take):
    maps = seeded_images((1, 1, 16, 16))
    pooled = on_meta(cifar_nins.nin_cifar10).get_submodule(pool)(maps)
    assert pooled.shape == (1, 1, 8, 8)
    first, last = maps[..., :3, :3], maps[..., 14:, 14:]
    torch.testing.assert_close(pooled[0, 0, 0, 0], take(first, dim=(0, 1, 2, 3)))
    torch.testing.assert_close(pooled[0, 0, 7, 7], take(last, dim=(0, 1, 2, 3)))


# Errors


@pytest.mark.parametrize(
    ("make", "side"), [(nins.nin_imagenet, 39), (cifar_nins.nin_cifar10, 4)]
)
def test_smallest_images(make, side):
    model = on_meta(make)
    model(torch.empty(1, 3, side, side, device="meta"))
    with pytest.raises(RuntimeError):
        model(torch.empty(1, 3, side - 1, side - 1, device="meta"))


@pytest.mark.parametrize("side", [192, 256])
def test_a_dense_layer_refuses_images_of_another_size(side):
    images = torch.empty(1, 3, side, side, device="meta")
    assert on_meta(nins.nin_imagenet)(images).shape == (1, 1000)
    with pytest.raises(RuntimeError):
        on_meta(nins.nin_imagenet_without_averaging)(images)


@pytest.mark.parametrize("file", [nins, cifar_nins], ids=["nin", "nin_cifar"])
@pytest.mark.parametrize("widths", [(6, 5), (6, 5, 4, 3)])
def test_mlpconv_refuses_another_number_of_widths(file, widths):
    with pytest.raises(ValueError):
        on_meta(file.MLPConv, 3, widths, kernel_size=3)
