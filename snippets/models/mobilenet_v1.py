"""MobileNet v1: depthwise separable convolutions, and the full ones they stand for."""

# --8<-- [start:imports]
from torch import Tensor, nn

# --8<-- [end:imports]

INPUT = (1, 3, 224, 224)


# --8<-- [start:depthwise_separable]
class DepthwiseSeparable(nn.Sequential):
    """A 3x3 convolution in two steps: each channel by itself, then 1x1 across them.

    Howard, Zhu, Chen, Kalenichenko, Wang, Weyand, Andreetto, Adam, "MobileNets:
    Efficient Convolutional Neural Networks for Mobile Vision Applications" (2017),
    section 3.1 and Figure 3, right.

    Shapes: maps (N, in_channels, H, W)
    -> (N, out_channels, H / stride, W / stride), rounded up.

    Args:
        in_channels: the channels of the maps that enter.
        out_channels: the channels of the maps that leave.
        stride: how much smaller the maps become.
    """

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1) -> None:
        super().__init__()
        # As many groups as channels: each filter sees one channel only.
        self.depthwise = nn.Conv2d(
            in_channels,
            in_channels,
            kernel_size=3,
            stride=stride,
            padding=1,
            groups=in_channels,
            bias=False,
        )
        self.norm1 = nn.BatchNorm2d(in_channels)
        self.relu1 = nn.ReLU()
        self.pointwise = nn.Conv2d(in_channels, out_channels, kernel_size=1, bias=False)
        self.norm2 = nn.BatchNorm2d(out_channels)
        self.relu2 = nn.ReLU()


# --8<-- [end:depthwise_separable]


# --8<-- [start:full_convolution]
class FullConvolution(nn.Sequential):
    """An ordinary 3x3 convolution: each filter sees all channels.

    Howard et al., "MobileNets: Efficient Convolutional Neural Networks for Mobile
    Vision Applications" (2017), section 3.1 and Figure 3, left.

    Shapes: maps (N, in_channels, H, W)
    -> (N, out_channels, H / stride, W / stride), rounded up.

    Args:
        in_channels: the channels of the maps that enter.
        out_channels: the channels of the maps that leave.
        stride: how much smaller the maps become.
    """

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv2d(
            in_channels,
            out_channels,
            kernel_size=3,
            stride=stride,
            padding=1,
            bias=False,
        )
        self.norm = nn.BatchNorm2d(out_channels)
        self.relu = nn.ReLU()


# --8<-- [end:full_convolution]


# --8<-- [start:mobilenet_v1]
# Channels and stride of each depthwise separable convolution of the paper's Table 1.
# The table gives the last one stride 2, but also 7x7 maps before and after it.
LAYERS = (
    (64, 1),
    (128, 2),
    (128, 1),
    (256, 2),
    (256, 1),
    (512, 2),
    (512, 1),
    (512, 1),
    (512, 1),
    (512, 1),
    (512, 1),
    (1024, 2),
    (1024, 1),
)


class MobileNetV1(nn.Module):
    """MobileNet v1.

    Howard et al., "MobileNets: Efficient Convolutional Neural Networks for Mobile
    Vision Applications" (2017), section 3.2 and Table 1; section 3.3 for `alpha`;
    Table 4 for full convolutions.

    Shapes: images (N, 3, H, W) -> logits (N, num_classes).

    Args:
        num_classes: the number of logits.
        alpha: the width multiplier: every layer has this share of its channels. The
            paper has 1, 0.75, 0.5 and 0.25.
        full_convolutions: ordinary convolutions instead of depthwise separable ones.
    """

    def __init__(
        self,
        num_classes: int = 1000,
        alpha: float = 1,
        full_convolutions: bool = False,
    ) -> None:
        super().__init__()
        block = FullConvolution if full_convolutions else DepthwiseSeparable
        in_channels = int(32 * alpha)
        layers: list[nn.Module] = [FullConvolution(3, in_channels, stride=2)]
        for channels, stride in LAYERS:
            out_channels = int(channels * alpha)
            layers.append(block(in_channels, out_channels, stride))
            in_channels = out_channels
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Linear(in_channels, num_classes)

    def forward(self, images: Tensor) -> Tensor:
        maps = self.avgpool(self.features(images))
        return self.classifier(maps.flatten(1))


# --8<-- [end:mobilenet_v1]


# --8<-- [start:builders]
def mobilenet_v1(num_classes: int = 1000) -> MobileNetV1:
    """MobileNet v1 in its full width."""
    return MobileNetV1(num_classes)


def mobilenet_v1_075(num_classes: int = 1000) -> MobileNetV1:
    """MobileNet v1 with three quarters of the channels in every layer."""
    return MobileNetV1(num_classes, alpha=0.75)


def mobilenet_v1_050(num_classes: int = 1000) -> MobileNetV1:
    """MobileNet v1 with half of the channels in every layer."""
    return MobileNetV1(num_classes, alpha=0.5)


def mobilenet_v1_025(num_classes: int = 1000) -> MobileNetV1:
    """MobileNet v1 with a quarter of the channels in every layer."""
    return MobileNetV1(num_classes, alpha=0.25)


def mobilenet_v1_full_convolutions(num_classes: int = 1000) -> MobileNetV1:
    """MobileNet v1 with an ordinary 3x3 convolution for each separable one."""
    return MobileNetV1(num_classes, full_convolutions=True)


# --8<-- [end:builders]
