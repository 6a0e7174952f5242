"""EfficientNet: one small network, made deeper, wider and fed larger images at once."""

# --8<-- [start:imports]
from math import ceil

import torch
from torch import Tensor, nn

# --8<-- [end:imports]

INPUT = (1, 3, 224, 224)
# The images that torchvision evaluates its weights on; the paper gives B2 260x260.
INPUTS = {
    "efficientnet_b1": (1, 3, 240, 240),
    "efficientnet_b2": (1, 3, 288, 288),
    "efficientnet_b3": (1, 3, 300, 300),
    "efficientnet_b4": (1, 3, 380, 380),
    "efficientnet_b5": (1, 3, 456, 456),
    "efficientnet_b6": (1, 3, 528, 528),
    "efficientnet_b7": (1, 3, 600, 600),
    "efficientnet_b0_resolution_2": (1, 3, 448, 448),
    "efficientnet_b2_at_260": (1, 3, 260, 260),
}


# --8<-- [start:convolution]
class Convolution(nn.Sequential):
    """A convolution without bias, batch normalisation, and SiLU or nothing.

    Shapes: maps (N, in_channels, H, W)
    -> (N, out_channels, H / stride, W / stride), rounded up.

    Args:
        in_channels: the channels of the maps that enter.
        out_channels: the channels of the maps that leave.
        kernel: the side of the kernel.
        stride: how much smaller the maps become.
        groups: as many as channels for a depthwise convolution.
        activation: whether SiLU follows.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel: int = 1,
        stride: int = 1,
        groups: int = 1,
        activation: bool = True,
    ) -> None:
        padding = kernel // 2
        sizes = (in_channels, out_channels, kernel, stride, padding)
        super().__init__(
            nn.Conv2d(*sizes, groups=groups, bias=False),
            nn.BatchNorm2d(out_channels),
            *([nn.SiLU()] if activation else []),
        )


# --8<-- [end:convolution]


# --8<-- [start:squeeze_excitation]
class SqueezeExcitation(nn.Module):
    """A gate for each channel, from the averages of all channels.

    Hu, Shen, Albanie, Sun, Wu, "Squeeze-and-Excitation Networks" (2017), section 3.

    Shapes: maps (N, channels, H, W) -> the same.

    Args:
        channels: the channels of the maps.
        squeezed: how many numbers lie between the two layers.
    """

    def __init__(self, channels: int, squeezed: int) -> None:
        super().__init__()
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc1 = nn.Conv2d(channels, squeezed, kernel_size=1)
        self.activation = nn.SiLU()
        self.fc2 = nn.Conv2d(squeezed, channels, kernel_size=1)
        self.gate = nn.Sigmoid()

    def forward(self, maps: Tensor) -> Tensor:
        squeezed = self.activation(self.fc1(self.avgpool(maps)))
        return maps * self.gate(self.fc2(squeezed))


# --8<-- [end:squeeze_excitation]


# --8<-- [start:stochastic_depth]
class StochasticDepth(nn.Module):
    """In training, leaves out what it is given, for some images of the batch.

    Huang, Sun, Liu, Sedra, Weinberger, "Deep Networks with Stochastic Depth" (2016),
    section 3. What is kept is enlarged, so that its mean stays as it is.

    Shapes: maps (N, channels, H, W) -> the same.

    Args:
        share: how often an image's maps become zero.
    """

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, maps: Tensor) -> Tensor:
        if not self.training or self.share == 0:
            return maps
        images = torch.rand(len(maps), 1, 1, 1, device=maps.device)
        return maps * (images >= self.share) / (1 - self.share)


# --8<-- [end:stochastic_depth]


# --8<-- [start:mbconv]
class MBConv(nn.Module):
    """An inverted residual with a gate.

    Sandler, Howard, Zhu, Zhmoginov, Chen, "MobileNetV2: Inverted Residuals and Linear
    Bottlenecks" (2018), section 3.3; with the gate as in Tan, Le, "EfficientNet:
    Rethinking Model Scaling for Convolutional Neural Networks" (2019), section 4.

    Shapes: maps (N, in_channels, H, W)
    -> (N, out_channels, H / stride, W / stride), rounded up.

    Args:
        in_channels: the channels of the maps that enter.
        out_channels: the channels of the maps that leave.
        kernel: the side of the depthwise kernel.
        stride: the stride of the depthwise convolution.
        expansion: how many times as many channels the depthwise convolution sees.
        share: how often training leaves out an image's block.
        full_convolution: an ordinary convolution instead of a depthwise one.
        gate: whether there is squeeze and excitation.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel: int,
        stride: int,
        expansion: int,
        share: float = 0,
        full_convolution: bool = False,
        gate: bool = True,
    ) -> None:
        super().__init__()
        wide = expansion * in_channels
        groups = 1 if full_convolution else wide
        # Squeezed to a quarter of what enters the block, not of what is gated.
        gates = [SqueezeExcitation(wide, in_channels // 4)] if gate else []
        self.block = nn.Sequential(
            *([Convolution(in_channels, wide)] if expansion > 1 else []),
            Convolution(wide, wide, kernel, stride, groups),
            *gates,
            Convolution(wide, out_channels, activation=False),
        )
        self.stochastic_depth = StochasticDepth(share)
        self.shortcut = stride == 1 and in_channels == out_channels

    def forward(self, maps: Tensor) -> Tensor:
        made = self.block(maps)
        return maps + self.stochastic_depth(made) if self.shortcut else made


# --8<-- [end:mbconv]


# --8<-- [start:efficientnet]
# Of each stage of B0: expansion, kernel, channels, blocks, stride of the first of them.
# Tan and Le (2019), Table 1.
STAGES = (
    (1, 3, 16, 1, 1),
    (6, 3, 24, 2, 2),
    (6, 5, 40, 2, 2),
    (6, 3, 80, 3, 2),
    (6, 5, 112, 3, 1),
    (6, 5, 192, 4, 2),
    (6, 3, 320, 1, 1),
)


def divisible_by_8(channels: float) -> int:
    """The nearest multiple of 8 that is not a tenth smaller.

    It is that of the authors' published code.
    """
    near = max(8, int(channels + 4) // 8 * 8)
    return near if near >= 0.9 * channels else near + 8


class EfficientNet(nn.Module):
    """EfficientNet with torchvision's parameter names.

    Tan, Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks"
    (2019), sections 3.3 and 4, and Table 1.

    Shapes: images (N, 3, H, W) -> logits (N, num_classes).

    Args:
        num_classes: the number of logits.
        width: every layer has this many times the channels of B0.
        depth: every stage has this many times the blocks of B0, rounded up.
        dropout: how many of the last features training sets to zero.
        full_convolutions: ordinary convolutions instead of depthwise ones.
        gates: whether the blocks have squeeze and excitation.
    """

    def __init__(
        self,
        num_classes: int = 1000,
        width: float = 1,
        depth: float = 1,
        dropout: float = 0.2,
        full_convolutions: bool = False,
        gates: bool = True,
    ) -> None:
        super().__init__()
        stages = [
            (expansion, kernel, divisible_by_8(width * made), ceil(depth * blocks), by)
            for expansion, kernel, made, blocks, by in STAGES
        ]
        number, total = 0, sum(blocks for *_, blocks, _ in stages)
        channels = divisible_by_8(32 * width)
        layers: list[nn.Module] = [Convolution(3, channels, kernel=3, stride=2)]
        for expansion, kernel, made, blocks, by in stages:
            stage = []
            for block in range(blocks):
                stride = 1 if block else by
                sizes = (channels, made, kernel, stride, expansion)
                share = 0.2 * number / total
                stage.append(MBConv(*sizes, share, full_convolutions, gates))
                channels, number = made, number + 1
            layers.append(nn.Sequential(*stage))
        layers.append(Convolution(channels, 4 * channels))
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Sequential(
            nn.Dropout(dropout), nn.Linear(4 * channels, num_classes)
        )

    def forward(self, images: Tensor) -> Tensor:
        return self.classifier(self.avgpool(self.features(images)).flatten(1))


# --8<-- [end:efficientnet]


# --8<-- [start:builders]
def efficientnet_b0(num_classes: int = 1000) -> EfficientNet:
    """EfficientNet-B0, from which the others are scaled."""
    return EfficientNet(num_classes)


def efficientnet_b1(num_classes: int = 1000) -> EfficientNet:
    """EfficientNet-B1, for images of 240x240."""
    return EfficientNet(num_classes, width=1, depth=1.1)


def efficientnet_b2(num_classes: int = 1000) -> EfficientNet:
    """EfficientNet-B2, for images of 260x260; torchvision's weights take 288x288."""
    return EfficientNet(num_classes, width=1.1, depth=1.2, dropout=0.3)


def efficientnet_b3(num_classes: int = 1000) -> EfficientNet:
    """EfficientNet-B3, for images of 300x300."""
    return EfficientNet(num_classes, width=1.2, depth=1.4, dropout=0.3)


def efficientnet_b4(num_classes: int = 1000) -> EfficientNet:
    """EfficientNet-B4, for images of 380x380."""
    return EfficientNet(num_classes, width=1.4, depth=1.8, dropout=0.4)


def efficientnet_b5(num_classes: int = 1000) -> EfficientNet:
    """EfficientNet-B5, for images of 456x456."""
    return slow_norms(EfficientNet(num_classes, width=1.6, depth=2.2, dropout=0.4))


def efficientnet_b6(num_classes: int = 1000) -> EfficientNet:
    """EfficientNet-B6, for images of 528x528."""
    return slow_norms(EfficientNet(num_classes, width=1.8, depth=2.6, dropout=0.5))


def efficientnet_b7(num_classes: int = 1000) -> EfficientNet:
    """EfficientNet-B7, for images of 600x600."""
    return slow_norms(EfficientNet(num_classes, width=2, depth=3.1, dropout=0.5))


def slow_norms(network: EfficientNet) -> EfficientNet:
    """Batch normalisation as torchvision sets it in B5, B6 and B7."""
    for layer in network.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.eps, layer.momentum = 0.001, 0.01
    return network


# --8<-- [end:builders]


# --8<-- [start:one_dimension]
def efficientnet_b0_depth_4(num_classes: int = 1000) -> EfficientNet:
    """B0 made four times as deep, and nothing else; the paper's Table 7."""
    return EfficientNet(num_classes, depth=4)


def efficientnet_b0_width_2(num_classes: int = 1000) -> EfficientNet:
    """B0 made twice as wide, and nothing else; the paper's Table 7."""
    return EfficientNet(num_classes, width=2)


def efficientnet_b0_resolution_2(num_classes: int = 1000) -> EfficientNet:
    """B0 for images twice as high and wide; the paper's Table 7."""
    return EfficientNet(num_classes)


def efficientnet_b2_at_260(num_classes: int = 1000) -> EfficientNet:
    """B2 for the images that the paper gives it."""
    return efficientnet_b2(num_classes)


def efficientnet_b7_at_224(num_classes: int = 1000) -> EfficientNet:
    """B7 for the images of B0."""
    return efficientnet_b7(num_classes)


# --8<-- [end:one_dimension]


# --8<-- [start:without_tricks]
def efficientnet_b0_full_convolutions(num_classes: int = 1000) -> EfficientNet:
    """B0 with an ordinary convolution for each depthwise one."""
    return EfficientNet(num_classes, full_convolutions=True)


def efficientnet_b0_without_gates(num_classes: int = 1000) -> EfficientNet:
    """B0 without squeeze and excitation."""
    return EfficientNet(num_classes, gates=False)


# --8<-- [end:without_tricks]
