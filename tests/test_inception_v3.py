"""Inception v3 and BN-Inception are the published ones; kernels split or in full."""

import re
from pathlib import Path

import pytest
import torch
from building import each, on_meta, parameters, with_weights
from seeded_weights import seeded_images
from torch import nn

from models import bn_inception as bns
from models import googlenet as googlenets
from models import inception_v3 as inceptions
from models.inception_v3 import Layer

BUILDERS = [inceptions.inception_v3, inceptions.inception_v3_full_kernels]
BN_BUILDERS = [bns.bn_inception, bns.bn_inception_full_kernels]

# Figure 5 of Ioffe and Szegedy: the input, #1x1, #3x3 reduce, #3x3, double #3x3
# reduce, double #3x3, pool proj.
FIGURE_5 = [
    (192, 64, 64, 64, 64, 96, 32),
    (256, 64, 64, 96, 64, 96, 64),
    (320, 0, 128, 160, 64, 96, 0),
    (576, 224, 64, 96, 96, 128, 128),
    (576, 192, 96, 128, 96, 128, 128),
    (576, 160, 128, 160, 128, 160, 128),
    (608, 96, 128, 192, 160, 192, 128),
    (608, 0, 128, 192, 192, 256, 0),
    (1056, 352, 192, 320, 160, 224, 128),
    (1024, 352, 192, 320, 192, 224, 128),
]


def images(side, count=1):
    return torch.empty(count, 3, side, side, device="meta")


def layer(seen, made, kernel):
    """The parameters of a convolution and of its batch normalisation."""
    return kernel * seen * made + 2 * made


# Parameters


def test_inception_v3_has_the_parameters_that_are_published():
    head = layer(768, 128, 1) + layer(128, 768, 25) + 768 * 1000 + 1000
    model = on_meta(inceptions.inception_v3)
    bare = on_meta(inceptions.inception_v3, aux_logits=False)
    assert parameters(model.AuxLogits) == head == 3_326_696
    assert parameters(bare) == parameters(model) - head == 23_834_568


def test_a_17x17_module_by_hand():
    seen, width = 768, 160
    counted = (
        layer(seen, 192, 1)
        + (layer(seen, width, 1) + layer(width, width, 7) + layer(width, 192, 7))
        + layer(seen, width, 1)
        + (3 * layer(width, width, 7) + layer(width, 192, 7))
        + layer(seen, 192, 1)
    )
    assert parameters(on_meta(inceptions.inception_v3).Mixed_6c) == counted


def test_full_kernels_add_what_the_pairs_left_out():
    """7x7 for 1x7 and 7x1, 3x3 for 1x3 beside 3x1, 5x5 for two 3x3."""
    saved = 0
    for width in (128, 160, 160, 192):
        ends = 49 * width * 192 - 7 * (width * width + width * 192)
        inner = 49 * width * width - 2 * 7 * width * width
        saved += 2 * ends + inner - 2 * 3 * width  # and normalisations that go
    saved += 49 * 192 * 192 - 2 * 7 * 192 * 192 - 2 * 192
    saved += 2 * 2 * (9 * 384 * 768 - 2 * 3 * 384 * 384)
    saved += 4 * (25 * 64 * 96 - 9 * (64 * 96 + 96 * 96) - 2 * 96)
    published, full = (parameters(on_meta(make)) for make in BUILDERS)
    assert full - published == saved == 20_939_904


def test_bn_inception_has_the_parameters_of_figure_5():
    counted = (
        (7 * 7 * 3 * 8 + layer(24, 64, 1))
        + (layer(64, 64, 1) + layer(64, 192, 9))
        + (1024 * 1000 + 1000)
    )
    smaller = 0
    for seen, n1, reduce, n3, reduce2, double, projection in FIGURE_5:
        counted += layer(seen, n1, 1) + layer(seen, projection, 1)
        counted += layer(seen, reduce, 1) + layer(reduce, n3, 9)
        counted += layer(seen, reduce2, 1) + layer(reduce2, double, 9)
        counted += layer(double, double, 9)
        smaller += 25 * reduce2 * double - 9 * (reduce2 + double) * double - 2 * double
    model, full = (on_meta(make) for make in BN_BUILDERS)
    assert parameters(model) == counted == 11_278_528
    assert parameters(full) == counted + smaller == 12_231_744


