"""ResNet: what its blocks and shortcuts cost, for ImageNet and for CIFAR."""

import re
from pathlib import Path

import pytest
import torch
from building import on_meta, parameters, with_weights
from seeded_weights import seeded_images
from torch import nn
from torch.nn import functional

from models import resnet as resnets
from models import resnet_cifar as cifar

LAYERS = {
    resnets.resnet18: 18,
    resnets.resnet34: 34,
    resnets.resnet50: 50,
    resnets.resnet101: 101,
    resnets.resnet152: 152,
    resnets.resnet50_basic_same_outer: 34,
    cifar.resnet20: 20,
    cifar.resnet32: 32,
    cifar.resnet44: 44,
    cifar.resnet56: 56,
    cifar.resnet110: 110,
}
BLOCKS = (resnets.BasicBlock, resnets.Bottleneck, cifar.BasicBlock)


def named(value):
    return getattr(value, "__name__", None)


def kernels(module):
    return sum(p.numel() for p in module.parameters() if p.dim() == 4)


def shortcut_of(block):
    return block.shortcut if isinstance(block, cifar.BasicBlock) else block.downsample


def maps_of(model, images):
    """Run a network on the meta device: the shapes into and out of every module."""
    shapes = {}

    def note(name):
        def hook(module, given, made):
            shapes[name] = (tuple(given[0].shape[1:]), tuple(made.shape[1:]))

        return hook

    for name, module in model.named_modules():
        module.register_forward_hook(note(name))
    model(torch.empty(images, device="meta"))
    return shapes


# Counts: a convolution without bias, and a scale and a shift of its normalisation.


def conv(kernel, seen, made):
    return kernel * kernel * seen * made + 2 * made


STEM = 7 * 7 * 3 * 64 + 2 * 64


def basic(seen, width, depth, projection=True):
    """A stage of basic blocks: its first convolution is the one that may widen."""
    counted = conv(3, seen, width) + (2 * depth - 1) * conv(3, width, width)
    return counted + (conv(1, seen, width) if projection else 0)


def bottleneck(seen, width, depth):
    """A stage of bottlenecks: all but the first see the maps that they make."""
    first = conv(1, seen, width) + conv(3, width, width) + conv(1, width, 4 * width)
    other = (
        conv(1, 4 * width, width) + conv(3, width, width) + conv(1, width, 4 * width)
    )
    return first + conv(1, seen, 4 * width) + (depth - 1) * other


@pytest.mark.parametrize(
    ("make", "counted", "total"),
    [
        (
            resnets.resnet18,
            basic(64, 64, 2, projection=False)
            + basic(64, 128, 2)
            + basic(128, 256, 2)
            + basic(256, 512, 2)
            + (512 * 1000 + 1000),
            11_689_512,
        ),
        (
            resnets.resnet34,
            basic(64, 64, 3, projection=False)
            + basic(64, 128, 4)
            + basic(128, 256, 6)
            + basic(256, 512, 3)
            + (512 * 1000 + 1000),
            21_797_672,
        ),
        (
            resnets.resnet50,
            bottleneck(64, 64, 3)
            + bottleneck(256, 128, 4)
            + bottleneck(512, 256, 6)
            + bottleneck(1024, 512, 3)
            + (2048 * 1000 + 1000),
            25_557_032,
        ),
        (
            resnets.resnet101,
            bottleneck(64, 64, 3)
            + bottleneck(256, 128, 4)
            + bottleneck(512, 256, 23)
            + bottleneck(1024, 512, 3)
            + (2048 * 1000 + 1000),
            44_549_160,
        ),
        (
            resnets.resnet152,
            bottleneck(64, 64, 3)
            + bottleneck(256, 128, 8)
            + bottleneck(512, 256, 36)
            + bottleneck(1024, 512, 3)
            + (2048 * 1000 + 1000),
            60_192_808,
        ),
        (
            resnets.resnet50_basic_same_outer,
            basic(64, 256, 3)
            + basic(256, 512, 4)
            + basic(512, 1024, 6)
            + basic(1024, 2048, 3)
            + (2048 * 1000 + 1000),
            341_832_488,
        ),
    ],
    ids=named,
)
def test_resnet_has_the_parameters_of_its_blocks(make, counted, total):
    assert parameters(on_meta(make)) == STEM + counted == total


