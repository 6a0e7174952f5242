"""The DeepLabv3 of snippets/models is torchvision's, and atrous as in the paper."""

import re
from pathlib import Path

import pytest
import torch
from building import each, on_meta, parameters
from seeded_weights import seeded_images, seeded_state
from torch import nn
from torch.nn import functional

from models import deeplab as deeplabs
from models import resnet as resnets

BUILDERS = [
    deeplabs.deeplabv3_resnet50,
    deeplabs.deeplabv3_resnet50_output_stride_16,
    deeplabs.deeplabv3_resnet50_output_stride_32,
]


def seeded(model):
    model.load_state_dict(seeded_state(model), strict=True, assign=True)
    return model


def assert_alike(given, expected):
    """Equal but for the last digits of float32."""
    tolerance = 1e-5 * expected.abs().max().item()
    torch.testing.assert_close(given, expected, rtol=0, atol=tolerance)


# Parameters


def norm(channels):
    """The parameters of a batch normalisation."""
    return 2 * channels


def bottlenecks(seen, width, blocks):
    """The parameters of a stage: a shortcut with weights, then identities."""
    made = 4 * width
    inside = 3 * 3 * width * width + width * made + 2 * norm(width) + norm(made)
    shortcut = seen * made + norm(made)
    return seen * width + shortcut + inside + (blocks - 1) * (made * width + inside)


BACKBONE = (
    (7 * 7 * 3 * 64 + norm(64))
    + bottlenecks(64, 64, 3)
    + bottlenecks(256, 128, 4)
    + bottlenecks(512, 256, 6)
    + bottlenecks(1024, 512, 3)
)
ATROUS = 3 * (3 * 3 * 2048 * 256 + norm(256))
HEAD = (
    (2048 * 256 + norm(256))  # 1x1
    + ATROUS
    + (2048 * 256 + norm(256))  # the whole image
    + (5 * 256 * 256 + norm(256))  # the projection
    + (3 * 3 * 256 * 256 + norm(256))
    + (256 * 21 + 21)
)
AUXILIARY = (3 * 3 * 1024 * 256 + norm(256)) + (256 * 21 + 21)


def test_deeplab_is_a_resnet_50_and_a_head():
    model = on_meta(deeplabs.deeplabv3_resnet50)
    dense = 2048 * 1000 + 1000
    assert parameters(model.backbone) == BACKBONE == 25_557_032 - dense
    assert parameters(model.classifier) == HEAD == 16_130_837
    assert parameters(model) == BACKBONE + HEAD == 39_638_869


def test_the_auxiliary_head_comes_on_top():
    model = on_meta(deeplabs.deeplabv3_resnet50, aux_loss=True)
    assert parameters(model.aux_classifier) == AUXILIARY
    assert parameters(model) == BACKBONE + HEAD + AUXILIARY == 42_004_074


def test_the_three_rates_have_most_of_the_head():
    pyramid = on_meta(deeplabs.deeplabv3_resnet50).classifier[0]
    assert sum(parameters(pyramid.convs[i]) for i in (1, 2, 3)) == ATROUS == 14_157_312


@pytest.mark.parametrize("output_stride", [8, 16, 32])
def test_dilation_changes_no_count(output_stride):
    model = on_meta(deeplabs.DeepLabV3, output_stride=output_stride)
    ours = on_meta(deeplabs.deeplabv3_resnet50)
    shapes = [{k: v.shape for k, v in m.state_dict().items()} for m in (model, ours)]
    assert shapes[0] == shapes[1]
    assert parameters(model) == 39_638_869


def test_rates_change_no_count():
    near, far = (
        on_meta(deeplabs.ASPP, 2048, rates) for rates in [(1, 2, 3), (12, 24, 36)]
    )
    assert parameters(near) == parameters(far)
    one_less = on_meta(deeplabs.ASPP, 2048, (12, 24))
    assert parameters(far) - parameters(one_less) == ATROUS // 3 + 256 * 256


# Shapes


@pytest.mark.parametrize(
    ("output_stride", "third", "fourth"), [(8, 28, 28), (16, 14, 14), (32, 14, 7)]
)
def test_output_stride_is_pixels_between_two_values(output_stride, third, fourth):
    backbone = on_meta(deeplabs.AtrousResNet50, output_stride)
    maps = backbone(torch.empty(deeplabs.INPUT, device="meta"))
    assert [m.shape for m in maps] == [
        (1, 1024, third, third),
        (1, 2048, fourth, fourth),
    ]


