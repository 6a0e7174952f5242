"""Measurements against hand-derived answers, and against torch's own counter."""

import pytest
import torch
from torch import nn
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

from measure import cache as kept
from measure.record import measure
from measure.snippets import built, networks
from models import alexnet, segnet, vgg

SHAPE = (1, 8, 10, 10)


def layers(measured: dict, kind: str) -> list[dict]:
    return [layer for layer in measured["layers"] if layer["kind"] == kind]


@pytest.mark.parametrize(
    ("layer", "params", "macs"),
    [
        (nn.Conv2d(8, 16, 3), 3 * 3 * 8 * 16 + 16, 8 * 8 * 3 * 3 * 8 * 16),
        (nn.Conv2d(8, 16, 3, bias=False), 3 * 3 * 8 * 16, 8 * 8 * 3 * 3 * 8 * 16),
        (nn.Conv2d(8, 16, 3, groups=2), 3 * 3 * 4 * 16 + 16, 8 * 8 * 3 * 3 * 4 * 16),
        (nn.Conv2d(8, 8, 3, groups=8), 3 * 3 * 8 + 8, 8 * 8 * 3 * 3 * 8),
        (nn.Conv2d(8, 16, (1, 3)), 3 * 8 * 16 + 16, 10 * 8 * 3 * 8 * 16),
        (nn.Conv2d(8, 16, 3, stride=2), 3 * 3 * 8 * 16 + 16, 4 * 4 * 3 * 3 * 8 * 16),
        (nn.Conv2d(8, 16, 3, dilation=2), 3 * 3 * 8 * 16 + 16, 6 * 6 * 3 * 3 * 8 * 16),
        (nn.BatchNorm2d(8), 2 * 8, 0),
        (nn.MaxPool2d(2), 0, 0),
        (nn.Sequential(nn.Flatten(), nn.Linear(800, 5)), 800 * 5 + 5, 800 * 5),
    ],
)
def test_a_layer(layer, params, macs):
    measured = measure(layer, SHAPE)
    assert measured["params"] == params
    assert measured["macs"] == macs


