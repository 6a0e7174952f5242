"""The ShuffleNets of snippets/models are those of the papers."""

import re
from pathlib import Path

import pytest
import torch
from building import each, on_meta, parameters, with_weights
from seeded_weights import seeded_images
from torch import nn

from measure.record import measure
from models import shufflenet_v1 as v1
from models import shufflenet_v2 as v2

GROUPED = {
    1: v1.shufflenet_v1_g1,
    2: v1.shufflenet_v1_g2,
    3: v1.shufflenet_v1_g3,
    4: v1.shufflenet_v1_g4,
    8: v1.shufflenet_v1_g8,
}
SPLIT = {
    v2.shufflenet_v2_x0_5: (48, 96, 192),
    v2.shufflenet_v2_x1_0: (116, 232, 464),
    v2.shufflenet_v2_x1_5: (176, 352, 704),
    v2.shufflenet_v2_x2_0: (244, 488, 976),
}
OTHERS = [v1.shufflenet_v1_g8_ungrouped, v2.shufflenet_v2_x1_0_unsplit]
BUILDERS = [*GROUPED.values(), *SPLIT, *OTHERS]
groups = pytest.mark.parametrize("g", GROUPED)


def conv(kernel, seen, made, groups=1):
    """A convolution without bias, and a scale and a shift of its normalisation."""
    return kernel * kernel * seen // groups * made + 2 * made


STEM = conv(3, 3, 24)


def grouped(channels, g):
    """The parameters of Table 1 of the first paper."""
    count, seen = STEM, 24
    for number, depth in enumerate((4, 8, 4)):
        made, narrow = channels * 2**number, channels * 2**number // 4
        for unit in range(depth):
            first = 1 if number == unit == 0 else g
            branch = made if unit else made - seen
            count += conv(1, seen, narrow, first) + conv(3, narrow, narrow, narrow)
            count += conv(1, narrow, branch, g)
            seen = made
    return count + seen * 1000 + 1000


def split(channels, last):
    """The parameters of Table 5 of the second paper."""
    count, seen = STEM, 24
    for made, depth in zip(channels, (4, 8, 4), strict=True):
        half = made // 2
        one = conv(3, half, half, half) + conv(1, half, half)
        count += conv(3, seen, seen, seen) + conv(1, seen, half)
        count += conv(1, seen, half) + one
        count += (depth - 1) * (conv(1, half, half) + one)
        seen = made
    return count + conv(1, seen, last) + last * 1000 + 1000


def macs(make):
    return measure(on_meta(make), v1.INPUT)["macs"]


# The first


@pytest.mark.parametrize(
    ("g", "total"),
    [(1, 1_531_936), (2, 1_733_848), (3, 1_865_728), (4, 1_968_344), (8, 2_434_768)],
)
def test_v1_has_the_parameters_of_table_1(g, total):
    made = on_meta(GROUPED[g])
    assert parameters(made) == grouped(v1.CHANNELS[g], g) == total


@pytest.mark.parametrize(
    ("g", "millions"), [(1, 143), (2, 140), (3, 137), (4, 133), (8, 137)]
)
def test_v1_has_the_complexity_of_table_1_in_its_convolutions(g, millions):
    dense = 4 * v1.CHANNELS[g] * 1000
    assert round((macs(GROUPED[g]) - dense) / 1e6) == millions


