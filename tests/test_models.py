"""The networks of snippets/models are the ones of torchvision and of the papers."""

import ast
import inspect
import json
import re
import sys
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from builders import builders, default
from building import each, on_meta, parameters
from seeded_weights import seeded_images, seeded_state
from torch import nn

from models import alexnet as alexnets
from models import densenet as densenets
from models import googlenet as googlenets
from models import resnet as resnets
from models import vgg as vggs

HERE = Path(__file__).parent
FIXTURES = {p.stem: p for p in (HERE / "fixtures" / "torchvision").glob("*.json")}
NAMES = HERE / "fixtures" / "torchvision_names.json"
FILES = sorted((HERE.parent / "snippets" / "models").glob("*.py"))

BUILDERS = builders()
IN_TORCHVISION = [make for make in BUILDERS if make.__name__ in FIXTURES]
CLASSIFYING = [make for make in BUILDERS if default(make, "num_classes") == 1000]


# torchvision


def test_a_name_of_torchvisions_builds_its_network():
    """`tools/torchvision_fixtures.py` records what is missing here."""
    theirs = set(json.loads(NAMES.read_text()))
    assert {make.__name__ for make in BUILDERS} & theirs == set(FIXTURES)


@each("make", IN_TORCHVISION)
def test_state_dict_is_torchvisions(make):
    fixture = json.loads(FIXTURES[make.__name__].read_text())
    model = on_meta(make)
    state = [[name, list(tensor.shape)] for name, tensor in model.state_dict().items()]
    assert state == fixture["state_dict"]
    assert parameters(model) == fixture["parameters"]


@each("make", IN_TORCHVISION)
def test_outputs_are_torchvisions(make):
    fixture = json.loads(FIXTURES[make.__name__].read_text())
    model = on_meta(make)
    model.load_state_dict(seeded_state(model), strict=True, assign=True)
    model.double()  # what float32 rounds depends on the processor
    for expected in fixture["outputs"]:
        with torch.inference_mode():
            answer = model(seeded_images(tuple(expected["images"])).double())
        logits = answer["out"] if isinstance(answer, dict) else answer
        assert list(logits.shape) == expected["logits"]
        tolerance = 1e-9 * expected["largest"]
        first = logits.flatten()[:8].tolist()
        assert first == pytest.approx(expected["first"], rel=0, abs=tolerance)
        spread = tolerance * logits.numel()
        assert logits.sum().item() == pytest.approx(expected["sum"], rel=0, abs=spread)


# AlexNet