class Shared(nn.Module):
    """One convolution called twice, one whose weight is tied to it, an unused one."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(8, 8, 3, padding=1, bias=False)
        self.tied = nn.Conv2d(8, 8, 3, padding=1, bias=False)
        self.tied.weight = self.conv.weight
        self.unused = nn.Linear(3, 3)
        self.scale = nn.Parameter(torch.ones(8, 1, 1))

    def forward(self, maps):
        once = torch.relu(self.conv(maps))
        return torch.cat([self.tied(self.conv(once)) * self.scale, maps], dim=1)


def test_shared_root_owned_and_unused_parameters():
    measured = measure(Shared(), SHAPE)
    weights = 3 * 3 * 8 * 8
    assert measured["params"] == weights + (3 * 3 + 3) + 8
    assert measured["macs"] == 3 * 100 * weights
    assert [layer["params"] for layer in layers(measured, "Conv2d")] == [weights, 0, 0]
    assert layers(measured, "mul")[0]["params"] == 8
    assert layers(measured, "cat")[0]["shape"] == [1, 16, 10, 10]
    assert 0 in layers(measured, "cat")[0]["inputs"], "the input is concatenated"


class ChannelsLast(nn.Module):
    """A 1x1 convolution, written as a dense layer on maps with their channels last."""

    def __init__(self):
        super().__init__()
        self.norm = nn.LayerNorm(8)
        self.dense = nn.Linear(8, 16)
        self.last = nn.Linear(16, 5)

    def forward(self, maps):
        turned = self.norm(maps.permute(0, 2, -1, 1))
        widened = torch.relu(self.dense(turned)).permute(0, 3, 1, 2)
        return self.last(widened.mean(dim=(2, 3)))


def test_maps_with_their_channels_last_are_told_with_them_first():
    measured = measure(ChannelsLast(), (1, 8, 10, 12))
    dense, last = layers(measured, "Linear")
    assert dense["shape"] == [1, 16, 10, 12]
    assert dense["arriving"] == [[1, 8, 10, 12]]
    assert dense["macs"] == 10 * 12 * 8 * 16
    assert dense["bytes"] == 4 * 10 * 12 * 16
    assert dense["kernel"] == [1, 1], "it works at every place"
    assert dense["field"]["extent"] == [1, 1]
    assert last["field"]["extent"] == [10, 12]
    assert layers(measured, "LayerNorm")[0]["shape"] == [1, 8, 10, 12]
    assert layers(measured, "relu")[0]["shape"] == [1, 16, 10, 12]
    assert layers(measured, "mean")[0]["arriving"] == [[1, 16, 10, 12]]
    assert last["shape"] == [1, 5] and "kernel" not in last


def test_a_dense_layer_on_rows_of_an_image_is_no_convolution():
    (dense,) = layers(measure(nn.Linear(10, 4), SHAPE), "Linear")
    assert dense["shape"] == [1, 8, 10, 4] and "kernel" not in dense


class Functional(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(4, 8, 3, 3))

    def forward(self, maps):
        return functional.conv2d(maps, self.weight)


def test_a_functional_convolution():
    measured = measure(Functional(), SHAPE)
    (layer,) = layers(measured, "Conv2d")
    assert layer["params"] == measured["params"] == 4 * 8 * 3 * 3
    assert layer["macs"] == 8 * 8 * 3 * 3 * 8 * 4
    assert (layer["in"], layer["out"], layer["kernel"]) == (8, 4, [3, 3])


class TwoInputs(nn.Module):
    """Two inputs, a dict of outputs, a frozen layer, and a head for training only."""

    def __init__(self):
        super().__init__()
        self.left = nn.Conv2d(3, 8, 3, padding=1)
        self.right = nn.Conv2d(1, 8, 1).requires_grad_(False)
        self.norm = nn.BatchNorm2d(8)
        self.auxiliary = nn.Linear(8, 2)

    def forward(self, colour, depth):
        maps = self.norm(self.left(colour) + self.right(depth))
        outputs = {"maps": maps, "mean": maps.mean((2, 3))}
        if self.training:
            outputs["auxiliary"] = self.auxiliary(outputs["mean"])
        return outputs


def test_several_inputs_dict_outputs_frozen_parameters_buffers_and_heads():
    measured = measure(TwoInputs(), (1, 3, 6, 6), (1, 1, 6, 6))
    left, right, norm, head = 3 * 3 * 3 * 8 + 8, 8 + 8, 2 * 8, 8 * 2 + 2
    assert measured["params"] == left + right + norm + head
    assert measured["frozen"] == right
    assert measured["trainable"] == left + norm + head
    assert measured["buffers"] == 2 * 8 + 1, "mean, variance, and the count of batches"
    assert measured["macs"] == 36 * (3 * 3 * 3 * 8 + 8)
    assert measured["flops"] == 2 * measured["macs"]
    assert measured["modules"]["auxiliary"]["params"] == head
    assert not layers(measured, "Linear"), "the head does not run"
    assert measured["unused"] == {"auxiliary": head}
    assert measured["training"]["layers"][-1]["path"] == "auxiliary"
    assert measured["training"]["unused"] == {}
    assert measured["depth"] == 1
    (add,) = layers(measured, "add")
    assert [branch["extent"] for branch in add["branches"]] == [[3, 3], [1, 1]]
    assert add["field"]["extent"] == [3, 3]


class Crop(nn.Module):
    """What a crop leaves is joined; a parameter of the root is forgotten."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(8, 4, 3)
        self.forgotten = nn.Parameter(torch.zeros(7))

    def forward(self, maps):
        return torch.cat([maps[..., 1:-1, 1:-1], self.conv(maps)], dim=1)


class NeedsTargets(TwoInputs):
    def forward(self, colour, depth):
        if self.training:
            raise TypeError("no targets")
        return super().forward(colour, depth)


def test_a_network_that_refuses_to_train_is_measured_all_the_same():
    measured = measure(NeedsTargets(), (1, 3, 6, 6), (1, 1, 6, 6))
    assert measured["unused"] == {"auxiliary": 8 * 2 + 2}
    assert measured["training"] == {"refused": "TypeError: no targets"}


def test_shapes_arrive_cropped_and_what_is_forgotten_is_named():
    measured = measure(Crop(), SHAPE)
    (joined,) = layers(measured, "cat")
    assert joined["arriving"] == [[1, 8, 8, 8], [1, 4, 8, 8]]
    assert measured["unused"] == {"": 7}
    assert "training" not in measured


def test_a_network_keeps_its_modes_and_its_device():
    network = nn.Sequential(nn.Conv2d(8, 4, 3), nn.BatchNorm2d(4)).to("meta")
    network[0].eval()
    measure(network, SHAPE)
    assert [module.training for module in network] == [False, True]


def test_lazy_layers():
    lazy = nn.Sequential(nn.LazyConv2d(16, 3), nn.LazyBatchNorm2d(), nn.ReLU())
    measured = measure(lazy, SHAPE)
    assert measured["params"] == 3 * 3 * 8 * 16 + 16 + 2 * 16
    assert nn.parameter.is_lazy(lazy[0].weight), "the reader's own stays lazy"


def test_memory_counts_every_new_output_once():
    plain = nn.Sequential(nn.Conv2d(8, 4, 1), nn.ReLU(), nn.Flatten(), nn.Dropout())
    assert measure(plain, SHAPE)["bytes"] == 2 * 4 * (4 * 10 * 10)
    in_place = nn.Sequential(nn.Conv2d(8, 4, 1), nn.ReLU(inplace=True), nn.Flatten())
    assert measure(in_place, SHAPE)["bytes"] == 4 * (4 * 10 * 10)