def test_ports_of_bn_inception_have_biases_and_a_plain_first_convolution():
    model = on_meta(bns.bn_inception)
    convolutions = [m for m in model.modules() if isinstance(m, nn.Conv2d)]
    biases = sum(m.out_channels for m in convolutions if m.groups == 1)
    plain = 7 * 7 * 3 * 64 - (7 * 7 * 3 * 8 + 24 * 64)
    assert parameters(model) + plain + biases == 11_295_240


# Layers


@each("make", BUILDERS + BN_BUILDERS)
def test_every_convolution_leaves_its_bias_to_a_batch_norm(make):
    for module in on_meta(make).modules():
        if isinstance(module, nn.Conv2d):
            assert module.bias is None
        if isinstance(module, inceptions.ConvBlock):
            assert module.bn.num_features == module.conv.out_channels
            assert module.bn.eps == 0.001


def kernels(model):
    return {m.kernel_size for m in model.modules() if isinstance(m, nn.Conv2d)}


def test_kernels_are_split_or_whole():
    split, whole = (on_meta(make, aux_logits=False) for make in BUILDERS)
    both = {(1, 1), (3, 3), (5, 5)}
    assert kernels(split) == both | {(1, 7), (7, 1), (1, 3), (3, 1)}
    assert kernels(whole) == both | {(7, 7)}
    split, whole = (on_meta(make) for make in BN_BUILDERS)
    assert kernels(split) == {(1, 1), (3, 3), (7, 7)}
    assert kernels(whole) == {(1, 1), (3, 3), (5, 5), (7, 7)}


def test_three_modules_have_a_5x5_all_the_same():
    model = on_meta(inceptions.inception_v3, aux_logits=False)
    fives = [m for m in model.modules() if getattr(m, "kernel_size", 0) == (5, 5)]
    assert [(m.in_channels, m.out_channels) for m in fives] == [(48, 64)] * 3


def test_in_full_merges_only_what_belongs_together():
    one, across, down = Layer(8, 1, 1), Layer(6, 1, 7), Layer(5, 7, 1)
    full = inceptions.in_full
    assert full([one, across, down]) == [one, Layer(5, 7, 7)]
    assert full([one, down, across, down, across]) == [one] + 2 * [Layer(6, 7, 7)]
    assert full([one, Layer(6, 3, 3), Layer(5, 3, 3)]) == [one, Layer(5, 5, 5)]
    assert full([one, (Layer(4, 1, 3), Layer(4, 3, 1))]) == [one, Layer(8, 3, 3)]
    alone = [one, Layer(6, 3, 3)]
    assert full(alone) == alone
    then = [one, across, down, Layer(4, 3, 3)]
    assert full(then) == [one, Layer(5, 7, 7), Layer(4, 3, 3)]
    deep = [one, Layer(4, 3, 3), (Layer(4, 1, 3), Layer(4, 3, 1))]
    assert full(deep) == [one, Layer(4, 3, 3), Layer(8, 3, 3)]
    assert inceptions.as_published(then) == then


def test_branches_are_joined_in_their_order():
    pair = (Layer(2, 1, 3), Layer(3, 3, 1))
    branches = {"a": [Layer(4, 1, 1)], "b": [Layer(5, 1, 1), pair]}
    module = with_weights(inceptions.InceptionModule, 6, branches, projection=7)
    maps = seeded_images((1, 6, 5, 5))
    with torch.inference_mode():
        seen = module.b_1(maps)
        parts = [module.a(maps), module.b_2a(seen), module.b_2b(seen)]
        parts.append(module.branch_pool(nn.functional.avg_pool2d(maps, 3, 1, 1)))
        torch.testing.assert_close(module(maps), torch.cat(parts, dim=1))
    assert module.out_channels == 4 + 2 + 3 + 7


def test_a_module_that_halves_passes_its_input_on():
    branches = {"a": [Layer(4, 1, 1), Layer(5, 3, 3)]}
    options = {"pool": nn.MaxPool2d, "stride": 2}
    for trim, side in ((1, 3), (0, 4)):
        module = with_weights(
            inceptions.InceptionModule, 6, branches, **options, trim=trim
        )
        maps = seeded_images((1, 6, 7, 7))
        with torch.inference_mode():
            made = module(maps)
            pooled = nn.functional.max_pool2d(maps, 3, 2, 1 - trim)
        assert made.shape == (1, 11, side, side)
        torch.testing.assert_close(made[:, 5:], pooled)


# Shapes


