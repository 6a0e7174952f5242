"""The U-Net of snippets/models is the one of the paper."""

import re
from pathlib import Path

import pytest
import torch
from building import on_meta, parameters
from seeded_weights import seeded_images, seeded_state
from torch import nn
from torch.nn import functional

from models import unet as unets


def seeded(model):
    model.load_state_dict(seeded_state(model), strict=True, assign=True)
    return model


def double(seen, made):
    """The parameters of two 3x3 convolutions."""
    return (3 * 3 * seen * made + made) + (3 * 3 * made * made + made)


def up(seen, made):
    """The parameters of a 2x2 up-convolution."""
    return 2 * 2 * seen * made + made


def test_unet_has_the_parameters_of_figure_1():
    contracting = double(1, 64) + double(64, 128) + double(128, 256) + double(256, 512)
    bottom = double(512, 1024)
    ups = up(1024, 512) + up(512, 256) + up(256, 128) + up(128, 64)
    expanding = double(1024, 512) + double(512, 256) + double(256, 128)
    counted = contracting + bottom + ups + expanding + double(128, 64) + (64 * 2 + 2)
    assert parameters(on_meta(unets.unet)) == counted == 31_030_658


def test_the_bottom_has_nearly_half_of_the_weights():
    model = on_meta(unets.unet)
    weights = sum(p.numel() for p in model.bottom.parameters() if p.dim() > 1)
    assert weights == 3 * 3 * (512 + 1024) * 1024 == 14_155_776
    assert parameters(model.bottom) == weights + 2 * 1024 == 14_157_824
    assert parameters(model.bottom) / parameters(model) == pytest.approx(
        0.456, abs=5e-4
    )


def test_unet_has_23_convolutional_layers_with_biases_and_no_batch_norm():
    model = on_meta(unets.unet)
    kinds = (nn.Conv2d, nn.ConvTranspose2d)
    layers = [module for module in model.modules() if isinstance(module, kinds)]
    assert len(layers) == 23
    assert all(layer.bias is not None for layer in layers)
    assert not list(model.buffers())


def test_unet_has_the_maps_of_figure_1():
    model, shapes = on_meta(unets.unet), {}

    def note(layer, given, maps):
        # Channels that enter; channels, height and width that leave.
        shapes[names[layer]] = (given[0].shape[1], *maps.shape[1:])

    names = {layer: name for name, layer in model.named_children()}
    for layer in names:
        layer.register_forward_hook(note)
    logits = model(torch.empty(unets.INPUT, device="meta"))
    assert logits.shape == (1, 2, 388, 388)
    assert shapes == {
        "contract1": (1, 64, 568, 568),
        "contract2": (64, 128, 280, 280),
        "contract3": (128, 256, 136, 136),
        "contract4": (256, 512, 64, 64),
        "bottom": (512, 1024, 28, 28),
        "pool": (512, 512, 32, 32),  # the last of four
        "dropout": (1024, 1024, 28, 28),  # the second of two
        "up4": (1024, 512, 56, 56),
        "expand4": (1024, 512, 52, 52),
        "up3": (512, 256, 104, 104),
        "expand3": (512, 256, 100, 100),
        "up2": (256, 128, 200, 200),
        "expand2": (256, 128, 196, 196),
        "up1": (128, 64, 392, 392),
        "expand1": (128, 64, 388, 388),
        "classifier": (64, 2, 388, 388),
    }


# Skips


@pytest.mark.parametrize(
    ("large", "small", "border"),
    [(64, 56, 4), (136, 104, 16), (280, 200, 40), (568, 392, 88), (56, 56, 0)],
)
def test_crop_keeps_the_centre(large, small, border):
    maps = torch.arange(large * large).reshape(1, 1, large, large)
    cropped = unets.crop(maps, torch.empty(1, 3, small, small))
    assert cropped.shape == (1, 1, small, small)
    assert cropped[0, 0, 0, 0] == border * large + border
    assert cropped[0, 0, -1, -1] == (large - border - 1) * (large + 1)


def test_crop_tells_height_from_width():
    maps = torch.arange(6 * 8).reshape(1, 1, 6, 8)
    cropped = unets.crop(maps, torch.empty(1, 1, 2, 6))
    assert cropped.tolist() == [[[list(range(17, 23)), list(range(25, 31))]]]


@pytest.mark.parametrize(("height", "width"), [(6, 7), (7, 6)])
def test_crop_refuses_an_uneven_border(height, width):
    with pytest.raises(ValueError, match=f"{height}x{width}"):
        unets.crop(torch.empty(1, 1, height, width), torch.empty(1, 1, 4, 4))


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_each_skip_carries_its_maps_across(level):
    """The first half of what an expanding convolution sees is the cropped skip."""
    model, kept = seeded(on_meta(unets.unet)), {}
    contract = model.get_submodule(f"contract{level}")
    contract.register_forward_hook(lambda _, given, maps: kept.update(skip=maps))
    expand = model.get_submodule(f"expand{level}")
    expand.register_forward_pre_hook(lambda _, given: kept.update(seen=given[0]))
    up = model.get_submodule(f"up{level}")
    up.register_forward_hook(lambda _, given, maps: kept.update(up=maps))
    with torch.inference_mode():
        model(seeded_images((1, 1, 188, 188)))
    skip, seen, up = kept["skip"], kept["seen"], kept["up"]
    border = (skip.shape[2] - seen.shape[2]) // 2
    inside = slice(border, border + seen.shape[2])
    assert border > 0
    assert skip.abs().max() > 0
    torch.testing.assert_close(seen, torch.cat([skip[..., inside, inside], up], dim=1))