def test_v1_has_the_maps_of_table_1():
    made = on_meta(v1.shufflenet_v1_g3)
    maps = made.maxpool(made.conv1(torch.empty(v1.INPUT, device="meta")))
    assert maps.shape[1:] == (24, 56, 56)
    for stage, side in (("stage2", 28), ("stage3", 14), ("stage4", 7)):
        maps = getattr(made, stage)(maps)
        assert maps.shape[1:] == (240 * 28 // side, side, side)


def test_what_grows_with_the_groups_is_the_dense_layer():
    few, many = (on_meta(GROUPED[g]) for g in (1, 8))
    assert parameters(many) > parameters(few)
    rest = [parameters(made) - parameters(made.fc) for made in (few, many)]
    assert rest[1] < rest[0]


@groups
def test_without_the_shuffle_groups_stay_apart(g):
    """Section 3.1 and Figure 1 of the first paper."""
    channels = v1.CHANNELS[g]
    narrow = channels // 4
    one = nn.Conv2d(channels, narrow, 1, groups=g, bias=False)
    two = nn.Conv2d(narrow, channels, 1, groups=g, bias=False)
    unit = v1.ShuffleUnit(channels, channels, g)

    def seen(*layers):
        maps = torch.ones(1, channels, 1, 1, requires_grad=True)
        nn.Sequential(*layers)(maps)[0, 0].sum().backward()
        return (maps.grad != 0).sum().item()

    assert seen(one, two) == channels // g
    assert seen(one, unit.shuffle, two) == channels


def test_the_first_unit_reads_all_channels_and_only_a_shuffle_needs_groups():
    made = on_meta(v1.shufflenet_v1_g3)
    assert made.stage2[0].conv1.groups == 1
    assert made.stage2[1].conv1.groups == made.stage3[0].conv1.groups == 3
    assert made.stage2[0].conv3.groups == 3
    alone = on_meta(v1.shufflenet_v1_g1)
    assert not any(isinstance(m, nn.ChannelShuffle) for m in alone.modules())


def test_a_unit_joins_its_input_where_it_halves_the_maps():
    unit = with_weights(v1.ShuffleUnit, 24, 48, 2, stride=2)
    maps = seeded_images((1, 24, 9, 9))
    with torch.inference_mode():
        made = unit(maps)
        pooled = torch.relu(nn.functional.avg_pool2d(maps, 3, stride=2, padding=1))
    assert made.shape == (1, 48, 5, 5)
    torch.testing.assert_close(made[:, :24], pooled)
    plain = with_weights(v1.ShuffleUnit, 48, 48, 2)
    nn.init.zeros_(plain.norm3.weight)
    nn.init.zeros_(plain.norm3.bias)
    with torch.inference_mode():
        torch.testing.assert_close(plain(made), made)


def test_ungrouped_it_is_wider_and_larger():
    made = on_meta(v1.shufflenet_v1_g8_ungrouped)
    assert parameters(made) == grouped(384, 1) == 8_206_576


# The second


@pytest.mark.parametrize(
    ("make", "last", "total", "millions"),
    [
        (v2.shufflenet_v2_x0_5, 1024, 1_366_792, 1.4),
        (v2.shufflenet_v2_x1_0, 1024, 2_278_604, 2.3),
        (v2.shufflenet_v2_x1_5, 1024, 3_503_624, 3.5),
        (v2.shufflenet_v2_x2_0, 2048, 7_393_996, 7.4),
    ],
)
def test_v2_has_the_parameters_of_table_5(make, last, total, millions):
    assert parameters(on_meta(make)) == split(SPLIT[make], last) == total
    assert round(total / 1e6, 1) == millions


@pytest.mark.parametrize(
    ("make", "millions"),
    [
        (v2.shufflenet_v2_x1_0, 146),
        (v2.shufflenet_v2_x1_5, 299),
        (v2.shufflenet_v2_x2_0, 591),
    ],
)
def test_v2_has_the_flops_of_table_5_with_the_authors_first_unit(make, millions):
    """One branch of their first unit keeps 24 channels, the other makes all the rest.

    With torchvision's, whose branches make one half each, none of the three fits.
    """
    width = SPLIT[make][0]
    half = width // 2
    more = (half * (width - 24 - half) - 24 * (half - 24)) * 28 * 28
    assert round((macs(make) + more) / 1e6) == millions
    assert round(macs(make) / 1e6) != millions


def test_one_half_of_the_channels_passes_a_unit():
    unit = with_weights(v2.SplitUnit, 16, 16)
    maps = seeded_images((2, 16, 5, 5))
    with torch.inference_mode():
        made = unit(maps)
        torch.testing.assert_close(made[:, ::2], maps[:, :8])
        torch.testing.assert_close(made[:, 1::2], unit.branch2(maps[:, 8:]))


def test_unsplit_it_convolves_all_channels():
    made = on_meta(v2.shufflenet_v2_x1_0_unsplit)
    whole = on_meta(v2.shufflenet_v2_x1_0)
    expected = parameters(whole)
    for width, more in ((116, 3), (232, 7), (464, 3)):
        one, two = (2 * conv(1, c, c) + conv(3, c, c, c) for c in (width // 2, width))
        expected += more * (two - one)
    assert parameters(made) == expected == 3_898_370


@each("make", BUILDERS)
def test_images_and_classes(make):
    images = torch.empty(2, 3, 65, 65, device="meta")
    assert on_meta(make)(images).shape == (2, 1000)
    assert on_meta(make, num_classes=10)(images).shape == (2, 10)


@pytest.mark.parametrize(
    ("module", "names", "use"),
    [
        (v1, ["shuffle_unit", "shufflenet_v1", "builders"], "shufflenet_v1_g3"),
        (v2, ["split_unit", "shufflenet_v2", "builders"], "shufflenet_v2_x1_0"),
    ],
)
def test_sections_run_on_a_page(module, names, use):
    text = Path(module.__file__).read_text(encoding="utf-8")
    page = {}
    for name in ["imports", *names]:
        marked = rf"(?ms)^# --8<-- \[start:{name}\]\n(.*)^# --8<-- \[end:{name}\]\n"
        exec(re.search(marked, text)[1], page)
    assert isinstance(on_meta(page[use]), nn.Module)
