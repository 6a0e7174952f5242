"""The Xception of snippets/models is the one of the paper."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from building import each, on_meta, parameters
from seeded_weights import seeded_images, seeded_state
from torch import nn
from torch.nn import functional

from models import xception as xceptions

BUILDERS = [xceptions.xception, xceptions.xception_full_convolutions]
# The channels between the 34 separable convolutions of Figure 5.
WIDTHS = [64, 128, 128, 256, 256, *[728] * 27, 1024, 1536, 2048]
SHORTCUTS = [(64, 128), (128, 256), (256, 728), (728, 1024)]


def seeded(model):
    model.load_state_dict(seeded_state(model), strict=True, assign=True)
    return model


def norm(channels):
    """The parameters of a batch normalisation."""
    return 2 * channels


def blocks(model):
    return [m for m in model.modules() if isinstance(m, xceptions.XceptionBlock)]


# Parameters


def test_xception_has_the_parameters_of_table_3():
    first = 9 * 3 * 32 + norm(32) + 9 * 32 * 64 + norm(64)
    shortcuts = sum(seen * made + norm(made) for seen, made in SHORTCUTS)
    rest = first + shortcuts + 2048 * 1000 + 1000
    separable = sum(9 * a + a * b + norm(b) for a, b in pairwise(WIDTHS))
    full = sum(9 * a * b + norm(b) for a, b in pairwise(WIDTHS))
    model, ordinary = (on_meta(make) for make in BUILDERS)
    assert parameters(model) == rest + separable == 22_855_952
    assert parameters(ordinary) == rest + full == 179_071_688


def test_keras_counts_the_running_statistics_too():
    model = on_meta(xceptions.xception)
    running = sum(
        m.running_mean.numel() + m.running_var.numel()
        for m in model.modules()
        if isinstance(m, nn.BatchNorm2d)
    )
    assert parameters(model) + running == 22_910_480


def test_the_36_convolutions_of_section_3():
    layers = [
        m
        for m in on_meta(xceptions.xception).modules()
        if isinstance(m, xceptions.SeparableConv | xceptions.ConvNorm)
    ]
    shortcuts = [m for m in layers if getattr(m, "conv", m[0]).kernel_size == (1, 1)]
    assert len(layers) - len(shortcuts) == 36
    assert len(shortcuts) == 4


# Layers


@each("make", BUILDERS)
def test_every_convolution_leaves_its_bias_to_a_batch_norm(make):
    layers = [m for m in on_meta(make).modules() if not list(m.children())]
    for layer, after in pairwise(layers):
        if isinstance(layer, nn.Conv2d):
            assert layer.bias is None
            depthwise = layer.groups > 1
            assert isinstance(after, nn.Conv2d if depthwise else nn.BatchNorm2d)


@each("make", BUILDERS)
def test_twelve_modules_have_a_shortcut_of_which_four_project(make):
    found = blocks(on_meta(make))
    assert len(found) == 12
    kinds = [type(block.shortcut) for block in found]
    assert kinds.count(xceptions.ConvNorm) == 4
    assert kinds.count(nn.Identity) == 8
    for block in found:
        if isinstance(block.shortcut, xceptions.ConvNorm):
            assert block.shortcut.conv.stride == (2, 2)


@pytest.mark.parametrize(
    ("make", "conv"),
    [
        (xceptions.xception, xceptions.SeparableConv),
        (xceptions.xception_full_convolutions, xceptions.ConvNorm),
    ],
    ids=["separable", "full"],
)
def test_a_relu_is_before_every_3x3_of_a_module_but_the_very_first(make, conv):
    for number, block in enumerate(blocks(on_meta(make))):
        kinds = [type(layer) for layer in block.layers]
        expected = [nn.ReLU, conv] * kinds.count(conv)
        assert kinds.count(conv) in (2, 3)
        if isinstance(block.shortcut, xceptions.ConvNorm):
            expected.append(nn.MaxPool2d)
        assert kinds == expected[number == 0 :]


# Shapes


@each("make", BUILDERS)
def test_xception_has_the_maps_of_figure_5(make):
    maps = torch.empty(xceptions.INPUT, device="meta")
    model = on_meta(make)
    shapes = {}
    for name in ("entry", "middle", "exit"):
        maps = getattr(model, name)(maps)
        shapes[name] = tuple(maps.shape[1:])
    assert shapes == {
        "entry": (728, 19, 19),
        "middle": (728, 19, 19),
        "exit": (2048, 10, 10),
    }
    assert model.avgpool(maps).shape == (1, 2048, 1, 1)


@each("make", BUILDERS)
@pytest.mark.parametrize("side", [71, 224, 299])
def test_images_and_classes(make, side):
    images = torch.empty(2, 3, side, side, device="meta")
    assert on_meta(make)(images).shape == (2, 1000)
    assert on_meta(make, num_classes=10)(images).shape == (2, 10)


@pytest.mark.parametrize("side", [8, 9])
def test_a_block_that_pools_halves_and_rounds_up(side):
    block = on_meta(xceptions.XceptionBlock, 4, (6, 8))
    maps = torch.empty(1, 4, side, side, device="meta")
    assert block(maps).shape == (1, 8, (side + 1) // 2, (side + 1) // 2)


# Behaviour


def test_a_separable_convolution_is_a_full_one_of_few_weights():
    """Nothing is between its two steps, so its kernels are products."""
    block = seeded(on_meta(xceptions.SeparableConv, 3, 5))
    maps = seeded_images((1, 3, 7, 7))
    with torch.inference_mode():
        kernels = block.pointwise.weight * block.depthwise.weight[:, 0]
        assert kernels.shape == (5, 3, 3, 3)
        torch.testing.assert_close(
            block.pointwise(block.depthwise(maps)),
            functional.conv2d(maps, kernels, padding=1),
        )


def test_the_identity_passes_what_the_layers_do_not_change():
    block = seeded(on_meta(xceptions.XceptionBlock, 4, (4, 4, 4), pool=False)).eval()
    nn.init.zeros_(block.layers[-1].norm.weight)
    nn.init.zeros_(block.layers[-1].norm.bias)
    maps = seeded_images((1, 4, 6, 6)) - 0.5
    with torch.inference_mode():
        torch.testing.assert_close(block(maps), maps)


@each("make", BUILDERS)
def test_the_dense_layer_sees_averages(make):
    model, seen = seeded(on_meta(make, num_classes=10)).eval(), {}
    model.exit.register_forward_hook(lambda _, given, maps: seen.update(maps=maps))
    with torch.inference_mode():
        logits = model(seeded_images((2, 3, 71, 71)))
        expected = model.fc(seen["maps"].mean(dim=(2, 3)))
    assert logits.isfinite().all()
    assert logits.std() > 0
    torch.testing.assert_close(logits, expected)


def test_xception_refuses_images_of_other_channels():
    with pytest.raises(RuntimeError):
        on_meta(xceptions.xception)(torch.empty(1, 1, 299, 299, device="meta"))


@pytest.mark.parametrize("use", ["xception", "xception_full_convolutions"])
def test_sections_run_on_a_page(use):
    text = Path(xceptions.__file__).read_text(encoding="utf-8")
    marked = r"(?ms)^# --8<-- \[start:{0}\]\n(.*)^# --8<-- \[end:{0}\]\n"
    page = {}
    for name in ["imports", "separable_conv", "conv", "block", "xception", "builders"]:
        exec(re.search(marked.format(name), text)[1], page)
    assert isinstance(on_meta(page[use]), nn.Module)
