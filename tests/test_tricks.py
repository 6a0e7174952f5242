"""The tricks print what stands beside them, and build what pages draw."""

import ast

import pytest
import torch
from building import parameters
from seeded_weights import seeded_images
from torch import Tensor, nn

import cache
from measure.snippets import built, input_of, names_in
from models import repvgg as repvggs
from models.deeplab import DeepLabV3

FOLDER = cache.ROOT / "snippets" / "tricks"
TRICKS = [path.stem for path in sorted(FOLDER.glob("*.py"))]
# The tricks whose blocks do not all give maps of the same shape.
SHAPES = {
    "dense_as_conv": {
        "dense": (1, 4096),
        "convolution": (1, 4096, 1, 1),
        "one_by_one": (1, 4096, 7, 7),
    },
    "inception_module": {
        "pool": (1, 192, 28, 28),
        "projection": (1, 32, 28, 28),
        "reduced_3x3": (1, 128, 28, 28),
        "reduced_5x5": (1, 32, 28, 28),
        "naive": (1, 416, 28, 28),
        "without_reduction": (1, 256, 28, 28),
        "with_reduction": (1, 256, 28, 28),
    },
    "pyramid_pooling": {
        "narrow_first": (1, 2048 + 4 * 512, 28, 28),
        "pool_first": (1, 2048 + 4 * 512, 28, 28),
        "head": (1, 512, 28, 28),
    },
    "twice_as_wide": {
        "as_it_is": (1, 64, 28, 28),
        "twice_as_deep": (1, 64, 28, 28),
        "twice_as_wide": (1, 64, 28, 28),
        "larger_maps": (1, 64, 56, 56),
    },
    "stride_to_dilation": {
        "strided": (1, 64, 14, 14),
        "dilated": (1, 64, 28, 28),
    },
}


@pytest.mark.parametrize("trick", TRICKS)
def test_a_trick_prints_what_stands_beside_it(trick, capsys):
    path = FOLDER / f"{trick}.py"
    exec(compile(path.read_text(encoding="utf-8"), path, "exec"), {})
    shown = path.with_suffix(".out").read_text(encoding="utf-8")
    assert capsys.readouterr().out == shown, f"{trick}: run `make update`"


def load(trick: str) -> dict[str, object]:
    """What a trick defines once it has run, without what its loops went through."""
    path = FOLDER / f"{trick}.py"
    loops = [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.For)]
    passing = {
        part.id
        for loop in loops
        for part in ast.walk(loop.target)
        if isinstance(part, ast.Name)
    }
    return {n: value for n, value in names_in(str(path)).items() if n not in passing}


@pytest.mark.parametrize("trick", TRICKS)
def test_blocks_give_maps_of_one_shape(trick):
    """What stands side by side differs in what it costs, not in what it hands on."""
    names, shapes = load(trick), {}
    if "INPUT" not in names:
        return  # it prints its arithmetic, and builds nothing that is drawn
    for name, value in names.items():
        with torch.device("meta"):
            block = built(name, value)
        if block:
            images = torch.empty(input_of(name, names), device="meta")
            made = block.to("meta").eval()(images)
            shapes[name] = [tuple(maps.shape) for maps in as_tuple(made)]
    if trick in SHAPES:
        assert shapes == {name: [shape] for name, shape in SHAPES[trick].items()}
    else:
        assert all(shape == next(iter(shapes.values())) for shape in shapes.values())


def as_tuple(made) -> tuple[Tensor, ...]:
    return made if isinstance(made, tuple) else (made,)