ADDED = 31_030_658 - 3 * 3 * (512**2 + 256**2 + 128**2 + 64**2)


@pytest.mark.parametrize("make", [unets.unet_added_skips, unets.unet_without_skips])
def test_only_joining_has_parameters(make):
    model = on_meta(make)
    assert parameters(model) == ADDED == 27_897_218
    images = torch.empty(unets.INPUT, device="meta")
    assert model(images).shape == (1, 2, 388, 388)


@pytest.mark.parametrize(
    ("make", "across"), [(unets.unet_added_skips, 1), (unets.unet_without_skips, 0)]
)
@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_what_an_expanding_convolution_sees(make, across, level):
    model, kept = seeded(on_meta(make)), {}
    for name in ("contract", "up"):
        model.get_submodule(f"{name}{level}").register_forward_hook(
            lambda _, given, maps, name=name: kept.update({name: maps})
        )
    model.get_submodule(f"expand{level}").register_forward_pre_hook(
        lambda _, given: kept.update(seen=given[0])
    )
    with torch.inference_mode():
        model(seeded_images((1, 1, 188, 188)))
    skip = unets.crop(kept["contract"], kept["up"])
    torch.testing.assert_close(kept["seen"], kept["up"] + across * skip)


def test_unet_refuses_other_skips():
    with pytest.raises(ValueError, match="joined, added or none"):
        unets.UNet(skips="multiplied")


def test_a_mirrored_network_sees_a_mirrored_image_mirrored():
    """It could not if a skip were cropped off the centre."""
    model, mirrored = seeded(on_meta(unets.unet)), on_meta(unets.unet)
    state = model.state_dict()
    for name, tensor in state.items():
        state[name] = tensor.flip(2, 3) if tensor.dim() == 4 else tensor
    mirrored.load_state_dict(state, assign=True)
    images = seeded_images((1, 1, 188, 204))
    with torch.inference_mode():
        logits = model(images)
        again = mirrored(images.flip(2, 3)).flip(2, 3)
    tolerance = 1e-5 * logits.abs().max().item()
    torch.testing.assert_close(again, logits, rtol=0, atol=tolerance)


def test_a_relu_follows_each_3x3_convolution():
    block = seeded(on_meta(unets.DoubleConv, 2, 3))
    maps = seeded_images((1, 2, 9, 9))
    with torch.inference_mode():
        first = functional.conv2d(maps, block.conv1.weight, block.conv1.bias).relu()
        both = functional.conv2d(first, block.conv2.weight, block.conv2.bias).relu()
        assert first.min() == 0 == both.min()
        torch.testing.assert_close(block(maps), both)


def test_pooling_keeps_the_largest_of_four():
    maps = seeded_images((1, 2, 6, 4))
    largest = maps.unflatten(3, (2, 2)).unflatten(2, (3, 2)).amax(dim=(3, 5))
    assert torch.equal(on_meta(unets.unet).pool(maps), largest)


def test_no_relu_follows_the_logits():
    model = seeded(on_meta(unets.unet))
    with torch.inference_mode():
        assert model(seeded_images((1, 1, 188, 188))).min() < 0


def test_dropout_comes_at_the_end_of_the_contracting_path():
    model, dropped = on_meta(unets.unet).train(), []
    model.dropout.register_forward_hook(
        lambda layer, _, maps: dropped.append((layer.p, maps.shape[1]))
    )
    model(torch.empty(1, 1, 188, 188, device="meta"))
    assert dropped == [(0.5, 512), (0.5, 1024)]


# Sizes


def test_smallest_images():
    model = on_meta(unets.unet)
    assert model(torch.empty(1, 1, 188, 188, device="meta")).shape == (1, 2, 4, 4)
    with pytest.raises(RuntimeError):
        model(torch.empty(1, 1, 172, 172, device="meta"))


@pytest.mark.parametrize("side", [564, 568, 570, 571, 573, 574])
def test_unet_refuses_images_that_do_not_halve_four_times(side):
    model = on_meta(unets.unet)
    with pytest.raises(ValueError, match="12 more than a multiple of 16"):
        model(torch.empty(1, 1, side, side, device="meta"))


def test_height_and_width_may_differ():
    images = torch.empty(2, 1, 204, 236, device="meta")
    assert on_meta(unets.unet)(images).shape == (2, 2, 20, 52)


def test_double_conv_needs_5x5_maps():
    block = on_meta(unets.DoubleConv, 3, 8)
    assert block(torch.empty(1, 3, 5, 6, device="meta")).shape == (1, 8, 1, 2)
    with pytest.raises(RuntimeError):
        block(torch.empty(1, 3, 4, 6, device="meta"))


def test_channels_and_classes():
    images = torch.empty(1, 1, 188, 188, device="meta")
    assert on_meta(unets.unet, num_classes=21)(images).shape == (1, 21, 4, 4)
    colour = on_meta(unets.UNet, in_channels=3)
    assert parameters(colour) == 31_030_658 + 2 * 3 * 3 * 64
    assert colour(images.expand(1, 3, 188, 188)).shape == (1, 2, 4, 4)


def test_sections_run_on_a_page():
    text = Path(unets.__file__).read_text(encoding="utf-8")
    marked = r"(?ms)^# --8<-- \[start:{0}\]\n(.*)^# --8<-- \[end:{0}\]\n"
    page = {}
    for name in ["imports", "double_conv", "crop", "unet", "builders"]:
        exec(re.search(marked.format(name), text)[1], page)
    assert parameters(on_meta(page["unet"])) == 31_030_658