@each("make", BUILDERS)
@pytest.mark.parametrize("size", [(1, 1), (65, 65), (40, 57)])
def test_logits_are_as_large_as_the_images(make, size):
    images = torch.empty(2, 3, *size, device="meta")
    logits = on_meta(make)(images)
    assert {name: maps.shape for name, maps in logits.items()} == {
        "out": (2, 21, *size)
    }
    assert on_meta(make, num_classes=2)(images)["out"].shape == (2, 2, *size)


def test_the_auxiliary_logits_are_as_large_too():
    model = on_meta(deeplabs.deeplabv3_resnet50, num_classes=5, aux_loss=True)
    logits = model(torch.empty(2, 3, 40, 57, device="meta"))
    shape = (2, 5, 40, 57)
    assert {name: m.shape for name, m in logits.items()} == {"out": shape, "aux": shape}


# Atrous convolutions


@pytest.mark.parametrize(("output_stride", "rates"), [(8, 12), (16, 6), (32, 3)])
def test_rates_go_with_the_output_stride(output_stride, rates):
    model = on_meta(deeplabs.DeepLabV3, output_stride=output_stride)
    layers = [m for m in model.classifier[0].modules() if isinstance(m, nn.Conv2d)]
    dilations = [m.dilation[0] for m in layers if m.kernel_size == (3, 3)]
    assert dilations == [rates, 2 * rates, 3 * rates]


def test_each_rate_sees_nine_values_as_far_apart():
    pyramid = seeded(on_meta(deeplabs.ASPP, 1, (12, 24, 36)))
    maps = torch.zeros(1, 1, 80, 80)
    maps[0, 0, 40, 40] = 1
    for branch, rate in zip(pyramid.convs[1:4], (12, 24, 36), strict=True):
        with torch.inference_mode():
            rows, columns = branch[0](maps).abs().sum(1)[0].nonzero(as_tuple=True)
        places = (40 - rate, 40, 40 + rate)
        seen = set(zip(rows.tolist(), columns.tolist(), strict=True))
        assert seen == {(row, column) for row in places for column in places}


def test_the_last_branch_sees_the_whole_image():
    pyramid = seeded(on_meta(deeplabs.ASPP, 2, (1, 2, 3)))
    seen = []
    pyramid.project.register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    maps = seeded_images((1, 2, 6, 7))
    with torch.inference_mode():
        made = pyramid(maps)
        branches = [branch(maps) for branch in pyramid.convs[:4]]
        _, *rest = pyramid.convs[4]
        average = nn.Sequential(*rest)(maps.mean(dim=(2, 3), keepdim=True))
    assert made.shape == (1, 256, 6, 7)
    expected = torch.cat([*branches, average.expand(1, 256, 6, 7)], dim=1)
    torch.testing.assert_close(seen[0], expected)