@each("make", BUILDERS)
def test_inception_v3_has_the_maps_of_table_1(make):
    model = on_meta(make)
    shapes = {}
    for name, module in model.named_children():
        module.register_forward_hook(
            lambda _, __, maps, name=name: shapes.update({name: tuple(maps.shape[1:])})
        )
    model(torch.empty(inceptions.INPUT, device="meta"))
    assert shapes["Conv2d_1a_3x3"] == (32, 149, 149)
    assert shapes["Conv2d_2b_3x3"] == (64, 147, 147)
    assert shapes["maxpool2"] == (192, 35, 35)
    assert shapes["Mixed_5d"] == (288, 35, 35)
    assert shapes["Mixed_6a"] == shapes["Mixed_6e"] == (768, 17, 17)
    assert shapes["Mixed_7a"] == (1280, 8, 8)
    assert shapes["Mixed_7c"] == (2048, 8, 8)


@each("make", BN_BUILDERS)
def test_bn_inception_has_the_maps_of_figure_5(make):
    maps = torch.empty(bns.INPUT, device="meta")
    shapes = {}
    for name, module in on_meta(make).features.named_children():
        maps = module(maps)
        shapes[name] = tuple(maps.shape[1:])
    assert shapes["conv1"] == (64, 112, 112)
    assert shapes["pool2"] == (192, 28, 28)
    assert shapes["inception3b"] == (320, 28, 28)
    assert shapes["inception3c"] == shapes["inception4b"] == (576, 14, 14)
    assert shapes["inception5b"] == (1024, 7, 7)


@each("make", BUILDERS)
def test_smallest_images(make):
    model = on_meta(make)
    assert model(images(75)).shape == (1, 1000)
    with pytest.raises(RuntimeError):
        model(images(74))


# The auxiliary head


@each("make", BUILDERS)
def test_the_head_reads_the_last_17x17_maps_in_training(make):
    model = on_meta(make, num_classes=10).train()
    made, seen = [], []
    model.Mixed_6e.register_forward_hook(lambda _, __, maps: made.append(maps))
    model.AuxLogits.register_forward_pre_hook(lambda _, given: seen.extend(given))
    answer = model(images(299, count=2))
    assert isinstance(answer, inceptions.InceptionOutputs)
    assert answer.logits.shape == answer.aux_logits.shape == (2, 10)
    assert seen[0] is made[0]
    assert model.eval()(images(299, count=2)).shape == (2, 10)
    assert len(seen) == 1


def test_without_a_head_training_gives_logits_alone():
    model = on_meta(inceptions.inception_v3, aux_logits=False).train()
    assert model(images(299, count=2)).shape == (2, 1000)
    assert not [name for name in model.state_dict() if name.startswith("Aux")]


def test_the_head_needs_maps_of_17x17():
    model = on_meta(inceptions.inception_v3).train()
    model(images(299, count=2))
    with pytest.raises(RuntimeError):
        model(images(298, count=2))


def test_transform_input_changes_the_images_and_nothing_else():
    plain = with_weights(inceptions.inception_v3, aux_logits=False)
    transforming = with_weights(
        inceptions.inception_v3, aux_logits=False, transform_input=True
    )
    normalised = seeded_images((1, 3, 75, 75))
    with torch.inference_mode():
        expected = plain(googlenets.to_symmetric(normalised))
        torch.testing.assert_close(transforming(normalised), expected)
        assert not torch.allclose(plain(normalised), expected)


# The pages


COMMON = (inceptions, "conv module branches full_kernels")
ON_PAGES = {
    "inception_v3(transform_input=True)": [
        (inceptions, "imports"),
        COMMON,
        (googlenets, "to_symmetric"),
        (inceptions, "inception_v3 builders"),
    ],
    "bn_inception_full_kernels()": [
        (inceptions, "imports"),
        (bns, "imports"),
        COMMON,
        (bns, "bn_inception builders"),
    ],
}


@pytest.mark.parametrize("use", ON_PAGES)
def test_sections_run_on_a_page(use):
    marked = r"(?ms)^# --8<-- \[start:{0}\]\n(.*)^# --8<-- \[end:{0}\]\n"
    page = {}
    for module, names in ON_PAGES[use]:
        text = Path(module.__file__).read_text(encoding="utf-8")
        for name in names.split():
            exec(re.search(marked.format(name), text)[1], page)
    assert isinstance(on_meta(lambda: eval(use, page)), nn.Module)