class Shuffle(nn.Module):
    def forward(self, maps):
        grouped = maps.reshape(1, 2, 4, 10, 10).transpose(1, 2)
        return grouped.reshape(1, 8, 10, 10) + maps


def test_a_copy_that_rearranges_values_takes_memory():
    assert measure(Shuffle(), SHAPE)["bytes"] == 2 * 4 * (8 * 10 * 10)


def conv(kernel, **settings):
    return nn.Conv2d(1, 1, kernel, bias=False, **settings)


class Branches(nn.Module):
    def __init__(self, *branches):
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, maps):
        return torch.cat([branch(maps) for branch in self.branches], dim=1)


class Every(nn.Module):
    """Every second value, from the third row on."""

    def forward(self, maps):
        return maps[:, :, 2::2, ::2]


class Gate(nn.Module):
    """Each map times its average."""

    def forward(self, maps):
        return maps * maps.mean((2, 3), keepdim=True)


FIELDS = {
    "gates": (nn.Sequential(conv(3), Gate(), conv(3), Gate(), conv(3)), [33, 33]),
    "sliced": (nn.Sequential(nn.Conv2d(1, 1, 3), Every(), nn.Conv2d(1, 1, 3)), [7, 7]),
    "two 3x3": (nn.Sequential(conv(3), conv(3)), [5, 5]),
    "three 3x3": (nn.Sequential(conv(3), conv(3), conv(3)), [7, 7]),
    "dilated 1, 2, 4": (
        nn.Sequential(conv(3), conv(3, dilation=2), conv(3, dilation=4)),
        [15, 15],
    ),
    "1x7 and 7x1": (nn.Sequential(conv((1, 7)), conv((7, 1))), [7, 7]),
    "1x7": (conv((1, 7)), [1, 7]),
    "stride and pooling": (
        nn.Sequential(conv(5, stride=2, padding=2), nn.AvgPool2d(3, 2), conv(3)),
        [5 + 2 * 2 + 2 * 4, 5 + 2 * 2 + 2 * 4],
    ),
    "average pooling": (nn.Sequential(nn.AvgPool2d(2), conv(3)), [6, 6]),
    "global pooling": (nn.Sequential(conv(3), nn.AdaptiveAvgPool2d(1)), [33, 33]),
    "dense": (nn.Sequential(nn.Flatten(), nn.Linear(33 * 33, 2)), [33, 33]),
    "branches": (Branches(conv(1), conv(5, padding=2), conv(3, padding=1)), [5, 5]),
    "transposed": (nn.ConvTranspose2d(1, 1, 4, 2, 1, bias=False), [2, 2]),
    "nearest": (nn.Sequential(conv(3), nn.Upsample(scale_factor=2)), [3, 3]),
    "bilinear": (
        nn.Sequential(conv(3), nn.Upsample(scale_factor=2, mode="bilinear")),
        [4, 4],
    ),
}