@pytest.mark.parametrize(
    ("make", "n", "total", "published"),
    [
        (cifar.resnet20, 3, 269_722, "0.27"),
        (cifar.resnet32, 5, 464_154, "0.46"),
        (cifar.resnet44, 7, 658_586, "0.66"),
        (cifar.resnet56, 9, 853_018, "0.85"),
        (cifar.resnet110, 18, 1_727_962, "1.7"),
    ],
    ids=named,
)
def test_resnet_for_cifar_has_the_parameters_of_table_6(make, n, total, published):
    counted = (
        (3 * 3 * 3 * 16 + 2 * 16)
        + 2 * n * (3 * 3 * 16 * 16 + 2 * 16)
        + (3 * 3 * 16 * 32 + 2 * 32)
        + (2 * n - 1) * (3 * 3 * 32 * 32 + 2 * 32)
        + (3 * 3 * 32 * 64 + 2 * 64)
        + (2 * n - 1) * (3 * 3 * 64 * 64 + 2 * 64)
        + (64 * 10 + 10)
    )
    assert parameters(on_meta(make)) == counted == total
    digits = len(published) - len("0.")
    assert f"{total / 1e6:.{digits}f}" == published


def test_a_bottleneck_has_a_seventeenth_of_the_weights():
    wide = on_meta(resnets.BasicBlock, 256, 256)
    narrow = on_meta(resnets.Bottleneck, 256, 64)
    assert kernels(wide) == 2 * 3 * 3 * 256 * 256 == 1_179_648
    assert kernels(narrow) == 256 * 64 + 3 * 3 * 64 * 64 + 64 * 256 == 69_632
    assert parameters(wide) == 1_179_648 + 2 * (256 + 256)
    assert parameters(narrow) == 69_632 + 2 * (64 + 64 + 256)


# Shapes


@pytest.mark.parametrize(("make", "layers"), LAYERS.items(), ids=named)
def test_a_resnet_is_named_after_its_layers(make, layers):
    model = on_meta(make)
    projections = sum(
        isinstance(layer, nn.Conv2d)
        for block in model.modules()
        if isinstance(block, BLOCKS)
        for layer in shortcut_of(block).modules()
    )
    weighted = sum(isinstance(m, nn.Conv2d | nn.Linear) for m in model.modules())
    assert weighted - projections == layers


@pytest.mark.parametrize(
    ("make", "channels"),
    [
        (resnets.resnet18, (64, 128, 256, 512)),
        (resnets.resnet34, (64, 128, 256, 512)),
        (resnets.resnet50, (256, 512, 1024, 2048)),
        (resnets.resnet101, (256, 512, 1024, 2048)),
        (resnets.resnet152, (256, 512, 1024, 2048)),
        (resnets.resnet50_basic_same_outer, (256, 512, 1024, 2048)),
    ],
    ids=named,
)
def test_resnet_has_the_maps_of_table_1(make, channels):
    shapes = maps_of(on_meta(make), resnets.INPUT)
    assert shapes["conv1"][1] == (64, 112, 112)
    assert shapes["maxpool"][1] == (64, 56, 56)
    stages = [shapes[f"layer{number}"][1] for number in (1, 2, 3, 4)]
    assert stages == [
        (width, side, side)
        for width, side in zip(channels, (56, 28, 14, 7), strict=True)
    ]
    assert shapes["fc"] == ((channels[-1],), (1000,))


def test_resnet_for_cifar_has_the_maps_of_section_4_2():
    shapes = maps_of(on_meta(cifar.resnet20), cifar.INPUT)
    assert shapes["layer1"] == ((16, 32, 32), (16, 32, 32))
    assert shapes["layer2"] == ((16, 32, 32), (32, 16, 16))
    assert shapes["layer3"] == ((32, 16, 16), (64, 8, 8))
    assert shapes["fc"] == ((64,), (10,))


def test_basic_blocks_as_wide_as_the_bottlenecks_3x3_are_resnet_34():
    def blocks(make):
        return [m for m in on_meta(make).modules() if isinstance(m, BLOCKS)]

    for wide, narrow in zip(
        blocks(resnets.resnet34), blocks(resnets.resnet50), strict=True
    ):
        assert isinstance(wide, resnets.BasicBlock)
        assert isinstance(narrow, resnets.Bottleneck)
        assert wide.conv1.out_channels == narrow.conv2.out_channels
        assert wide.conv2.out_channels == narrow.conv2.out_channels


