"""The ConvNeXt of snippets/models is the one of the paper, and its kernels are few."""

from itertools import pairwise

import pytest
import torch
from building import on_meta, parameters, with_weights
from seeded_weights import seeded_images
from torch import nn
from torch.nn import functional

from draw import graph
from measure.record import measure
from models import convnext as nets

# Liu et al. (2022), section 3: channels and blocks of each stage of ConvNeXt-T.
STAGES = ((96, 3), (192, 3), (384, 9), (768, 3))


def kind(model, group):
    return [m for m in model.modules() if isinstance(m, group)]


def test_parameters_are_those_of_the_paper():
    first = 4 * 4 * 3 * 96 + 96 + 2 * 96
    blocks = sum(
        depth * ((7 * 7 * c + c) + 2 * c + (4 * c * c + 4 * c) + (4 * c * c + c) + c)
        for c, depth in STAGES
    )
    between = sum(
        2 * seen + 2 * 2 * seen * made + made
        for (seen, _), (made, _) in pairwise(STAGES)
    )
    last = 2 * 768 + 768 * 1000 + 1000
    count = parameters(on_meta(nets.convnext_tiny))
    assert count == first + blocks + between + last == 28_589_128
    assert round(count / 1e6) == 29  # Table 1
    assert int(count / 1e6) == 28  # the authors' README.md


def test_the_papers_flops_are_macs():
    macs = measure(on_meta(nets.convnext_tiny), nets.INPUT)["macs"]
    assert round(macs / 1e9, 1) == 4.5  # Table 1


def test_all_kernels_are_a_hundredth_of_the_weights():
    model = on_meta(nets.convnext_tiny)
    depthwise = [m for m in kind(model, nn.Conv2d) if m.groups > 1]
    assert [m.kernel_size for m in depthwise] == 18 * [(7, 7)]
    assert all(m.groups == m.in_channels for m in depthwise)
    weights = sum(m.weight.numel() for m in depthwise)
    assert weights == 49 * sum(c * depth for c, depth in STAGES) == 324_576
    assert weights / parameters(model) == pytest.approx(0.011, abs=5e-4)


def test_kernels_without_the_trick():
    model, small, full = map(
        on_meta,
        (
            nets.convnext_tiny,
            nets.convnext_tiny_3x3,
            nets.convnext_tiny_full_convolutions,
        ),
    )
    channels = sum(c * depth for c, depth in STAGES)
    assert parameters(model) - parameters(small) == (49 - 9) * channels
    squares = sum(depth * c * (c - 1) for c, depth in STAGES)
    assert parameters(full) - parameters(model) == 49 * squares
    assert {m.groups for m in kind(full, nn.Conv2d)} == {1}


def test_a_count_by_class_calls_1x1_convolutions_dense():
    model = on_meta(nets.convnext_tiny)
    by_class = sum(map(parameters, kind(model, nn.Linear)))
    assert by_class / parameters(model) == pytest.approx(0.933, abs=5e-4)
    layers = measure(model, nets.INPUT)["layers"]
    linear = [layer for layer in layers if layer["kind"] == "Linear"]
    assert len(linear) == 2 * 18 + 1
    assert [graph.kind(layer) for layer in linear] == 36 * ["conv"] + ["dense"]
    dense = sum(x["params"] for x in linear if graph.kind(x) == "dense")
    assert dense == parameters(model.classifier[2]) == 769_000


@pytest.mark.parametrize(
    ("make", "kernel"), [(nets.convnext_tiny, 7), (nets.convnext_tiny_3x3, 3)]
)
def test_the_receptive_field_grows_by_the_kernels(make, kernel):
    layers = measure(on_meta(make), nets.INPUT)["layers"]
    last = [layer for layer in layers if layer["path"].startswith("features.7")][-1]
    field, jump = 4, 4
    for stage, (_, depth) in enumerate(STAGES):
        if stage:
            field, jump = field + jump, 2 * jump
        field += depth * (kernel - 1) * jump
    assert last["field"]["extent"] == [field, field]


def test_a_block_is_depthwise_then_1x1_by_1x1():
    block = with_weights(nets.ConvNeXtBlock, 16)
    kernel, _, norm, widen, _, narrow, _ = block.block
    maps = seeded_images((2, 16, 9, 9))
    with torch.inference_mode():
        filtered = kernel(maps)
        mean = filtered.mean(dim=1, keepdim=True)
        spread = filtered.var(dim=1, keepdim=True, correction=0)
        normed = (filtered - mean) / (spread + 1e-6).sqrt()
        normed = normed * norm.weight[:, None, None] + norm.bias[:, None, None]
        wide = functional.conv2d(normed, widen.weight[:, :, None, None], widen.bias)
        made = functional.conv2d(
            functional.gelu(wide), narrow.weight[:, :, None, None], narrow.bias
        )
        expected = maps + block.layer_scale * made
        torch.testing.assert_close(block(maps), expected)


def test_layer_scale_starts_small_and_blocks_are_left_out_more_often_the_deeper():
    blocks = kind(nets.convnext_tiny(), nets.ConvNeXtBlock)
    assert all((block.layer_scale == 1e-6).all() for block in blocks)
    shares = [block.stochastic_depth.share for block in blocks]
    assert shares == pytest.approx([0.1 * number / 17 for number in range(18)])


def test_a_norm_of_maps_normalises_each_place():
    norm = nets.LayerNorm2d(8, eps=1e-6)
    maps = seeded_images((2, 8, 5, 6))
    made = norm(maps)
    assert made.shape == maps.shape
    torch.testing.assert_close(made.mean(dim=1), torch.zeros(2, 5, 6))
    spread = made.var(dim=1, correction=0)
    torch.testing.assert_close(spread, torch.ones(2, 5, 6), rtol=0, atol=1e-3)
