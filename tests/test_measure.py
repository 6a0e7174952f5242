"""Measurements against hand-derived answers, and against torch's own counter."""

import os
import subprocess
import sys

import pytest
import torch
from torch import nn
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

import cache
from measure import cache as kept
from measure.__main__ import as_module
from measure.record import measure
from models import alexnet, vgg

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


class Functional(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(4, 8, 3, 3))

    def forward(self, maps):
        return functional.conv2d(maps, self.weight)


def test_a_functional_convolution():
    measured = measure(Functional(), SHAPE)
    (layer,) = layers(measured, "convolution")
    assert layer["params"] == measured["params"] == 4 * 8 * 3 * 3
    assert layer["macs"] == 8 * 8 * 3 * 3 * 8 * 4


def test_nothing_is_changed_and_no_memory_is_used():
    network = nn.Conv2d(3, 64, 3)
    before = network.weight.clone()
    assert network.training
    measure(network, (1, 3, 4_000, 4_000))
    assert network.training
    assert network.weight.device.type == "cpu"
    assert torch.equal(network.weight, before)


BUILDERS = [
    value
    for module in (alexnet, vgg)
    for value in vars(module).values()
    if as_module(value) is not None
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


def test_the_build_imports_no_torch(site, tmp_path):
    """With everything kept, the site builds where importing torch fails."""
    (tmp_path / "torch.py").write_text("raise ImportError('the build imports torch')")
    ran = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--site-dir", tmp_path / "site"],
        cwd=cache.ROOT,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