@pytest.mark.parametrize(
    ("trick", "counts"),
    [
        ("gridding", {"one_15x15": 15 * 15, "growing": 3 * 9, "equal": 3 * 9}),
        (
            "grouped_conv",
            {"one_group": 5 * 5 * 96 * 256, "two_groups": 5 * 5 * 48 * 256},
        ),
        (
            "shortcut",
            {
                "projection": 2 * 256 * 64 + 9 * 64 * 64 + 256 * 256,
                "identity": 2 * 256 * 64 + 9 * 64 * 64,
            },
        ),
        (
            "add_or_concat",
            {"added": 2 * 9 * 64 * 64, "joined": 9 * 64 * 64 + 9 * 128 * 64},
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_blocks_that_pages_draw_have_no_more_than_their_weights(trick, counts):
    """Of these a trick prints a part only, or no count."""
    names = load(trick)
    assert {name: parameters(names[name]) for name in counts} == counts


def filled(block: nn.Module, value: float) -> nn.Module:
    for weight in block.parameters():
        nn.init.constant_(weight, value)
    return block


@pytest.mark.parametrize(
    ("trick", "block"), [("bottleneck", "bottleneck"), ("shortcut", "identity")]
)
def test_a_residual_block_of_zeros_hands_on_what_it_gets(trick, block):
    maps = seeded_images((1, 256, 4, 4))
    with torch.inference_mode():
        assert torch.equal(filled(load(trick)[block], 0)(maps), maps.relu())


def test_added_maps_are_read_as_their_sum():
    block = load("add_or_concat")["added"]
    nn.init.dirac_(block.make.weight)
    maps = seeded_images((1, 64, 6, 6))
    with torch.inference_mode():
        torch.testing.assert_close(block(maps), block.read(2 * maps))


@pytest.mark.parametrize("block", ["full", "depthwise"])
def test_an_inverted_residual_of_zeros_hands_on_what_it_gets(block):
    maps = seeded_images((1, 64, 4, 4)) - 0.5
    with torch.inference_mode():
        assert torch.equal(filled(load("inverted_residual")[block], 0)(maps), maps)


@pytest.mark.parametrize("block", ["one_layer", "squeezed"])
def test_a_gate_multiplies(block):
    """Of zero weights a sigmoid makes a half."""
    maps = seeded_images((1, 2048, 3, 3))
    with torch.inference_mode():
        found = filled(load("squeeze_excitation")[block], 0)(maps)
    torch.testing.assert_close(found, maps / 2)


def test_the_gate_of_a_segmenting_head_multiplies():
    block = load("gate")["gated"]
    filled(block.whole, 0)
    maps = seeded_images((1, 960, 4, 4))
    with torch.inference_mode():
        torch.testing.assert_close(block(maps), block.local(maps) / 2)


def test_a_shuffle_lets_two_groups_meet():
    unit = load("grouped_pointwise")["two_groups"]
    maps = seeded_images((1, 200, 4, 4)).requires_grad_()
    made = unit.widen(unit.depthwise(unit.shuffle(unit.narrow(maps))))
    made[:, :100].sum().backward()
    assert maps.grad[:, 100:].any(), "the first group has seen the second"


def test_a_skip_is_added_to_what_comes_up():
    block = load("unet_skip")["added"]
    maps = seeded_images((1, 64, 8, 8))
    with torch.inference_mode():
        up = block.up(block.below(block.pool(maps)))
        torch.testing.assert_close(block(maps), block.expand(maps + up))


def test_unshared_filters_that_are_equal_are_a_convolution():
    names = load("weight_sharing")
    shared, unshared = names["shared"], names["unshared"]
    kernels = shared.weight.view(6, 1, 25).expand(6, 28 * 28, 25)
    unshared.weight.data = kernels.detach().clone()
    unshared.bias.data = shared.bias[:, None].expand(6, 28 * 28).detach().clone()
    images = seeded_images((2, 1, 32, 32))
    with torch.inference_mode():
        torch.testing.assert_close(unshared(images), shared(images))


@pytest.mark.parametrize("block", ["joined", "gated"])
def test_the_average_is_of_the_whole_map(block):
    assert load("gate")[block].average(torch.zeros(1, 960, 14, 14)).shape[2:] == (1, 1)


@pytest.mark.parametrize("block", ["pool_first", "narrow_first"])
def test_the_pyramid_has_the_grids_of_pspnet(block):
    """Zhao et al., "Pyramid Scene Parsing Network" (2017), Figure 3."""
    first, then = nn.AdaptiveAvgPool2d, nn.Conv2d
    if block == "narrow_first":
        first, then = then, first
    grids = []
    for one, two in load("pyramid_pooling")[block].branches:
        assert (type(one), type(two)) == (first, then)
        grids.append((one if block == "pool_first" else two).output_size)
    assert grids == [1, 2, 3, 6]


def dilations(network: nn.Module) -> list[int]:
    """Those of its 3x3 convolutions."""
    return [
        module.dilation[0]
        for module in network.modules()
        if isinstance(module, nn.Conv2d) and module.kernel_size == (3, 3)
    ]


@pytest.mark.parametrize("block", ["full", "separable"])
def test_the_branches_of_aspp_have_the_rates_of_deeplab(block):
    with torch.device("meta"):
        aspp = DeepLabV3().classifier[0]
    assert dilations(load("separable_aspp")[block]) == dilations(aspp)


def test_the_growing_dilation_doubles():
    assert dilations(load("receptive_field")["growing"]) == [1, 2, 4]


def test_every_design_of_one_budget_works_on_maps_of_4x4():
    networks = {n: m for n, m in load("one_budget").items() if isinstance(m, nn.Module)}
    assert len(networks) == 6
    for name, (*body, average, _, _) in networks.items():
        maps = nn.Sequential(*body)(torch.zeros(2, 1, 8, 8))
        assert maps.shape[2:] == (4, 4), name
        assert average(maps).shape[2:] == (1, 1), name


def test_normalisation_is_folded_as_in_repvgg():
    trick, exact = load("fold_norm"), {"rtol": 1e-6, "atol": 1e-7}
    given = trick["conv"].weight, trick["norm"]
    kernel, bias = repvggs.fold(*given)
    torch.testing.assert_close(trick["folded"].weight, kernel, **exact)
    torch.testing.assert_close(trick["folded"].bias, bias, **exact)
    folded = load("three_branches")["fold"](*given)
    torch.testing.assert_close(folded, (kernel, bias), **exact)


def test_peak_memory_is_that_of_the_block_in_three_branches():
    blocks = []
    for trick in ("three_branches", "peak_memory"):
        tree = ast.parse((FOLDER / f"{trick}.py").read_text(encoding="utf-8"))
        classes = {n.name: n for n in tree.body if isinstance(n, ast.ClassDef)}
        blocks.append(ast.unparse(classes["Branches"]))
    assert blocks[0] == blocks[1]
