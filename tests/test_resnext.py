"""ResNeXt and Wide ResNet: ResNet's bottleneck with another width and groups inside."""

import re
from pathlib import Path

import pytest
import torch
from building import each, on_meta, parameters, with_weights
from seeded_weights import seeded_images
from torch import nn

from models import resnet as resnets
from models import resnext as resnexts
from tricks import wider

BUILDERS = [
    resnexts.resnext50_32x4d,
    resnexts.resnext101_32x4d,
    resnexts.resnext101_32x8d,
    resnexts.wide_resnet50_2,
]


def conv(kernel, seen, made, groups=1):
    """A convolution without bias, and a scale and a shift of its normalisation."""
    return kernel * kernel * seen // groups * made + 2 * made


def network(depths, widening, groups):
    """The parameters of Table 1 of the ResNeXt paper."""
    count, seen = conv(7, 3, 64), 64
    for depth, channels in zip(depths, (64, 128, 256, 512), strict=True):
        width, made = widening * channels, 4 * channels
        count += conv(1, seen, made)
        for _ in range(depth):
            count += conv(1, seen, width) + conv(3, width, width, groups)
            count += conv(1, width, made)
            seen = made
    return count + 2048 * 1000 + 1000


@pytest.mark.parametrize(
    ("make", "counted", "total"),
    [
        (resnexts.resnext50_32x4d, network((3, 4, 6, 3), 2, 32), 25_028_904),
        (resnexts.resnext101_32x4d, network((3, 4, 23, 3), 2, 32), 44_177_704),
        (resnexts.resnext101_32x8d, network((3, 4, 23, 3), 4, 32), 88_791_336),
        (resnexts.wide_resnet50_2, network((3, 4, 6, 3), 2, 1), 68_883_240),
    ],
)
def test_parameters_are_those_of_the_papers(make, counted, total):
    assert parameters(on_meta(make)) == counted == total


def test_rounded_they_are_the_papers_figures():
    """Table 1 of the ResNeXt paper fits without normalisation, Table 8 of WRN with."""
    for make, millions in ((resnets.resnet50, 25.5), (resnexts.resnext50_32x4d, 25.0)):
        network = on_meta(make)
        norms = [m for m in network.modules() if isinstance(m, nn.BatchNorm2d)]
        without = parameters(network) - sum(parameters(norm) for norm in norms)
        assert round(without / 1e6, 1) == millions
    wide = parameters(on_meta(resnexts.wide_resnet50_2))
    assert round(wide / 1e6, 1) == 68.9


def test_the_two_differ_only_in_the_groups():
    grouped, wide = (
        dict(on_meta(make).named_parameters())
        for make in (resnexts.resnext50_32x4d, resnexts.wide_resnet50_2)
    )
    assert list(grouped) == list(wide)
    for name, weight in grouped.items():
        times = 32 if re.search(r"layer\d.\d.conv2", name) else 1
        assert wide[name].numel() == times * weight.numel(), name


def test_a_grouped_block_is_its_paths_added():
    """Figure 3 of the ResNeXt paper: a and c are equal."""
    block = with_weights(resnexts.Bottleneck32x4d, 256, 64)
    maps = seeded_images((1, 256, 5, 5))
    with torch.inference_mode():
        inside = torch.relu(block.bn1(block.conv1(maps)))
        total = torch.zeros_like(maps)
        for path in range(32):
            own = slice(4 * path, 4 * path + 4)
            filters, widening = block.conv2.weight[own], block.conv3.weight[:, own]
            seen = nn.functional.conv2d(inside[:, own], filters, padding=1)
            norm = block.bn2
            seen = nn.functional.batch_norm(
                seen,
                norm.running_mean[own],
                norm.running_var[own],
                norm.weight[own],
                norm.bias[own],
            )
            total += nn.functional.conv2d(torch.relu(seen), widening)
        expected = torch.relu(block.bn3(total) + maps)
        torch.testing.assert_close(block(maps), expected, rtol=1e-4, atol=1e-4)


def test_wide_resnets_for_cifar_are_those_of_table_4():
    """In millions; the last is in Table 4, too."""
    paper = {(40, 1): 0.6, (40, 2): 2.2, (40, 4): 8.9, (40, 8): 35.7, (28, 10): 36.5}
    for (depth, k), millions in paper.items():
        assert round(wider.parameters(depth, k) / 1e6, 1) == millions


@each("make", BUILDERS)
def test_images_and_classes(make):
    images = torch.empty(2, 3, 65, 65, device="meta")
    assert on_meta(make)(images).shape == (2, 1000)
    assert on_meta(make, num_classes=10)(images).shape == (2, 10)


def test_sections_run_on_a_page():
    page = {}
    for file, names in (
        ("resnet", ["imports", "shortcut", "basic_block", "bottleneck", "resnet"]),
        ("resnext", ["bottlenecks", "builders"]),
    ):
        path = Path(resnexts.__file__).with_name(f"{file}.py")
        text = path.read_text(encoding="utf-8")
        for name in names:
            marked = rf"(?ms)^# --8<-- \[start:{name}\]\n(.*)^# --8<-- \[end:{name}\]\n"
            exec(re.search(marked, text)[1], page)
    assert isinstance(on_meta(page["resnext50_32x4d"]), nn.Module)