def test_alexnet_2012_has_the_parameters_of_the_paper():
    counted = (
        (11 * 11 * 3 * 96 + 96)
        + (5 * 5 * (96 // 2) * 256 + 256)
        + (3 * 3 * 256 * 384 + 384)
        + (3 * 3 * (384 // 2) * 384 + 384)
        + (3 * 3 * (384 // 2) * 256 + 256)
        + (6 * 6 * 256 * 4096 + 4096)
        + (4096 * 4096 + 4096)
        + (4096 * 1000 + 1000)
    )
    assert parameters(on_meta(alexnets.alexnet_2012)) == counted == 60_965_224


def test_ungrouped_alexnet_2012_adds_the_other_half_of_three_convolutions():
    added = (
        5 * 5 * (96 // 2) * 256 + 3 * 3 * (384 // 2) * 384 + 3 * 3 * (384 // 2) * 256
    )
    counted = 60_965_224 + added
    model = on_meta(alexnets.alexnet_2012_ungrouped)
    assert parameters(model) == counted == 62_378_344


def test_alexnet_2012_without_pool5_has_13x13_maps_to_connect():
    counted = 60_965_224 + (13 * 13 - 6 * 6) * 256 * 4096
    model = on_meta(alexnets.alexnet_2012_without_pool5)
    assert parameters(model) == counted == 200_425_832
    assert model.fc6.weight.numel() == 13 * 13 * 128 * 2 * 2048 * 2 == 177_209_344
    weights = sum(p.numel() for p in model.parameters() if p.dim() > 1)
    assert weights == 200_415_264


def test_two_towers_halve_the_weights_of_conv2_conv4_and_conv5():
    towers = on_meta(alexnets.alexnet_2012)
    one = on_meta(alexnets.alexnet_2012_ungrouped)
    ratios = {
        name: layer.weight.numel() / towers.get_submodule(name).weight.numel()
        for name, layer in one.named_children()
        if hasattr(layer, "weight")
    }
    halved = {"conv2": 2, "conv4": 2, "conv5": 2}
    assert ratios == dict.fromkeys(ratios, 1) | halved


def test_two_towers_are_two_convolutions_side_by_side():
    towers = on_meta(alexnets.alexnet_2012).conv2.to_empty(device="cpu")
    left, right = (nn.Conv2d(48, 128, 5, padding=2) for _ in range(2))
    with torch.inference_mode():
        towers.weight.copy_(torch.cat([left.weight, right.weight]))
        towers.bias.copy_(torch.cat([left.bias, right.bias]))
        maps = seeded_images((1, 96, 7, 7))
        apart = torch.cat([left(maps[:, :48]), right(maps[:, 48:])], dim=1)
        torch.testing.assert_close(towers(maps), apart)


@pytest.mark.parametrize("pool5", [True, False])
def test_alexnet_2012_has_the_maps_of_figure_2(pool5):
    maps = torch.empty(alexnets.INPUT, device="meta")
    shapes = {}
    for name, layer in on_meta(alexnets.AlexNet2012, pool5=pool5).named_children():
        maps = layer(maps)
        shapes[name] = tuple(maps.shape[1:])
    assert shapes["conv1"] == (96, 55, 55)
    assert shapes["pool1"] == (96, 27, 27)
    assert shapes["conv2"] == (256, 27, 27)
    assert shapes["pool2"] == (256, 13, 13)
    assert shapes["conv3"] == shapes["conv4"] == (384, 13, 13)
    assert shapes["conv5"] == (256, 13, 13)
    assert shapes.get("pool5") == ((256, 6, 6) if pool5 else None)
    assert shapes["fc6"] == shapes["fc7"] == (4096,)
    assert shapes["fc8"] == (1000,)


@pytest.mark.parametrize("name", ["norm1", "norm2"])
def test_alexnet_2012_has_the_local_response_norm_of_section_3_3(name):
    k, n, alpha, beta = 2, 5, 1e-4, 0.75
    maps = 100 * seeded_images((1, 8, 2, 2))
    expected = torch.empty_like(maps)
    for i in range(8):
        near = maps[:, max(0, i - n // 2) : i + n // 2 + 1]
        expected[:, i] = maps[:, i] / (k + alpha * near.square().sum(1)) ** beta
    norm = on_meta(alexnets.alexnet_2012).get_submodule(name)
    torch.testing.assert_close(norm(maps), expected)


def test_alexnet_2012_refuses_images_of_another_size():
    with pytest.raises(RuntimeError):
        on_meta(alexnets.alexnet_2012)(torch.empty(1, 3, 256, 256, device="meta"))


# VGG


def convolutions(widths, kernel=3):
    return sum(kernel * kernel * seen * made + made for seen, made in pairwise(widths))


DENSE = (7 * 7 * 512 * 4096 + 4096) + (4096 * 4096 + 4096) + (4096 * 1000 + 1000)


@pytest.mark.parametrize(
    ("column", "counted", "published"),
    [
        ("A", convolutions([3, 64, 128, 256, 256, 512, 512, 512, 512]), 133),
        ("B", convolutions([3, 64, 64, 128, 128] + 2 * [256] + 4 * [512]), 133),
        (
            "C",
            convolutions([3, 64, 64, 128, 128] + 2 * [256] + 4 * [512])
            + convolutions([256, 256], kernel=1)
            + 2 * convolutions([512, 512], kernel=1),
            134,
        ),
        ("D", convolutions([3, 64, 64, 128, 128] + 3 * [256] + 6 * [512]), 138),
        ("E", convolutions([3, 64, 64, 128, 128] + 4 * [256] + 8 * [512]), 144),
    ],
)
def test_vgg_has_the_parameters_of_table_2(column, counted, published):
    model = on_meta(vggs.VGG, vggs.CONFIGURATIONS[column])
    assert parameters(model) == counted + DENSE
    assert round((counted + DENSE) / 1e6) == published


def test_large_kernels_have_the_parameters_of_one_convolution_a_stage():
    vgg16 = (
        (5 * 5 * 3 * 64 + 64)
        + (5 * 5 * 64 * 128 + 128)
        + (7 * 7 * 128 * 256 + 256)
        + (7 * 7 * 256 * 512 + 512)
        + (7 * 7 * 512 * 512 + 512)
    )
    vgg19 = (
        (5 * 5 * 3 * 64 + 64)
        + (5 * 5 * 64 * 128 + 128)
        + (9 * 9 * 128 * 256 + 256)
        + (9 * 9 * 256 * 512 + 512)
        + (9 * 9 * 512 * 512 + 512)
    )
    assert parameters(on_meta(vggs.vgg16_large_kernels)) == vgg16 + DENSE
    assert parameters(on_meta(vggs.vgg19_large_kernels)) == vgg19 + DENSE


def stages_of(model):
    """Run the convolutional part: each stage's receptive field and shape."""
    maps = torch.empty(vggs.INPUT, device="meta")
    field, step, stages = 1, 1, []
    for layer in model.features:
        maps = layer(maps)
        if isinstance(layer, nn.Conv2d):
            field += (layer.kernel_size[0] - 1) * step
        if isinstance(layer, nn.MaxPool2d):
            field += (layer.kernel_size - 1) * step
            step *= layer.stride
            stages.append((field, tuple(maps.shape)))
    return stages


@pytest.mark.parametrize(
    ("stacked", "large", "field"),
    [
        (vggs.vgg16, vggs.vgg16_large_kernels, 212),
        (vggs.vgg19, vggs.vgg19_large_kernels, 268),
    ],
)
def test_large_kernels_see_as_far_and_give_the_same_maps(stacked, large, field):
    stages = stages_of(on_meta(large))
    assert stages == stages_of(on_meta(stacked))
    assert stages[-1] == (field, (1, 512, 7, 7))


def test_large_kernels_leave_one_convolution_a_stage():
    model = on_meta(vggs.vgg19_large_kernels)
    kernels = [m.kernel_size for m in model.modules() if isinstance(m, nn.Conv2d)]
    assert kernels == [(5, 5), (5, 5), (9, 9), (9, 9), (9, 9)]


def test_vgg_refuses_another_number_of_stages():
    with pytest.raises(ValueError):
        on_meta(vggs.VGG, ([3], [3]))


# All of them


@each("make", CLASSIFYING)
def test_number_of_classes(make):
    images = torch.empty(inspect.getmodule(make).INPUT, device="meta")
    assert on_meta(make)(images).shape == (1, 1000)
    assert on_meta(make, num_classes=10)(images).shape == (1, 10)


@each("make", BUILDERS)
def test_a_network_has_the_defaults_of_its_builder(make):
    """So that the class by itself builds what the page is about."""
    kind = type(on_meta(make))
    for name in ("num_classes", "aux_loss", "aux_logits"):
        told, expected = default(kind, name), default(make, name)
        if told not in (None, inspect.Parameter.empty) and expected is not None:
            assert told == expected


@pytest.mark.parametrize(
    ("make", "side"), [(alexnets.alexnet, 63), (vggs.vgg11, 32)], ids=["alexnet", "vgg"]
)
def test_smallest_images(make, side):
    model = on_meta(make)
    model(torch.empty(1, 3, side, side, device="meta"))
    with pytest.raises(RuntimeError):
        model(torch.empty(1, 3, side - 1, side - 1, device="meta"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_model_file_needs_nothing_but_torch(path):
    imported = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {name.name.split(".")[0] for name in node.names}
        if isinstance(node, ast.ImportFrom):
            imported.add("." if node.level else node.module.split(".")[0])
    assert imported - sys.stdlib_module_names - {"models"} == {"torch"}


@pytest.mark.parametrize(
    ("module", "names", "use"),
    [
        (alexnets, ["alexnet"], "alexnet()"),
        (alexnets, ["alexnet_2012"], "alexnet_2012_ungrouped()"),
        (vggs, ["vgg"], 'VGG(CONFIGURATIONS["C"])'),
        (vggs, ["vgg", "builders"], "vgg11_bn()"),
        (vggs, ["vgg", "large_kernels"], "vgg16_large_kernels()"),
        (
            googlenets,
            ["inception", "auxiliary", "to_symmetric", "googlenet"],
            "GoogLeNet(transform_input=True)",
        ),
        (
            googlenets,
            ["inception", "auxiliary", "googlenet_2014", "naive"],
            "googlenet_2014_naive_chain()",
        ),
        (
            resnets,
            ["shortcut", "basic_block", "bottleneck", "resnet", "builders"],
            "resnet50()",
        ),
        (
            densenets,
            ["dense_layer", "dense_block", "transition", "densenet", "builders"],
            "densenet161()",
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
