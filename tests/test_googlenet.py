"""GoogLeNet is the paper's, and without its reductions costs what the text says."""

import pytest
import torch
from building import each, on_meta, parameters, with_weights
from seeded_weights import seeded_images
from torch import Tensor, nn

from models import googlenet as googlenets

BUILDERS = [
    googlenets.googlenet,
    googlenets.googlenet_2014,
    googlenets.googlenet_2014_without_reduction,
    googlenets.googlenet_2014_naive_chain,
]
MODULES = [
    googlenets.Inception,
    googlenets.NaiveInception,
    googlenets.ProjectedInception,
]

# Table 1 once more: the input, #1x1, #3x3 reduce, #3x3, #5x5 reduce, #5x5, pool proj.
TABLE_1 = [
    (192, 64, 96, 128, 16, 32, 32),
    (256, 128, 128, 192, 32, 96, 64),
    (480, 192, 96, 208, 16, 48, 64),
    (512, 160, 112, 224, 24, 64, 64),
    (512, 128, 128, 256, 24, 64, 64),
    (512, 112, 144, 288, 32, 64, 64),
    (528, 256, 160, 320, 32, 128, 128),
    (832, 256, 160, 320, 32, 128, 128),
    (832, 384, 192, 384, 48, 128, 128),
]
STEM = (7 * 7 * 3 * 64 + 64) + (64 * 64 + 64) + (3 * 3 * 64 * 192 + 192)
DENSE = 1024 * 1000 + 1000


def images(side, count=1):
    return torch.empty(count, 3, side, side, device="meta")


def nine_modules(model):
    return [getattr(model, name) for name in googlenets.WIDTHS]


# Parameters


def test_googlenet_2014_has_the_parameters_of_table_1():
    modules = sum(
        (seen * n1 + n1)
        + (seen * reduce3 + reduce3)
        + (3 * 3 * reduce3 * n3 + n3)
        + (seen * reduce5 + reduce5)
        + (5 * 5 * reduce5 * n5 + n5)
        + (seen * projection + projection)
        for seen, n1, reduce3, n3, reduce5, n5, projection in TABLE_1
    )
    model = on_meta(googlenets.googlenet_2014)
    assert sum(map(parameters, nine_modules(model))) == modules == 5_849_136
    assert parameters(model) == STEM + modules + DENSE == 6_998_552


def test_one_inception_module_by_hand():
    counted = (
        (192 * 64 + 64)
        + (192 * 96 + 96)
        + (3 * 3 * 96 * 128 + 128)
        + (192 * 16 + 16)
        + (5 * 5 * 16 * 32 + 32)
        + (192 * 32 + 32)
    )
    model = on_meta(googlenets.googlenet_2014)
    assert parameters(model.inception3a) == counted == 163_696


def test_heads_of_googlenet_2014_are_nearly_as_large_as_the_network():
    head1 = (512 * 128 + 128) + (4 * 4 * 128 * 1024 + 1024) + (1024 * 1000 + 1000)
    head2 = (528 * 128 + 128) + (4 * 4 * 128 * 1024 + 1024) + (1024 * 1000 + 1000)
    model = on_meta(googlenets.googlenet_2014, aux_logits=True)
    assert parameters(model.aux1) == head1 == 3_188_840
    assert parameters(model.aux2) == head2 == 3_190_888
    assert parameters(model) == 6_998_552 + head1 + head2 == 13_378_280


def test_googlenet_has_3x3_kernels_for_5x5_and_two_numbers_a_channel_for_a_bias():
    stem = (7 * 7 * 3 * 64 + 2 * 64) + (64 * 64 + 2 * 64) + (3 * 3 * 64 * 192 + 2 * 192)
    modules = sum(
        (seen * n1 + 2 * n1)
        + (seen * reduce3 + 2 * reduce3)
        + (3 * 3 * reduce3 * n3 + 2 * n3)
        + (seen * reduce5 + 2 * reduce5)
        + (3 * 3 * reduce5 * n5 + 2 * n5)
        + (seen * projection + 2 * projection)
        for seen, n1, reduce3, n3, reduce5, n5, projection in TABLE_1
    )
    heads = sum(
        (seen * 128 + 2 * 128) + (4 * 4 * 128 * 1024 + 1024) + (1024 * 1000 + 1000)
        for seen in (512, 528)
    )
    bare = on_meta(googlenets.googlenet, aux_logits=False)
    assert parameters(bare) == stem + modules + DENSE == 6_624_904
    model = on_meta(googlenets.googlenet)
    assert parameters(model) == 6_624_904 + heads == 13_004_888


