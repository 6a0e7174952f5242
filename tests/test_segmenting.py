"""FCN, DeconvNet, SegNet, DeepLab v1 and LR-ASPP have the counts of their papers."""

import pytest
import torch
from building import each, on_meta, parameters, with_weights
from torch import nn

from models import deeplab_vgg, fcn, lraspp, mobilenet_v3, segnet

CLASSES = 21
VGG16_CONVOLUTIONS = 14_714_688


@pytest.mark.parametrize(
    ("make", "count"),
    [
        (fcn.fcn32s_vgg16, 136_152_917),
        (fcn.fcn16s_vgg16, 134_815_994),
        (fcn.fcn8s_vgg16, 134_489_759),
        (segnet.segnet, 29_455_125),
        (segnet.deconvnet, 251_805_653),
        (deeplab_vgg.deeplab_vgg16_7x7, 134_346_581),
        (deeplab_vgg.deeplab_vgg16_4x4, 65_140_565),
        (deeplab_vgg.deeplab_largefov, 20_505_429),
        (lraspp.lraspp_mobilenet_v3_large, 3_221_538),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_counts(make, count):
    assert parameters(on_meta(make)) == count


def test_fcn_pays_for_its_layers_and_its_upsampling():
    fc6 = 7 * 7 * 512 * 4096 + 4096
    fc7 = 4096 * 4096 + 4096
    score = 4096 * CLASSES + CLASSES
    without = VGG16_CONVOLUTIONS + fc6 + fc7 + score
    up = {stride: (2 * stride) ** 2 * CLASSES**2 for stride in (2, 8, 16, 32)}
    pool4, pool3 = 512 * CLASSES + CLASSES, 256 * CLASSES + CLASSES
    assert parameters(on_meta(fcn.fcn32s_vgg16)) == without + up[32]
    assert parameters(on_meta(fcn.fcn16s_vgg16)) == without + up[16] + up[2] + pool4
    skips = 2 * up[2] + pool4 + pool3
    assert parameters(on_meta(fcn.fcn8s_vgg16)) == without + up[8] + skips


@each("make", [fcn.fcn32s_vgg16, fcn.fcn16s_vgg16, fcn.fcn8s_vgg16])
@pytest.mark.parametrize("size", [(500, 375), (224, 224), (33, 65)])
def test_fcn_answers_for_every_pixel_of_any_image(make, size):
    images = torch.empty(1, 3, *size, device="meta")
    assert on_meta(make)(images).shape == (1, CLASSES, *size)


@each("make", [fcn.fcn32s_vgg16, fcn.fcn16s_vgg16, fcn.fcn8s_vgg16])
def test_fcn_crops_so_that_an_answer_lies_over_its_pixel(make):
    """A bright spot must come out where it went in, for all weights equal."""
    model = on_meta(make, num_classes=1).to_empty(device="cpu")
    for weights in model.parameters():
        nn.init.constant_(weights, 1 / weights[0].numel() if weights.dim() > 1 else 0)
    images = torch.zeros(1, 3, 256, 256)
    images[..., 112:144, 112:144] = 1
    with torch.inference_mode():
        answer = model(images)[0, 0] - model(torch.zeros_like(images))[0, 0]
    middles = []
    for side in (0, 1):
        line = answer.sum(side)
        middles.append(((line * torch.arange(256)).sum() / line.sum()).item())
    assert middles[0] == pytest.approx(127.5, abs=make(1).stride)
    assert middles[0] == pytest.approx(middles[1], abs=0.1)


def test_a_dense_layer_is_a_convolution_over_the_whole_map():
    dense = nn.Linear(8 * 7 * 7, 16)
    convolution = nn.Conv2d(8, 16, kernel_size=7)
    convolution.weight.data = dense.weight.data.reshape(16, 8, 7, 7)
    convolution.bias.data = dense.bias.data
    maps = torch.randn(2, 8, 7, 7)
    answers = convolution(maps).flatten(1)
    assert torch.allclose(answers, dense(maps.flatten(1)), atol=1e-5)


@pytest.mark.parametrize(("stride", "edge"), [(32, 19), (16, 27), (8, 31)])
def test_fcn_cuts_off_what_the_authors_code_cuts_off(stride, edge):
    model = on_meta(fcn.FCNVGG16, num_classes=1, stride=stride)
    places = torch.arange(200 * 200, dtype=torch.float32).view(1, 1, 200, 200)
    model.up.forward = lambda maps: places
    with torch.inference_mode():
        found = model(torch.empty(1, 3, 64, 96, device="meta"))
    assert torch.equal(found, places[..., edge : edge + 64, edge : edge + 96])


def test_fcn_takes_its_skips_from_where_the_authors_code_does(monkeypatch):
    edges, crop = [], fcn.crop

    def recorded(maps, target, offset):
        edges.append(offset)
        return crop(maps, target, offset)

    monkeypatch.setattr(fcn, "crop", recorded)
    on_meta(fcn.fcn8s_vgg16)(torch.empty(1, 3, 64, 96, device="meta"))
    assert edges == [5, 9, 31]


def test_deeplab_on_mobilenet_has_the_rates_of_deeplab():
    """Small maps hide them: beyond the edge there are only zeros."""
    model = on_meta(lraspp.deeplabv3_mobilenet_v3_large)
    rates = {
        x.dilation[0] for x in model.classifier.modules() if hasattr(x, "dilation")
    }
    assert rates == {1, 12, 24, 36}


def test_fcn_refuses_another_stride():
    with pytest.raises(ValueError, match="32, 16 or 8"):
        fcn.FCNVGG16(stride=4)


def test_segnet_saves_the_dense_layers_and_little_else():
    deconvnet = on_meta(segnet.deconvnet)
    saved = parameters(deconvnet) - parameters(on_meta(segnet.segnet))
    assert parameters(deconvnet.middle) == 222_324_224
    assert saved - parameters(deconvnet.middle) == 26_304


def test_unpooling_puts_maxima_back_where_they_were():
    maps = torch.randn(1, 1, 8, 8)
    pooled, places = nn.MaxPool2d(2, return_indices=True)(maps)
    back = nn.MaxUnpool2d(2)(pooled, places)
    assert torch.equal(back[back != 0], maps[back != 0])
    assert back.count_nonzero() == 16


@each("make", [segnet.segnet, segnet.deconvnet])
def test_segnet_gives_the_size_back(make):
    images = torch.empty(1, 3, 224, 224, device="meta")
    assert on_meta(make)(images).shape == (1, CLASSES, 224, 224)


@each(
    "make",
    [
        deeplab_vgg.deeplab_vgg16_7x7,
        deeplab_vgg.deeplab_vgg16_4x4,
        deeplab_vgg.deeplab_largefov,
    ],
)
def test_deeplab_v1_has_an_output_stride_of_8(make):
    model = on_meta(make)
    images = torch.empty(deeplab_vgg.INPUT, device="meta")
    maps = model.features(images)
    assert maps.shape == (1, 512, 41, 41)
    assert model.fc6(maps).shape[2:] == (41, 41)
    assert model(images).shape == (1, CLASSES, 321, 321)


def test_largefov_and_4x4_see_as_far_as_7x7():
    """Table 2 of the paper: 224 pixels all three, by the kernel of fc6 alone."""
    layers = [
        on_meta(make).fc6
        for make in (
            deeplab_vgg.deeplab_vgg16_7x7,
            deeplab_vgg.deeplab_vgg16_4x4,
            deeplab_vgg.deeplab_largefov,
        )
    ]
    assert [layer.dilation[0] for layer in layers] == [4, 8, 12]
    extents = [(layer.kernel_size[0] - 1) * layer.dilation[0] for layer in layers]
    assert extents == [24, 24, 24]


def test_dilated_mobilenet_keeps_a_16th_of_the_sides():
    images = torch.empty(1, 3, 224, 224, device="meta")
    with torch.device("meta"):
        plain = mobilenet_v3.features(mobilenet_v3.LARGE)
        dilated = mobilenet_v3.features(mobilenet_v3.LARGE, dilated=True)
    assert plain(images).shape == (1, 960, 7, 7)
    assert dilated(images).shape == (1, 960, 14, 14)
    assert parameters(plain) == parameters(dilated)


def test_the_gate_of_lraspp_is_between_0_and_1():
    head = with_weights(lraspp.LRASPPHead, 4, 8, 3)
    gate = head.scale(torch.randn(2, 8, 5, 5))
    assert gate.shape == (2, 128, 1, 1)
    assert ((gate > 0) & (gate < 1)).all()