@pytest.mark.parametrize("output_stride", [8, 16])
def test_an_atrous_backbone_is_the_strided_one_with_values_between(output_stride):
    """Section 3.1: with the same weights, every value of ResNet's maps is there."""
    strided = seeded(on_meta(deeplabs.AtrousResNet50, 32))
    atrous = on_meta(deeplabs.AtrousResNet50, output_stride)
    atrous.load_state_dict(strided.state_dict(), strict=True, assign=True)
    images = seeded_images((1, 3, 129, 97))
    with torch.inference_mode():
        for coarse, fine in zip(strided(images), atrous(images), strict=True):
            step = -(-fine.shape[2] // coarse.shape[2])
            assert_alike(fine[:, :, ::step, ::step], coarse)
    assert step == 32 // output_stride


def test_the_strided_backbone_is_resnet_50():
    images = seeded_images((1, 3, 65, 65))
    resnet = seeded(on_meta(resnets.resnet50))
    resnet.avgpool, resnet.fc = nn.Identity(), nn.Identity()
    backbone = on_meta(deeplabs.AtrousResNet50, 32)
    backbone.load_state_dict(resnet.state_dict(), strict=True, assign=True)
    assert list(backbone.state_dict()) == list(resnet.state_dict())
    with torch.inference_mode():
        _, maps = backbone(images)
        assert_alike(maps.flatten(1), resnet(images))


# The whole network


def test_logits_are_interpolated_to_the_pixels():
    model = seeded(on_meta(deeplabs.deeplabv3_resnet50, aux_loss=True))
    images = seeded_images((1, 3, 65, 49))
    with torch.inference_mode():
        third, fourth = model.backbone(images)
        logits = model(images)
        for name, coarse in [
            ("out", model.classifier(fourth)),
            ("aux", model.aux_classifier(third)),
        ]:
            assert coarse.shape == (1, 21, 9, 7)
            fine = functional.interpolate(
                coarse, size=(65, 49), mode="bilinear", align_corners=False
            )
            assert logits[name].isfinite().all()
            assert logits[name].std() > 0
            assert_alike(logits[name], fine)


def test_the_last_layers_see_only_what_is_positive():
    model, seen = seeded(on_meta(deeplabs.deeplabv3_resnet50, aux_loss=True)), []
    for layer in (
        model.classifier[0].project[3],
        model.classifier[4],
        model.aux_classifier[4],
    ):
        layer.register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    with torch.inference_mode():
        model(seeded_images((1, 3, 65, 65)))
    assert len(seen) == 3
    for maps in seen:
        assert maps.min() == 0 < maps.max()


def test_dropout_is_torchvisions():
    model = on_meta(deeplabs.deeplabv3_resnet50, aux_loss=True)
    rates = {
        name: m.p for name, m in model.named_modules() if isinstance(m, nn.Dropout)
    }
    assert rates == {"classifier.0.project.3": 0.5, "aux_classifier.3": 0.1}


@pytest.mark.parametrize(
    ("make", "side"),
    [
        (deeplabs.deeplabv3_resnet50, 28),
        (deeplabs.deeplabv3_resnet50_output_stride_16, 14),
        (deeplabs.deeplabv3_resnet50_output_stride_32, 7),
    ],
)
def test_builders_have_the_output_stride_of_their_name(make, side):
    images = torch.empty(deeplabs.INPUT, device="meta")
    _, fourth = on_meta(make).backbone(images)
    assert fourth.shape[2:] == (side, side)


@pytest.mark.parametrize("output_stride", [0, 4, 12, 64])
def test_deeplab_refuses_another_output_stride(output_stride):
    for make in (deeplabs.AtrousResNet50, deeplabs.DeepLabV3):
        with pytest.raises(ValueError, match="8, 16 or 32"):
            on_meta(make, output_stride=output_stride)


def test_deeplab_cannot_be_trained_on_one_image_at_a_time():
    model = on_meta(deeplabs.deeplabv3_resnet50).train()
    model(torch.empty(2, 3, 65, 65, device="meta"))
    with pytest.raises(ValueError, match="more than 1 value"):
        model(torch.empty(1, 3, 65, 65, device="meta"))


SECTIONS = ["atrous_resnet:bottleneck", "atrous_resnet:backbone"]


@pytest.mark.parametrize(
    ("names", "use"),
    [
        (["atrous_resnet:bottleneck"], "Bottleneck(64, 16, dilation=2)"),
        (SECTIONS, "AtrousResNet50()"),
        (["fcn:resize", "deeplab:aspp"], "ASPP(2048, (12, 24, 36))"),
        (
            [
                *SECTIONS,
                "fcn:resize",
                "fcn:fcn_head",
                "deeplab:aspp",
                "deeplab:deeplabv3",
                "deeplab:builders",
            ],
            "deeplabv3_resnet50(aux_loss=True)",
        ),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, list) else "",
)
def test_sections_run_on_a_page(names, use):
    marked = r"(?ms)^# --8<-- \[start:{0}\]\n(.*)^# --8<-- \[end:{0}\]\n"
    page = {}
    for name in names:
        file, section = name.split(":")
        text = Path(deeplabs.__file__).with_stem(file).read_text(encoding="utf-8")
        for part in ("imports", section):
            exec(re.search(marked.format(part), text)[1], page)
    model = on_meta(lambda: eval(use, page))
    shape = {"ASPP": (2, 2048, 9, 9), "Bottleneck": (2, 64, 9, 9)}
    images = shape.get(type(model).__name__, deeplabs.INPUT)
    model(torch.empty(images, device="meta"))