@pytest.mark.parametrize("name", FIELDS)
def test_a_receptive_field_is_what_gradients_reach(name):
    """Every weight one: an input pixel is seen if and only if its gradient is not 0."""
    network, extent = FIELDS[name]
    for weight in network.parameters():
        nn.init.ones_(weight)
    field = measure(network, (1, 1, 33, 33))["layers"][-1]["field"]
    assert field["extent"] == extent
    image = torch.rand(1, 1, 33, 33, requires_grad=True)
    output = network(image)
    maps = output if output.dim() == 4 else output[..., None, None]
    middle = [size // 2 for size in maps.shape[2:]]
    reached = []
    for unit in ([0, 0], middle, [min(m + 1, 2 * m) for m in middle]):
        value = maps[0, :, unit[0], unit[1]].sum()
        (gradient,) = torch.autograd.grad(value, image, retain_graph=True)
        seen = gradient[0, 0].nonzero(as_tuple=True)
        reached.append([int(place.max() - place.min()) + 1 for place in seen])
        if name in ("gates", "transposed", "nearest", "bilinear") or 0 in unit:
            continue
        for axis in (0, 1):
            centre = float(seen[axis].min() + seen[axis].max()) / 2
            expected = field["start"][axis] + unit[axis] * field["jump"][axis]
            assert centre == expected, "start and jump lead to the centre"
    assert [max(sizes) for sizes in zip(*reached, strict=True)] == extent


def test_an_unpooling_brings_back_the_jump_of_its_pooling():
    """To 212 of VGG-16's last 3x3, three of 3x3 add 2 at jump 16 each."""
    with torch.device("meta"):
        up = measure(segnet.segnet(), segnet.INPUT)
    field = next(x for x in reversed(up["layers"]) if x["path"].startswith("up.4."))
    assert field["field"]["extent"] == [212 + 3 * 2 * 16] * 2
    assert field["field"]["jump"] == [16, 16]


@pytest.mark.parametrize(
    ("builder", "stages", "depth"),
    [(vgg.vgg16, (2, 2, 3, 3, 3), 16), (vgg.vgg19, (2, 2, 4, 4, 4), 19)],
)
def test_the_field_of_vgg(builder, stages, depth):
    """At jump j a 3x3 adds 2j, a 2x2 pooling j, and the jump doubles at a pooling."""
    with torch.device("meta"):
        measured = measure(builder(), vgg.INPUT)
    extent = 1 + sum((2 * n + 1) * 2**stage for stage, n in enumerate(stages))
    pool = layers(measured, "MaxPool2d")[-1]["field"]
    assert pool == {"extent": [extent] * 2, "jump": [32, 32], "start": [15.5, 15.5]}
    assert measured["depth"] == depth


def test_the_field_of_alexnet():
    with torch.device("meta"):
        measured = measure(alexnet.alexnet(), alexnet.INPUT)
    extent = 11 + 2 * 4 + 4 * 8 + 2 * 8 + 3 * 2 * 16 + 2 * 16
    pool = layers(measured, "MaxPool2d")[-1]["field"]
    assert pool["extent"] == [extent] * 2
    assert pool["jump"] == [32, 32]
    assert measured["depth"] == 8


def test_nothing_is_changed_and_no_memory_is_used():
    network = nn.Conv2d(3, 64, 3)
    before = network.weight.clone()
    assert network.training
    measure(network, (1, 3, 4_000, 4_000))
    assert network.training
    assert network.weight.device.type == "cpu"
    assert torch.equal(network.weight, before)


with torch.device("meta"):
    BUILDERS = [
        value
        for module in (alexnet, vgg)
        for name, value in vars(module).items()
        if built(name, value) is not None
    ]


@pytest.mark.parametrize("builder", BUILDERS, ids=lambda builder: builder.__name__)
def test_networks_agree_with_torch(builder):
    with torch.device("meta"):
        network = builder().eval()
        images = torch.empty(alexnet.INPUT)
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        network(images)
    measured = measure(network, alexnet.INPUT)
    assert measured["params"] == sum(p.numel() for p in network.parameters())
    assert measured["macs"] * 2 == counter.get_total_flops()
    assert sum(layer["params"] for layer in measured["layers"]) == measured["params"]


def test_all_builders_are_measured():
    measured = kept.measurements()
    names = {*measured["models/alexnet.py"], *measured["models/vgg.py"]}
    assert names == {builder.__name__ for builder in BUILDERS}


def test_a_measurement_is_kept_by_the_content_of_what_it_measures(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(kept, "SNIPPETS", tmp_path)
    (tmp_path / "models").mkdir()
    model = tmp_path / "models" / "net.py"
    model.write_text("from torch import nn\n")
    trick = tmp_path / "trick.py"
    trick.write_text("from models.net import nn\n")
    other = tmp_path / "other.py"
    other.write_text("from torch import nn\n")
    first = {path: kept.kept(path) for path in (model, trick, other)}
    model.write_text("from torch import nn  # changed\n")
    again = {path: kept.kept(path) for path in (model, trick, other)}
    assert first[model] != again[model]
    assert first[trick] != again[trick], "it uses the model"
    assert first[other] == again[other]


def test_a_network_may_expect_another_input_than_its_file(tmp_path):
    file = tmp_path / "two_sizes.py"
    file.write_text(
        "from torch import nn\n"
        "INPUT = (1, 3, 8, 8)\n"
        'INPUTS = {"large": (1, 3, 16, 16)}\n'
        "def small() -> nn.Conv2d:\n    return nn.Conv2d(3, 4, 1)\n"
        "def large() -> nn.Conv2d:\n    return nn.Conv2d(3, 4, 1)\n"
    )
    measured = networks(str(file))
    assert measured["small"]["macs"] == 8 * 8 * 3 * 4
    assert measured["large"]["macs"] == 16 * 16 * 3 * 4


class Reshaped(nn.Module):
    """Uses its weight in another shape, and a sum of two parameters."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(16 * 8))
        self.bias = nn.Parameter(torch.ones(16))
        self.more = nn.Parameter(torch.ones(16))

    def forward(self, maps):
        kernel = self.weight.view(16, 8, 1, 1)
        return functional.conv2d(maps, kernel, self.bias + self.more)


def test_parameters_that_arrive_in_another_shape_belong_to_the_layer():
    measured = measure(Reshaped(), SHAPE)
    (convolution,) = layers(measured, "Conv2d")
    assert convolution["params"] == measured["params"] == 16 * 8 + 2 * 16
    assert not measured["unused"]
