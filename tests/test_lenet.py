"""LeNet-5 has the parameters of its paper, layer by layer."""

import pytest
import torch
from building import on_meta, parameters

from models import lenet
from models.lenet import TABLE, LeNet5


@pytest.mark.parametrize(
    ("layer", "counted"),
    [("c1", 156), ("s2", 12), ("c3", 1516), ("s4", 32), ("c5", 48120), ("f6", 10164)],
)
def test_a_layer_has_the_parameters_of_section_ii_b(layer, counted):
    assert parameters(on_meta(lenet.lenet5).get_submodule(layer)) == counted


def test_all_of_them():
    assert parameters(on_meta(lenet.lenet5)) == 60_000
    assert parameters(on_meta(lenet.lenet5_without_table)) == 60_900
    assert parameters(on_meta(lenet.lenet5_with_dense_output)) == 60_850
    assert parameters(on_meta(lenet.lenet5_rewritten)) == 61_706


def test_the_table_is_table_i():
    assert [len(read) for read in TABLE] == 6 * [3] + 9 * [4] + [6]
    assert len({frozenset(read) for read in TABLE}) == 16
    together = {place: sum(place in read for read in TABLE) for place in range(6)}
    assert set(together.values()) == {10}  # each map is read equally often


def test_connections_are_the_papers():
    """How often each weight and each bias is used, by the shapes of the maps."""
    c1 = 28 * 28 * 156
    s2, s4 = 14 * 14 * 6 * (4 + 1), 5 * 5 * 16 * (4 + 1)
    c3 = 10 * 10 * 1516
    assert (c1, c3) == (122_304, 151_600)
    assert c1 + s2 + c3 + s4 + 48_120 + 10_164 + 10 * 84 == 340_908


def test_maps_have_the_sizes_of_figure_2():
    maps = torch.empty(lenet.INPUT, device="meta")
    sizes = {}
    for name, layer in on_meta(lenet.lenet5).named_children():
        maps = layer(maps)
        sizes[name] = tuple(maps.shape[1:])
    assert sizes["c1"] == (6, 28, 28) and sizes["s2"] == (6, 14, 14)
    assert sizes["c3"] == (16, 10, 10) and sizes["s4"] == (16, 5, 5)
    assert sizes["c5"] == (120, 1, 1)
    assert sizes["f6"] == (84,) and sizes["output"] == (10,)


def test_a_filter_reads_only_its_maps():
    layer = LeNet5().c3
    maps = torch.rand(1, 6, 14, 14, requires_grad=True)
    for number, read in enumerate(TABLE):
        (gradient,) = torch.autograd.grad(layer(maps)[0, number].sum(), maps)
        reached = gradient.abs().sum(dim=(0, 2, 3)).nonzero().flatten().tolist()
        assert reached == sorted(read)


def test_a_pooling_adds_up_and_scales():
    pooling = LeNet5().s2
    maps = torch.rand(1, 6, 4, 4)
    with torch.no_grad():
        pooling.weight.fill_(2)
        pooling.bias.fill_(3)
    added = maps.unflatten(2, (2, 2)).unflatten(4, (2, 2)).sum(dim=(3, 5))
    torch.testing.assert_close(pooling(maps), 2 * added + 3)


def test_the_nearest_code_is_the_answer():
    output = LeNet5().output
    assert output(output.codes).argmin(dim=1).tolist() == list(range(10))
    assert output(output.codes)[0, 0] == 0
    assert output.codes.unique().tolist() == [-1, 1]
    assert not list(output.parameters())
