"""The RepVGGs of snippets/models are those of the paper, before and after fusing."""

import ast
from itertools import pairwise

import pytest
import torch
from building import each, on_meta, parameters, with_weights
from seeded_weights import seeded_images
from torch import nn

from measure.cache import SNIPPETS
from measure.snippets import names_in
from models import repvgg as repvggs
from models.repvgg import ThreeBranches, fuse

A, B = repvggs.A, repvggs.B
# Depths, a and b of the paper's Tables 2 and 3, and millions of parameters that the
# README of mmpretrain gives for training and for use.
SIZES = {
    repvggs.repvgg_a0: (A, 0.75, 2.5, 9.11, 8.31),
    repvggs.repvgg_a1: (A, 1, 2.5, 14.09, 12.79),
    repvggs.repvgg_a2: (A, 1.5, 2.75, 28.21, 25.5),
    repvggs.repvgg_b0: (B, 1, 2.5, 15.82, 14.34),
    repvggs.repvgg_b1: (B, 2, 4, 57.42, 51.83),
    repvggs.repvgg_b2: (B, 2.5, 5, 89.02, 80.32),
    repvggs.repvgg_b3: (B, 3, 5, 123.09, 110.96),
}


def counted(depths, a, b):
    """Parameters in training and in use, from the widths alone."""
    stages = zip((64 * a, 128 * a, 256 * a, 512 * b), depths, strict=True)
    widths = [3, min(64, 64 * a)]
    for width, depth in stages:
        widths += [width] * depth
    strides = [2, *(2 if i == 0 else 1 for depth in depths for i in range(depth))]
    training = fused = 0
    for (seen, made), stride in zip(pairwise(widths), strides, strict=True):
        norms = 3 if seen == made and stride == 1 else 2
        training += (9 + 1) * seen * made + norms * 2 * made
        fused += 9 * seen * made + made
    dense = widths[-1] * 1000 + 1000
    return training + dense, fused + dense


@each("make", SIZES)
def test_the_parameters_are_published_ones(make):
    depths, a, b, training, used = SIZES[make]
    network = on_meta(make)
    both = parameters(network), parameters(fuse(network))
    assert both == counted(depths, a, b)
    assert [round(count / 1e6, 2) for count in both] == [training, used]


def test_fusing_saves_less_than_a_tenth():
    a0, b1 = (on_meta(make) for make in (repvggs.repvgg_a0, repvggs.repvgg_b1))
    assert (parameters(a0), parameters(fuse(a0))) == (9_108_968, 8_309_384)
    assert (parameters(b1), parameters(fuse(b1))) == (57_415_016, 51_829_480)


@pytest.mark.parametrize(
    ("seen", "made", "stride", "norms"), [(8, 8, 1, 3), (8, 8, 2, 2), (8, 12, 1, 2)]
)
def test_a_fused_block_is_one_convolution_with_the_same_outputs(
    seen, made, stride, norms
):
    block = with_weights(ThreeBranches, seen, made, stride).double()
    assert sum(isinstance(m, nn.BatchNorm2d) for m in block.modules()) == norms
    fused = block.fused()
    assert [type(m) for m in fused] == [nn.Conv2d, nn.ReLU]
    for side in (7, 8):
        maps = seeded_images((2, seen, side, side)).double()
        with torch.inference_mode():
            expected = block(maps)
            torch.testing.assert_close(fused(maps), expected, rtol=1e-9, atol=1e-9)
        assert expected.max() > 0


def test_a_fused_network_gives_the_same_and_the_trained_one_stays():
    network = with_weights(repvggs.RepVGG, (2, 1, 2, 1), 0.25, 0.25).train()
    fused = fuse(network)
    assert network.training
    assert not fused.training
    assert not any(isinstance(m, nn.BatchNorm2d) for m in fused.modules())
    assert any(isinstance(m, nn.BatchNorm2d) for m in network.modules())
    images = seeded_images((2, 3, 64, 64)).double()
    with torch.inference_mode():
        expected = network.double().eval()(images)
        given = fused.double()(images)
    # float32 weights were folded, so as exact as float32 is
    torch.testing.assert_close(given, expected, rtol=1e-4, atol=1e-4)


def test_a_block_inside_another_network_is_fused():
    network = nn.Sequential(nn.Sequential(ThreeBranches(3, 4)), nn.Flatten())
    kinds = [type(m).__name__ for m in fuse(network).modules()]
    assert "FusedBlock" in kinds
    assert "ThreeBranches" not in kinds


def test_folding_multiplies_and_adds_what_normalisation_would():
    norm = with_weights(nn.BatchNorm2d, 5).double()
    kernel = seeded_images((5, 3, 3, 3)).double()
    maps = seeded_images((2, 3, 6, 6), seed=2).double()
    folded, bias = repvggs.fold(kernel, norm)
    expected = norm(nn.functional.conv2d(maps, kernel))
    torch.testing.assert_close(nn.functional.conv2d(maps, folded, bias), expected)


def test_the_tricks_fold_as_the_network_does():
    trick = names_in(str(SNIPPETS / "tricks" / "fold_norm.py"))
    kernel, bias = repvggs.fold(trick["conv"].weight, trick["norm"])
    exact = {"rtol": 1e-6, "atol": 1e-7}
    torch.testing.assert_close(trick["folded"].weight, kernel, **exact)
    torch.testing.assert_close(trick["folded"].bias, bias, **exact)
    fold = names_in(str(SNIPPETS / "tricks" / "three_branches.py"))["fold"]
    given = trick["conv"].weight, trick["norm"]
    torch.testing.assert_close(fold(*given), repvggs.fold(*given), **exact)


def test_two_tricks_are_about_the_same_block():
    blocks = []
    for trick in ("three_branches", "peak_memory"):
        tree = ast.parse((SNIPPETS / "tricks" / f"{trick}.py").read_text())
        classes = {n.name: n for n in tree.body if isinstance(n, ast.ClassDef)}
        blocks.append(ast.unparse(classes["Branches"]))
    assert blocks[0] == blocks[1]


@pytest.mark.parametrize(
    "make", [repvggs.repvgg_a0_fused, repvggs.repvgg_b0_fused, repvggs.repvgg_b1_fused]
)
def test_a_fused_builder_is_a_plain_stack(make):
    kinds = {type(m).__name__ for m in on_meta(make).modules()}
    plain = {"RepVGG", "Sequential", "FusedBlock", "Conv2d", "ReLU"}
    assert kinds == plain | {"AdaptiveAvgPool2d", "Linear"}
