"""MobileNetV2: inverted residuals, and the network with one of its tricks left out."""

# --8<-- [start:imports]
from torch import Tensor, nn

# --8<-- [end:imports]

INPUT = (1, 3, 224, 224)


# --8<-- [start:convolution]
class Convolution(nn.Sequential):
    """A convolution without bias, batch normalisation and ReLU6.

    Shapes: maps (N, in_channels, H, W)
    -> (N, out_channels, H / stride, W / stride), rounded up.

    Args:
        in_channels: the channels of the maps that enter.
        out_channels: the channels of the maps that leave.
        kernel: the side of the kernel.
        stride: how much smaller the maps become.
        groups: as many as channels for a depthwise convolution.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel: int = 1,
        stride: int = 1,
        groups: int = 1,
    ) -> None:
        super().__init__(
            nn.Conv2d(
                in_channels,
                out_channels,
                kernel,
                stride,
                padding=kernel // 2,
                groups=groups,
                bias=False,
            ),
            nn.BatchNorm2d(out_channels),
            nn.ReLU6(),
        )


# --8<-- [end:convolution]


# --8<-- [start:inverted_residual]
class InvertedResidual(nn.Module):
    """Few channels are widened, filtered each by itself, and narrowed again.

    Sandler, Howard, Zhu, Zhmoginov, Chen, "MobileNetV2: Inverted Residuals and Linear
    Bottlenecks" (2018), section 3.3 and Table 1.

    Shapes: maps (N, in_channels, H, W)
    -> (N, out_channels, H / stride, W / stride), rounded up.

    Args:
        in_channels: the channels of the maps that enter.
        out_channels: the channels of the maps that leave.
        stride: the stride of the 3x3 convolution.
        expansion: how many times as many channels the 3x3 convolution sees.
        full_convolution: an ordinary 3x3 convolution instead of a depthwise one.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        stride: int,
        expansion: int,
        full_convolution: bool = False,
    ) -> None:
        super().__init__()
        wide = expansion * in_channels
        groups = 1 if full_convolution else wide
        self.conv = nn.Sequential(
            *([Convolution(in_channels, wide)] if expansion > 1 else []),
            Convolution(wide, wide, kernel=3, stride=stride, groups=groups),
            # A linear bottleneck: no ReLU6 where the channels are few.
            nn.Conv2d(wide, out_channels, kernel_size=1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.shortcut = stride == 1 and in_channels == out_channels

    def forward(self, maps: Tensor) -> Tensor:
        return maps + self.conv(maps) if self.shortcut else self.conv(maps)


# --8<-- [end:inverted_residual]


# --8<-- [start:mobilenet_v2]
# Of each run of blocks: expansion, channels, blocks, stride of the first of them.
# Sandler et al. (2018), Table 2.
RUNS = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)


def divisible_by_8(channels: float) -> int:
    """The nearest multiple of 8 that is not a tenth smaller.

    It is that of the authors' published code.
    """
    near = max(8, int(channels + 4) // 8 * 8)
    return near if near >= 0.9 * channels else near + 8


class MobileNetV2(nn.Module):
    """MobileNetV2 with torchvision's parameter names.

    Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks" (2018),
    section 4 and Table 2.

    Shapes: images (N, 3, H, W) -> logits (N, num_classes).

    Args:
        num_classes: the number of logits.
        width: every layer but the last 1x1 has this many times its channels; below 1
            that one keeps its own.
        full_convolutions: ordinary 3x3 convolutions instead of depthwise ones.
    """

    def __init__(
        self,
        num_classes: int = 1000,
        width: float = 1,
        full_convolutions: bool = False,
    ) -> None:
        super().__init__()
        channels = divisible_by_8(32 * width)
        last = divisible_by_8(1280 * max(1, width))
        layers: list[nn.Module] = [Convolution(3, channels, kernel=3, stride=2)]
        for expansion, made, blocks, stride in RUNS:
            out = divisible_by_8(made * width)
            for block in range(blocks):
                sizes = (channels, out, 1 if block else stride, expansion)
                layers.append(InvertedResidual(*sizes, full_convolutions))
                channels = out
        layers.append(Convolution(channels, last))
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(last, num_classes))

    def forward(self, images: Tensor) -> Tensor:
        return self.classifier(self.avgpool(self.features(images)).flatten(1))


# --8<-- [end:mobilenet_v2]


# --8<-- [start:builders]
def mobilenet_v2(num_classes: int = 1000) -> MobileNetV2:
    """MobileNetV2 in its full width."""
    return MobileNetV2(num_classes)


def mobilenet_v2_full_convolutions(num_classes: int = 1000) -> MobileNetV2:
    """MobileNetV2 with an ordinary 3x3 convolution for each depthwise one."""
    return MobileNetV2(num_classes, full_convolutions=True)


# --8<-- [end:builders]


# --8<-- [start:without_bottlenecks]
class WideSeparable(nn.Module):
    """The wide layers of two blocks, joined by one 1x1 with no bottleneck between.

    Shapes: maps (N, in_channels, H, W)
    -> (N, out_channels, H / stride, W / stride), rounded up.

    Args:
        in_channels: the channels that the depthwise convolution filters.
        out_channels: those that the next block's filters.
        stride: the stride of the depthwise convolution.
    """

    def __init__(self, in_channels: int, out_channels: int, stride: int) -> None:
        super().__init__()
        self.depthwise = Convolution(
            in_channels, in_channels, kernel=3, stride=stride, groups=in_channels
        )
        self.pointwise = Convolution(in_channels, out_channels)
        self.shortcut = stride == 1 and in_channels == out_channels

    def forward(self, maps: Tensor) -> Tensor:
        made = self.pointwise(self.depthwise(maps))
        return maps + made if self.shortcut else made


def mobilenet_v2_without_bottlenecks(num_classes: int = 1000) -> MobileNetV2:
    """MobileNetV2 whose wide layers hand on all their channels."""
    network = MobileNetV2(num_classes)
    steps, channels = [], 32  # of each depthwise convolution: channels and stride
    for expansion, made, blocks, stride in RUNS:
        for block in range(blocks):
            steps.append((expansion * channels, 1 if block else stride))
            channels = made
    handed = [wide for wide, _ in steps[1:]] + [1280]
    network.features = nn.Sequential(
        Convolution(3, 32, kernel=3, stride=2),
        *(
            WideSeparable(wide, out, stride)
            for (wide, stride), out in zip(steps, handed, strict=True)
        ),
    )
    return network


# --8<-- [end:without_bottlenecks]
