"""What notebooks train on and with: snippets/experiments."""

import itertools
import math
from itertools import pairwise

import pytest
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.nn import functional

from experiments.canvas import (
    NOT_ASKED,
    balanced,
    canvases,
    ious,
    mean_iou,
    scores,
)
from experiments.digits import digits
from experiments.training import accuracy, parameters, train

# training.py turns it on, and some layers that other tests run do not have it.
torch.use_deterministic_algorithms(False)


def test_digits_are_8x8_images_from_0_to_1():
    images, labels, test, test_labels = digits()
    assert images.shape == (1297, 1, 8, 8)
    assert test.shape == (500, 1, 8, 8)
    assert (images.min(), images.max()) == (0, 1)
    written = load_digits(return_X_y=True)[0]
    assert torch.cat([images, test]).sum().item() == pytest.approx(written.sum() / 16)
    assert labels.unique().tolist() == test_labels.unique().tolist() == [*range(10)]


def test_few_digits_are_drawn_by_the_seed_and_the_test_images_stay():
    images, labels, test, _ = digits(train=40, seed=1)
    assert len(images) == len(labels) == 40
    assert torch.bincount(labels).tolist() == [4] * 10
    assert torch.equal(images, digits(train=40, seed=1)[0])
    assert not torch.equal(images, digits(train=40, seed=2)[0])
    assert torch.equal(test, digits()[2])


def classifier() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 10))


def test_training_is_repeated_by_the_same_seed():
    images, labels, *_ = digits(train=100)
    losses = [
        train(classifier(), images, labels, epochs=3, seed=seed) for seed in (1, 1, 2)
    ]
    assert losses[0] == losses[1] != losses[2]
    assert all(earlier > later for earlier, later in pairwise(losses[0]))


def test_the_loss_is_the_mean_over_all_images():
    """Also where the last batch is smaller; at a rate of 0 nothing is learnt."""
    images, labels, *_ = digits(train=100)
    network = classifier()
    with torch.inference_mode():
        expected = functional.cross_entropy(network(images), labels).item()
    losses = train(network, images, labels, epochs=2, rate=0)
    assert losses == pytest.approx([expected, expected])


def test_the_rate_falls_to_0_in_the_last_step(monkeypatch):
    rates = []
    step = torch.optim.SGD.step

    def recorded(self, *args, **options):
        rates.append(self.param_groups[0]["lr"])
        return step(self, *args, **options)

    monkeypatch.setattr(torch.optim.SGD, "step", recorded)
    images, labels, *_ = digits(train=100)
    train(classifier(), images, labels, epochs=3, rate=0.1, batch=40)
    steps = 3 * 3  # batches of 40, 40 and 20 images, three times
    halves = [1 + math.cos(math.pi * done / steps) for done in range(steps)]
    assert rates == pytest.approx([0.1 * half / 2 for half in halves])


def test_accuracy_is_per_cent_of_right_answers_without_dropout():
    always_3 = nn.Sequential(nn.Flatten(), nn.Linear(64, 10), nn.Dropout(0.9))
    nn.init.zeros_(always_3[1].weight)
    with torch.no_grad():
        always_3[1].bias.copy_(torch.arange(10) == 3)
    labels = torch.tensor([3, 3, 3, 1])
    assert accuracy(always_3, torch.rand(4, 1, 8, 8), labels) == 75


def test_parameters_are_all_that_is_trained():
    assert parameters(nn.Conv2d(1, 8, 3)) == 3 * 3 * 8 + 8


@pytest.mark.parametrize(("scale", "digit", "cells"), [(1, 8, 4), (2, 16, 2)])
def test_a_canvas_has_a_whole_digit_in_each_of_its_cells(scale, digit, cells):
    images, labels, *_ = digits()
    pixels, classes = canvases(images, labels, 60, scale=scale, seed=3)
    assert pixels.shape == (60, 1, 32, 32) and classes.shape == (60, 32, 32)
    high = 32 // (cells // 2)
    grown = functional.interpolate(images, size=(digit, digit), mode="bilinear")[:, 0]
    found, corners = [], set()
    for canvas in range(60):
        for top, left in itertools.product(range(0, 32, high), (0, 16)):
            cell = pixels[canvas, 0, top : top + high, left : left + 16]
            windows = cell.unfold(0, digit, 1).unfold(1, digit, 1)
            near = ((grown.sum(dim=(1, 2)) - cell.sum()).abs() < 0.01).nonzero()[:, 0]
            same = (windows[:, :, None] == grown[near]).all(dim=(-1, -2))
            y, x, which = same.nonzero()[0].tolist()
            number = near[which].item()
            found.append(number)
            corners.add((y, x))
            inside = torch.zeros_like(cell)
            inside[y : y + digit, x : x + digit] = grown[number]
            assert torch.equal(cell, inside), "nothing else is in the cell"
            expected = (inside >= 0.5) * (labels[number] + 1)
            there = classes[canvas, top : top + high, left : left + 16]
            assert torch.equal(there, expected)
    assert len(found) == len(set(found)) == 60 * cells, "no image twice"
    assert {y for y, _ in corners} == set(range(high - digit + 1))
    assert {x for _, x in corners} == set(range(16 - digit + 1))


def test_a_canvas_is_drawn_by_its_seed():
    images, labels, *_ = digits()
    first, again, other = (canvases(images, labels, 3, seed=s)[0] for s in (0, 0, 1))
    assert torch.equal(first, again) and not torch.equal(first, other)


def test_balanced_labels_ask_about_all_ink_and_as_much_background():
    classes = torch.zeros(40, 32, 32, dtype=torch.long)
    classes[:, :8, :8] = 7
    asked = balanced(classes)
    assert torch.equal(asked[classes > 0], classes[classes > 0])
    ground = asked[classes == 0]
    assert {*ground.tolist()} == {0, NOT_ASKED}
    assert (ground == 0).sum().item() == pytest.approx(40 * 64, rel=0.1)


def test_scores_are_those_of_a_network_that_does_not_train():
    network = nn.Sequential(nn.Dropout(0.9), nn.Conv2d(1, 11, 1))
    images = torch.rand(70, 1, 32, 32)
    found = scores(network, images)
    assert torch.allclose(found, network[1](images))


def test_iou_is_the_shared_pixels_over_all_of_either():
    classes = torch.tensor([[0, 0, 0, 0, 1, 1], [*range(2, 8)], [8, 9, 10, 10, 8, 9]])
    answers = classes.clone()
    answers[0, 3], answers[0, 4] = 1, 0
    found = ious(answers, classes)
    assert found.tolist() == pytest.approx([60, 100 / 3, *[100] * 9])
    assert mean_iou(answers, classes) == pytest.approx(found.mean().item())
    assert ious(torch.zeros(4, dtype=int), torch.zeros(4, dtype=int))[0] == 100