def test_without_reduction_every_kernel_sees_every_channel():
    modules = sum(
        (seen * n1 + n1)
        + (3 * 3 * seen * n3 + n3)
        + (5 * 5 * seen * n5 + n5)
        + (seen * projection + projection)
        for seen, n1, _, n3, _, n5, projection in TABLE_1
    )
    model = on_meta(googlenets.googlenet_2014_without_reduction)
    assert sum(map(parameters, nine_modules(model))) == modules == 24_156_528
    assert parameters(model) == STEM + modules + DENSE == 25_305_944
    assert round(modules / 5_849_136, 2) == 4.13


def test_a_naive_chain_makes_the_next_module_pay_for_what_it_passes_on():
    seen, modules = 192, 0
    for _, n1, _, n3, _, n5, _ in TABLE_1:
        modules += (
            (seen * n1 + n1) + (3 * 3 * seen * n3 + n3) + (5 * 5 * seen * n5 + n5)
        )
        seen += n1 + n3 + n5
    model = on_meta(googlenets.googlenet_2014_naive_chain)
    assert sum(map(parameters, nine_modules(model))) == modules == 92_456_592
    assert seen == 4944
    assert parameters(model) == STEM + modules + (4944 * 1000 + 1000) == 97_526_008
    assert round(modules / 5_849_136, 1) == 15.8


# The module


def test_inception_sets_its_four_branches_side_by_side():
    module = with_weights(googlenets.Inception, 6, (1, 5, 2, 5, 3, 4))
    maps = seeded_images((1, 6, 8, 8))
    with torch.inference_mode():
        n1x1, n3x3, n5x5, projection = module(maps).split([1, 2, 3, 4], dim=1)
        assert torch.equal(n1x1, module.branch1(maps))
        assert torch.equal(n3x3, module.branch2(maps))
        assert torch.equal(n5x5, module.branch3(maps))
        assert torch.equal(projection, module.branch4(maps))


@pytest.mark.parametrize(("large", "reach"), [(5, 2), (3, 1)])
def test_each_branch_of_inception_sees_as_far_as_its_kernel(large, reach):
    module = with_weights(googlenets.Inception, 4, (8, 8, 8, 8, 8, 8), large)
    reaches = [reach_of(branch) for branch in module.children()]
    assert reaches == [0, 1, reach, 1]


def reach_of(branch):
    """How far from the middle of 9x9 maps a change of the middle still shows."""
    maps = seeded_images((1, 4, 9, 9))
    changed = maps.clone()
    changed[..., 4, 4] += 10
    with torch.inference_mode():
        rows = (branch(maps) != branch(changed)).any(dim=3).any(dim=1)[0]
    return int((rows.nonzero() - 4).abs().max())


def test_a_naive_module_passes_the_pooled_input_on():
    module = with_weights(googlenets.NaiveInception, 6, (1, 0, 2, 0, 3, 0))
    maps = seeded_images((1, 6, 8, 8))
    with torch.inference_mode():
        made = module(maps)
    pooled = nn.functional.max_pool2d(maps, 3, stride=1, padding=1)
    assert made.shape == (1, 1 + 2 + 3 + 6, 8, 8)
    assert torch.equal(made[:, -6:], pooled)


def test_a_projected_module_has_the_published_width():
    module = on_meta(googlenets.ProjectedInception, 6, (1, 0, 2, 0, 3, 4))
    made = module(torch.empty(1, 6, 8, 8, device="meta"))
    assert made.shape == (1, 1 + 2 + 3 + 4, 8, 8)


@each("module", MODULES)
def test_a_module_says_how_wide_it_is(module):
    made = on_meta(module, 192, (64, 96, 128, 16, 32, 32))
    maps = made(torch.empty(1, 192, 28, 28, device="meta"))
    assert maps.shape[1] == made.out_channels


@each("module", MODULES)
def test_a_module_refuses_another_number_of_widths(module):
    with pytest.raises(ValueError):
        on_meta(module, 192, (64, 96, 128, 16, 32))


@pytest.mark.parametrize("batch_norm", [False, True])
def test_batch_normalisation_takes_the_place_of_the_biases(batch_norm):
    module = on_meta(
        googlenets.Inception, 192, (64, 96, 128, 16, 32, 32), batch_norm=batch_norm
    )
    convolutions = [m for m in module.modules() if isinstance(m, nn.Conv2d)]
    norms = [m for m in module.modules() if isinstance(m, nn.BatchNorm2d)]
    assert [m.bias is None for m in convolutions] == [batch_norm] * 6
    assert [m.eps for m in norms] == [0.001] * (6 if batch_norm else 0)


