"""The EfficientNets of snippets/models are those of the paper, scaled as it says."""

from math import ceil

import pytest
import torch
from building import on_meta, parameters, with_weights
from seeded_weights import seeded_images
from torch import nn

from measure.record import measure
from models import efficientnet as nets

# Of each network: depth, width, image and dropout, in the authors' published code
# (efficientnet_builder.py of tensorflow/tpu), and its blocks.
FACTORS = {
    "b0": (1.0, 1.0, 224, 0.2, 16),
    "b1": (1.1, 1.0, 240, 0.2, 23),
    "b2": (1.2, 1.1, 260, 0.3, 23),
    "b3": (1.4, 1.2, 300, 0.3, 26),
    "b4": (1.8, 1.4, 380, 0.4, 32),
    "b5": (2.2, 1.6, 456, 0.4, 39),
    "b6": (2.6, 1.8, 528, 0.5, 45),
    "b7": (3.1, 2.0, 600, 0.5, 55),
}
# Tan and Le (2019), Table 2: parameters in millions, and MACs in billions.
TABLE_2 = {
    "b0": (5.3, 0.39),
    "b1": (7.8, 0.70),
    "b3": (12, 1.8),
    "b4": (19, 4.2),
    "b5": (30, 9.9),
    "b6": (43, 19),
    "b7": (66, 37),
}


def built(name):
    return on_meta(getattr(nets, f"efficientnet_{name}"))


def kind(model, group):
    return [m for m in model.modules() if isinstance(m, group)]


@pytest.mark.parametrize("name", FACTORS)
def test_factors_are_those_of_the_authors_code(name):
    depth, width, side, dropout, blocks = FACTORS[name]
    model = built(name)
    assert len(kind(model, nets.MBConv)) == blocks
    assert blocks == sum(ceil(depth * stage[3]) for stage in nets.STAGES)
    assert model.classifier[0].p == dropout
    channels = model.classifier[1].in_features
    assert channels == 4 * model.features[-2][-1].block[-1][0].out_channels
    assert channels == pytest.approx(1280 * width, rel=0.01)
    if name != "b2":  # where torchvision's weights take other images
        shape = nets.INPUTS.get(f"efficientnet_{name}", nets.INPUT)
        assert shape == (1, 3, side, side)
    assert nets.INPUTS["efficientnet_b2_at_260"][2] == FACTORS["b2"][2]


@pytest.mark.parametrize("name", TABLE_2)
def test_parameters_are_those_of_table_2(name):
    counted, published = parameters(built(name)) / 1e6, TABLE_2[name][0]
    assert round(counted, 1 if published < 10 else 0) == published


def test_the_papers_b2_is_not_what_anyone_counts():
    count = parameters(built("b2"))
    assert count == 9_109_994
    assert round(count / 1e6, 1) == 9.1  # the paper has 9.2
    statistics = sum(2 * m.num_features for m in kind(built("b2"), nn.BatchNorm2d))
    assert round((count + statistics) / 1e6, 1) == 9.2
    count = parameters(built("b1"))
    statistics = sum(2 * m.num_features for m in kind(built("b1"), nn.BatchNorm2d))
    assert round((count + statistics) / 1e6, 1) == 7.9  # and here 7.8


@pytest.mark.parametrize("name", ["b0", "b1", "b3"])
def test_the_papers_flops_are_macs(name):
    macs = measure(built(name), shape_of(name))["macs"] / 1e9
    published = TABLE_2[name][1]
    assert macs == pytest.approx(published, rel=0.02)


def shape_of(name):
    return nets.INPUTS.get(f"efficientnet_{name}", nets.INPUT)


def test_images_cost_macs_and_no_parameters():
    large, small = (
        measure(built(name), shape_of(name)) for name in ("b7", "b7_at_224")
    )
    assert large["params"] == small["params"] == 66_347_960
    assert small["macs"] / 1e9 == pytest.approx(5.17, abs=0.005)
    assert large["macs"] / 1e9 == pytest.approx(37.7, abs=0.05)
    assert shape_of("b7_at_224") == (1, 3, 224, 224)


def test_one_dimension_at_a_time():
    whole = measure(built("b0"), shape_of("b0"))
    for name in ("b0_depth_4", "b0_width_2", "b0_resolution_2"):
        scaled = measure(built(name), shape_of(name))
        assert 3.7 < scaled["macs"] / whole["macs"] < 4.1, name
    assert len(kind(built("b0_depth_4"), nets.MBConv)) == 4 * 16
    assert built("b0_width_2").features[1][0].block[0][0].in_channels == 2 * 32
    assert parameters(built("b0_resolution_2")) == whole["params"]


def test_a_gate_is_squeezed_to_a_quarter_of_what_enters_its_block():
    found = kind(built("b0"), nets.MBConv)
    for block in found:
        (gate,) = kind(block, nets.SqueezeExcitation)
        first = block.block[0][0]
        wide, entering = gate.fc1.in_channels, first.in_channels
        assert gate.fc1.out_channels == entering // 4
        assert wide in (entering, 6 * entering)
    gates = sum(map(parameters, kind(built("b0"), nets.SqueezeExcitation)))
    without = built("b0_without_gates")
    assert parameters(built("b0")) - parameters(without) == gates
    assert not kind(without, nets.SqueezeExcitation)


def test_a_block_by_itself_has_a_gate():
    block = on_meta(nets.MBConv, 8, 8, 3, 1, 6)
    assert any(isinstance(x, nets.SqueezeExcitation) for x in block.modules())


def test_full_convolutions_replace_the_depthwise_ones():
    model, full = built("b0"), built("b0_full_convolutions")
    depthwise = [m for m in kind(model, nn.Conv2d) if m.groups > 1]
    assert all(m.groups == m.in_channels for m in depthwise)
    assert len(depthwise) == 16
    assert sum(map(parameters, depthwise)) == 182_016
    added = sum((m.groups - 1) * parameters(m) for m in depthwise)
    assert parameters(full) - parameters(model) == added
    assert not [m for m in kind(full, nn.Conv2d) if m.groups > 1]


def test_stochastic_depth_keeps_the_mean_and_does_nothing_in_evaluation():
    layer = nets.StochasticDepth(0.25)
    maps = torch.ones(4000, 2, 3, 3)
    torch.manual_seed(0)
    kept = layer.train()(maps)
    for image in kept[:20]:
        assert image.eq(image[0, 0, 0]).all()
    assert kept.unique().tolist() == pytest.approx([0, 4 / 3])
    assert kept.mean().item() == pytest.approx(1, abs=0.03)
    assert layer.eval()(maps) is maps
    assert nets.StochasticDepth(0).train()(maps) is maps


def test_blocks_are_left_out_more_often_the_deeper_they_are():
    shares = [block.stochastic_depth.share for block in kind(built("b0"), nets.MBConv)]
    assert shares == pytest.approx([0.2 * number / 16 for number in range(16)])


def test_a_block_adds_its_input_only_where_shapes_match():
    block = with_weights(nets.MBConv, 16, 16, 3, 1, 6)
    maps = seeded_images((1, 16, 9, 9))
    with torch.inference_mode():
        torch.testing.assert_close(block(maps), maps + block.block(maps))
        for sizes in ((16, 24, 3, 1, 6), (16, 16, 5, 2, 6)):
            other = with_weights(nets.MBConv, *sizes)
            torch.testing.assert_close(other(maps), other.block(maps))