def test_a_bottleneck_strides_in_its_3x3():
    block = on_meta(resnets.Bottleneck, 256, 128, 2)
    shapes = maps_of(block, (1, 256, 56, 56))
    assert shapes["conv1"][1] == (128, 56, 56)
    assert shapes["conv2"][1] == (128, 28, 28)
    assert shapes["conv3"][1] == (512, 28, 28)


@pytest.mark.parametrize("make", LAYERS, ids=named)
def test_number_of_classes(make):
    module = resnets if make.__module__ == resnets.__name__ else cifar
    images = torch.empty(module.INPUT, device="meta")
    assert on_meta(make)(images).shape == (1, 1000 if module is resnets else 10)
    assert on_meta(make, num_classes=7)(images).shape == (1, 7)


@pytest.mark.parametrize("make", [resnets.resnet50, cifar.resnet20], ids=named)
def test_images_may_have_any_size(make):
    for height, width in [(1, 1), (33, 70)]:
        images = torch.empty(2, 3, height, width, device="meta")
        assert on_meta(make)(images).shape[0] == 2


# Shortcuts


@pytest.mark.parametrize("make", LAYERS, ids=named)
def test_a_shortcut_is_no_identity_exactly_where_the_shape_changes(make):
    model = on_meta(make)
    shapes = maps_of(model, (1, 3, 32, 32))
    changing = set()
    for name, block in model.named_modules():
        if isinstance(block, BLOCKS):
            before, after = shapes[name]
            if before != after:
                changing.add(name)
            identity = isinstance(shortcut_of(block), nn.Identity)
            assert identity == (before == after), name
    if make in (resnets.resnet18, resnets.resnet34):
        assert changing == {"layer2.0", "layer3.0", "layer4.0"}
    elif make.__module__ == resnets.__name__:
        assert changing == {"layer1.0", "layer2.0", "layer3.0", "layer4.0"}
    else:
        assert changing == {"layer2.0", "layer3.0"}


@pytest.mark.parametrize(
    ("make", "channels"),
    [
        (resnets.BasicBlock, (8, 8)),
        (resnets.Bottleneck, (8, 2)),
        (cifar.BasicBlock, (8, 8)),
    ],
)
def test_the_identity_adds_no_parameter_and_lets_maps_pass(make, channels):
    block = with_weights(make, *channels)
    assert parameters(shortcut_of(block)) == 0
    last = [m for m in block.children() if isinstance(m, nn.BatchNorm2d)][-1]
    maps = seeded_images((2, 8, 5, 5))
    with torch.inference_mode():
        assert not torch.allclose(block(maps), maps.relu())
        last.weight.zero_()
        last.bias.zero_()
        torch.testing.assert_close(block(maps), maps.relu(), rtol=0, atol=0)


@pytest.mark.parametrize(
    ("seen", "made", "stride"), [(64, 128, 2), (64, 256, 1), (64, 64, 2)]
)
def test_a_projection_is_a_1x1_convolution_and_its_norm(seen, made, stride):
    projection = on_meta(resnets.shortcut, seen, made, stride)
    assert parameters(projection) == 1 * 1 * seen * made + 2 * made
    maps = torch.empty(1, seen, 7, 8, device="meta")
    side = {1: (7, 8), 2: (4, 4)}[stride]
    assert projection(maps).shape == (1, made, *side)


@pytest.mark.parametrize(("made", "stride"), [(5, 2), (6, 2), (3, 2), (5, 1)], ids=str)
@pytest.mark.parametrize("sides", [(8, 8), (7, 6), (1, 1)], ids=str)
def test_option_a_leaves_values_out_and_adds_channels_of_zeros(made, stride, sides):
    way = cifar.shortcut(3, made, stride)
    assert list(way.parameters()) == list(way.buffers()) == []
    maps = seeded_images((2, 3, *sides))
    kept = maps[:, :, ::stride, ::stride]
    out = way(maps)
    assert out.shape == (2, made, *kept.shape[2:])
    assert torch.equal(out[:, :3], kept)
    assert not out[:, 3:].any()