@pytest.mark.parametrize("batch_norm", [False, True])
def test_every_convolution_is_rectified(batch_norm):
    block = with_weights(googlenets.ConvBlock, 4, 8, 3, batch_norm=batch_norm)
    with torch.inference_mode():
        made = block(seeded_images((1, 4, 8, 8)))
    assert made.min() == 0 < made.max()


# The networks


def layers_called(model, side=224):
    """The layers that a forward pass calls, in order, and the shapes they give."""
    shapes = {}
    for name, layer in model.named_children():
        layer.register_forward_hook(
            lambda _, __, made, name=name: shapes.update({name: tuple(made.shape[1:])})
        )
    model(images(side))
    return list(shapes.items())


def test_googlenet_2014_has_the_layers_of_figure_3_and_the_maps_of_table_1():
    assert layers_called(on_meta(googlenets.googlenet_2014)) == [
        ("conv1", (64, 112, 112)),
        ("maxpool1", (64, 56, 56)),
        ("norm1", (64, 56, 56)),
        ("conv2", (64, 56, 56)),
        ("conv3", (192, 56, 56)),
        ("norm2", (192, 56, 56)),
        ("maxpool2", (192, 28, 28)),
        ("inception3a", (256, 28, 28)),
        ("inception3b", (480, 28, 28)),
        ("maxpool3", (480, 14, 14)),
        ("inception4a", (512, 14, 14)),
        ("inception4b", (512, 14, 14)),
        ("inception4c", (512, 14, 14)),
        ("inception4d", (528, 14, 14)),
        ("inception4e", (832, 14, 14)),
        ("maxpool4", (832, 7, 7)),
        ("inception5a", (832, 7, 7)),
        ("inception5b", (1024, 7, 7)),
        ("avgpool", (1024, 1, 1)),
        ("dropout", (1024,)),
        ("fc", (1000,)),
    ]


def test_googlenet_has_the_same_layers_but_no_local_response_norm():
    published = layers_called(on_meta(googlenets.googlenet_2014))
    expected = [layer for layer in published if not layer[0].startswith("norm")]
    assert layers_called(on_meta(googlenets.googlenet)) == expected


def test_without_reduction_the_modules_keep_their_widths():
    published = layers_called(on_meta(googlenets.googlenet_2014))
    model = on_meta(googlenets.googlenet_2014_without_reduction)
    assert layers_called(model) == published


def test_a_naive_chain_grows_by_the_filters_of_each_module():
    layers = layers_called(on_meta(googlenets.googlenet_2014_naive_chain))
    widths = [shape[0] for name, shape in layers if name.startswith("inception")]
    assert widths == [416, 832, 1280, 1728, 2176, 2640, 3344, 4048, 4944]