def test_option_a_passes_gradients_to_the_values_it_keeps():
    maps = seeded_images((1, 2, 4, 4)).requires_grad_()
    cifar.shortcut(2, 4, 2)(maps).sum().backward()
    expected = torch.zeros(1, 2, 4, 4)
    expected[:, :, ::2, ::2] = 1
    assert torch.equal(maps.grad, expected)


@pytest.mark.parametrize(("made", "stride"), [(3, 1), (5, 2)], ids=str)
def test_a_block_for_cifar_adds_its_shortcut_before_the_last_relu(made, stride):
    block = with_weights(cifar.BasicBlock, 3, made, stride)
    state = block.state_dict()

    def normed(maps, number, stride):
        maps = functional.conv2d(
            maps, state[f"conv{number}.weight"], stride=stride, padding=1
        )
        mean, var, weight, bias = (
            state[f"bn{number}.{name}"][:, None, None]
            for name in ("running_mean", "running_var", "weight", "bias")
        )
        return (maps - mean) / (var + 1e-5).sqrt() * weight + bias

    maps = seeded_images((2, 3, 7, 7))
    kept = maps[:, :, ::stride, ::stride]
    zeros = torch.zeros(2, made - 3, *kept.shape[2:])
    residual = normed(normed(maps, 1, stride).relu(), 2, 1)
    expected = (residual + torch.cat([kept, zeros], dim=1)).relu()
    with torch.inference_mode():
        torch.testing.assert_close(block(maps), expected)


def test_resnet_for_cifar_runs_its_parts_in_order():
    model = with_weights(cifar.resnet20)
    images = seeded_images((2, 3, 32, 32))
    with torch.inference_mode():
        maps = model.bn1(model.conv1(images)).relu()
        for stage in (model.layer1, model.layer2, model.layer3):
            for block in stage:
                maps = block(maps)
        expected = maps.mean((2, 3)) @ model.fc.weight.T + model.fc.bias
        torch.testing.assert_close(model(images), expected)


# Errors


@pytest.mark.parametrize(
    ("depths", "channels"),
    [
        ((2, 2, 2), (64, 128, 256)),
        ((1, 1, 1, 1, 1), (8, 8, 8, 8, 8)),
        ((2, 2, 2), (64, 128, 256, 512)),
        ((2, 2, 2, 2, 2), (64, 128, 256, 512)),
    ],
)
def test_resnet_refuses_another_number_of_stages(depths, channels):
    with pytest.raises(ValueError):
        on_meta(resnets.ResNet, resnets.BasicBlock, depths, channels)


def test_option_a_refuses_to_take_channels_away():
    with pytest.raises(ValueError, match="16 channels do not hold 32"):
        cifar.BasicBlock(32, 16)


@pytest.mark.parametrize("make", [resnets.resnet18, cifar.resnet20], ids=named)
def test_resnet_refuses_images_without_three_channels(make):
    with pytest.raises(RuntimeError):
        on_meta(make)(torch.empty(1, 1, 32, 32, device="meta"))


# Pages


@pytest.mark.parametrize(
    ("module", "names", "use"),
    [
        (resnets, ["shortcut", "basic_block"], "BasicBlock(64, 128, 2)"),
        (resnets, ["shortcut", "bottleneck"], "Bottleneck(256, 128, 2)"),
        (
            resnets,
            ["shortcut", "basic_block", "bottleneck", "resnet", "builders"],
            "resnet50()",
        ),
        (
            resnets,
            ["shortcut", "basic_block", "bottleneck", "resnet", "without_bottleneck"],
            "resnet50_basic_same_outer()",
        ),
        (cifar, ["shortcut", "basic_block"], "BasicBlock(16, 32, 2)"),
        (
            cifar,
            ["shortcut", "basic_block", "resnet_cifar", "builders"],
            "resnet110()",
        ),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, list) else "",
)
def test_sections_run_on_a_page(module, names, use):
    text = Path(module.__file__).read_text(encoding="utf-8")
    marked = r"(?ms)^# --8<-- \[start:{0}\]\n(.*)^# --8<-- \[end:{0}\]\n"
    page = {}
    for name in ["imports", *names]:
        exec(re.search(marked.format(name), text)[1], page)
    assert isinstance(on_meta(lambda: eval(use, page)), nn.Module)