@pytest.mark.parametrize("name", ["norm1", "norm2"])
def test_local_response_norm_has_caffes_constants(name):
    k, n, alpha, beta = 1, 5, 1e-4, 0.75
    maps = 100 * seeded_images((1, 8, 2, 2))
    expected = torch.empty_like(maps)
    for i in range(8):
        near = maps[:, max(0, i - n // 2) : i + n // 2 + 1]
        expected[:, i] = maps[:, i] / (k + alpha / n * near.square().sum(1)) ** beta
    norm = on_meta(googlenets.googlenet_2014).get_submodule(name)
    torch.testing.assert_close(norm(maps), expected)


@pytest.mark.parametrize(
    ("make", "share"), [(googlenets.googlenet_2014, 0.4), (googlenets.googlenet, 0.2)]
)
def test_shares_that_are_dropped(make, share):
    model = on_meta(make, aux_logits=True)
    dropped = {n: m.p for n, m in model.named_modules() if isinstance(m, nn.Dropout)}
    assert dropped == {"dropout": share, "aux1.dropout": 0.7, "aux2.dropout": 0.7}


@each("make", BUILDERS)
def test_number_of_classes(make):
    assert on_meta(make)(images(224)).shape == (1, 1000)
    assert on_meta(make, num_classes=10)(images(224)).shape == (1, 10)


@pytest.mark.parametrize(
    ("make", "side"),
    [(googlenets.googlenet_2014, 31), (googlenets.googlenet, 15)],
)
def test_smallest_images(make, side):
    model = on_meta(make)
    assert model(images(side)).shape == (1, 1000)
    with pytest.raises(RuntimeError):
        model(images(side - 1))


# Auxiliary heads

WITH_HEADS = [googlenets.googlenet, googlenets.googlenet_2014]


@each("make", WITH_HEADS)
def test_heads_run_in_training_only(make):
    model = on_meta(make, num_classes=10, aux_logits=True)
    called = []
    for name in ("aux1", "aux2"):
        head = model.get_submodule(name)
        head.register_forward_hook(lambda *_, name=name: called.append(name))
    assert isinstance(model(images(224)), Tensor)
    assert called == []
    outputs = model.train()(images(224, count=2))
    assert called == ["aux1", "aux2"]
    assert outputs._fields == ("logits", "aux_logits2", "aux_logits1")
    assert [tuple(made.shape) for made in outputs] == [(2, 10)] * 3


@each("make", WITH_HEADS)
def test_each_head_fills_its_own_field(make):
    model = with_weights(make, num_classes=2, aux_logits=True).train()
    with torch.inference_mode():
        for value, last in enumerate([model.fc, model.aux1.fc2, model.aux2.fc2]):
            last.weight.zero_()
            last.bias.fill_(value)
        outputs = model(seeded_images((1, 3, 224, 224)))
    assert outputs.logits.unique().tolist() == [0]
    assert outputs.aux_logits1.unique().tolist() == [1]
    assert outputs.aux_logits2.unique().tolist() == [2]


def test_a_head_rectifies_what_its_last_layer_sees():
    head = with_weights(googlenets.Auxiliary, 6, 10, nn.AvgPool2d(5, stride=3))
    seen = []
    head.fc2.register_forward_pre_hook(lambda _, given: seen.extend(given))
    with torch.inference_mode():
        head(seeded_images((1, 6, 14, 14)))
    assert seen[0].shape == (1, 1024)
    assert seen[0].min() == 0 < seen[0].max()


@each("make", WITH_HEADS)
def test_heads_sit_on_4a_and_4d(make):
    model = on_meta(make, aux_logits=True).train()
    made, seen = {}, {}
    for name in ("inception4a", "inception4d"):
        model.get_submodule(name).register_forward_hook(
            lambda _, __, maps, name=name: made.update({name: maps})
        )
    for name in ("aux1", "aux2"):
        model.get_submodule(name).register_forward_pre_hook(
            lambda _, given, name=name: seen.update({name: given[0]})
        )
    model(images(224, count=2))
    assert seen["aux1"] is made["inception4a"]
    assert seen["aux2"] is made["inception4d"]


@each("make", WITH_HEADS)
def test_without_heads_training_gives_logits_alone(make):
    model = on_meta(make, num_classes=10, aux_logits=False).train()
    assert model(images(224, count=2)).shape == (2, 10)
    assert not [name for name in model.state_dict() if name.startswith("aux")]


@pytest.mark.parametrize("module", MODULES)
def test_heads_fit_whatever_module_the_network_is_made_of(module):
    model = on_meta(googlenets.GoogLeNet2014, aux_logits=True, module=module).train()
    assert [tuple(made.shape) for made in model(images(224))] == [(1, 1000)] * 3


@pytest.mark.parametrize(("side", "refused"), [(223, 222), (270, 271)])
def test_heads_of_googlenet_2014_take_images_of_about_224(side, refused):
    model = on_meta(googlenets.googlenet_2014, aux_logits=True).train()
    assert len(model(images(side))) == 3
    with pytest.raises(RuntimeError):
        model(images(refused))
    model.eval()(images(refused))


def test_heads_of_googlenet_take_images_of_any_size():
    model = on_meta(googlenets.googlenet).train()
    for side in (15, 300):
        assert len(model(images(side, count=2))) == 3


# The input of torchvision's weights

MEAN = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)
DEVIATION = torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)


@pytest.mark.parametrize(
    ("pixel", "expected"), [(0.0, -1.0), (0.25, -0.5), (0.5, 0.0), (1.0, 1.0)]
)
def test_normalised_pixels_are_brought_to_minus_one_to_one(pixel, expected):
    normalised = (torch.full((2, 3, 4, 4), pixel) - MEAN) / DEVIATION
    symmetric = googlenets.to_symmetric(normalised)
    torch.testing.assert_close(symmetric, torch.full((2, 3, 4, 4), expected))


def test_transform_input_changes_the_images_and_nothing_else():
    plain = with_weights(googlenets.googlenet, aux_logits=False)
    transforming = with_weights(
        googlenets.googlenet, aux_logits=False, transform_input=True
    )
    symmetric = seeded_images((1, 3, 64, 64))
    normalised = ((symmetric + 1) / 2 - MEAN) / DEVIATION
    with torch.inference_mode():
        expected = plain(symmetric)
        tolerance = 1e-5 * expected.abs().max().item()
        torch.testing.assert_close(
            transforming(normalised), expected, rtol=0, atol=tolerance
        )
        assert (plain(normalised) - expected).abs().max() > 1000 * tolerance
