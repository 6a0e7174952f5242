"""MobileNetV3: inverted residuals, some with a gate, and a cheaper last stage."""

# --8<-- [start:imports]
from torch import Tensor, nn

# --8<-- [end:imports]

INPUT = (1, 3, 224, 224)


# --8<-- [start:convolution]
class Convolution(nn.Sequential):
    """A convolution without bias, batch normalisation, and an activation or none.

    Shapes: maps (N, in_channels, H, W)
    -> (N, out_channels, H / stride, W / stride), rounded up.

    Args:
        in_channels: the channels of the maps that enter.
        out_channels: the channels of the maps that leave.
        kernel: the side of the kernel.
        stride: how much smaller the maps become.
        groups: as many as channels for a depthwise convolution.
        dilation: how far apart the weights lie.
        activation: the class of the activation, or None.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel: int = 1,
        stride: int = 1,
        groups: int = 1,
        dilation: int = 1,
        activation: type[nn.Module] | None = nn.Hardswish,
    ) -> None:
        padding = (kernel - 1) // 2 * dilation
        layers = [
            nn.Conv2d(
                in_channels,
                out_channels,
                kernel,
                stride,
                padding,
                dilation,
                groups,
                bias=False,
            ),
            nn.BatchNorm2d(out_channels, eps=0.001, momentum=0.01),
        ]
        super().__init__(*layers, *([activation()] if activation else []))


# --8<-- [end:convolution]


# --8<-- [start:squeeze_excitation]
class SqueezeExcitation(nn.Module):
    """A gate for each channel, from the averages of all channels.

    Hu, Shen, Sun, "Squeeze-and-Excitation Networks" (2017), section 3; with a hard
    sigmoid and a quarter of the channels in between as in Howard et al., "Searching for
    MobileNetV3" (2019), sections 5.2 and 5.3.

    Shapes: maps (N, channels, H, W) -> the same.

    Args:
        channels: the channels of the maps.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        squeezed = divisible_by_8(channels / 4)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc1 = nn.Conv2d(channels, squeezed, kernel_size=1)
        self.relu = nn.ReLU()
        self.fc2 = nn.Conv2d(squeezed, channels, kernel_size=1)
        self.gate = nn.Hardsigmoid()

    def forward(self, maps: Tensor) -> Tensor:
        squeezed = self.relu(self.fc1(self.avgpool(maps)))
        return maps * self.gate(self.fc2(squeezed))


def divisible_by_8(channels: float) -> int:
    """The nearest multiple of 8 that is not a tenth smaller.

    It is that of the authors' published code.
    """
    near = max(8, int(channels + 4) // 8 * 8)
    return near if near >= 0.9 * channels else near + 8


# --8<-- [end:squeeze_excitation]


# --8<-- [start:inverted_residual]
class InvertedResidual(nn.Module):
    """Few channels are widened, filtered each by itself, and narrowed again.

    Sandler, Howard, Zhu, Zhmoginov, Chen, "MobileNetV2: Inverted Residuals and Linear
    Bottlenecks" (2018), section 3.3; with the gate as in Howard et al., "Searching for
    MobileNetV3" (2019), Figure 4.

    Shapes: maps (N, in_channels, H, W)
    -> (N, out_channels, H / stride, W / stride), rounded up.

    Args:
        in_channels: the channels of the maps that enter.
        kernel: the side of the depthwise kernel.
        expanded: the channels between the two 1x1 convolutions.
        out_channels: the channels of the maps that leave.
        gate: whether squeeze and excitation follows the depthwise convolution.
        activation: the class of the activation; the last convolution has none.
        stride: the stride of the depthwise convolution.
        dilation: its dilation; then the maps keep their size.
    """

    def __init__(
        self,
        in_channels: int,
        kernel: int,
        expanded: int,
        out_channels: int,
        gate: bool,
        activation: type[nn.Module],
        stride: int,
        dilation: int = 1,
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        if expanded != in_channels:
            layers.append(Convolution(in_channels, expanded, activation=activation))
        layers.append(
            Convolution(
                expanded,
                expanded,
                kernel,
                stride if dilation == 1 else 1,
                groups=expanded,
                dilation=dilation,
                activation=activation,
            )
        )
        if gate:
            layers.append(SqueezeExcitation(expanded))
        layers.append(Convolution(expanded, out_channels, activation=None))
        self.block = nn.Sequential(*layers)
        self.shortcut = stride == 1 and in_channels == out_channels

    def forward(self, maps: Tensor) -> Tensor:
        return maps + self.block(maps) if self.shortcut else self.block(maps)


# --8<-- [end:inverted_residual]


# --8<-- [start:mobilenet_v3]
RE, HS = nn.ReLU, nn.Hardswish

# Of each block: kernel, expanded channels, channels, gate, activation, stride.
# Howard et al. (2019), Tables 1 and 2.
LARGE = (
    (3, 16, 16, False, RE, 1),
    (3, 64, 24, False, RE, 2),
    (3, 72, 24, False, RE, 1),
    (5, 72, 40, True, RE, 2),
    (5, 120, 40, True, RE, 1),
    (5, 120, 40, True, RE, 1),
    (3, 240, 80, False, HS, 2),
    (3, 200, 80, False, HS, 1),
    (3, 184, 80, False, HS, 1),
    (3, 184, 80, False, HS, 1),
    (3, 480, 112, True, HS, 1),
    (3, 672, 112, True, HS, 1),
    (5, 672, 160, True, HS, 2),
    (5, 960, 160, True, HS, 1),
    (5, 960, 160, True, HS, 1),
)
SMALL = (
    (3, 16, 16, True, RE, 2),
    (3, 72, 24, False, RE, 2),
    (3, 88, 24, False, RE, 1),
    (5, 96, 40, True, HS, 2),
    (5, 240, 40, True, HS, 1),
    (5, 240, 40, True, HS, 1),
    (5, 120, 48, True, HS, 1),
    (5, 144, 48, True, HS, 1),
    (5, 288, 96, True, HS, 2),
    (5, 576, 96, True, HS, 1),
    (5, 576, 96, True, HS, 1),
)
DILATED = 3  # so many blocks at the end are dilated for segmentation


def features(blocks: tuple[tuple, ...], dilated: bool = False) -> nn.Sequential:
    """The blocks between the first and the last convolution, and those two.

    Shapes: images (N, 3, H, W) -> maps (N, 6 * the last block's channels, H / 32,
    W / 32), rounded up; H / 16 and W / 16 if `dilated`.

    Args:
        blocks: `LARGE` or `SMALL`.
        dilated: leave out the last stride and dilate the last blocks instead; Howard et
            al. (2019), section 6.4.
    """
    layers: list[nn.Module] = [Convolution(3, 16, kernel=3, stride=2)]
    channels = 16
    for position, (kernel, expanded, out, gate, activation, stride) in enumerate(
        blocks
    ):
        dilation = 2 if dilated and position >= len(blocks) - DILATED else 1
        sizes = (channels, kernel, expanded, out)
        layers.append(InvertedResidual(*sizes, gate, activation, stride, dilation))
        channels = out
    layers.append(Convolution(channels, 6 * channels))
    return nn.Sequential(*layers)


class MobileNetV3(nn.Module):
    """MobileNetV3 with torchvision's parameter names.

    Howard, Sandler, Chu, Chen, Chen, Tan, Wang, Zhu, Pang, Vasudevan, Le, Adam,
    "Searching for MobileNetV3" (2019), section 5 and Tables 1 and 2. The last 1x1
    stands behind the average, where it runs once and not for every place: Figure 5.

    Shapes: images (N, 3, H, W) -> logits (N, num_classes).

    Args:
        blocks: `LARGE` or `SMALL`.
        hidden: the channels of the dense layer before the last.
        num_classes: the number of logits.
    """

    def __init__(
        self, blocks: tuple[tuple, ...], hidden: int, num_classes: int = 1000
    ) -> None:
        super().__init__()
        self.features = features(blocks)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Sequential(
            nn.Linear(6 * blocks[-1][2], hidden),
            nn.Hardswish(),
            nn.Dropout(0.2),
            nn.Linear(hidden, num_classes),
        )

    def forward(self, images: Tensor) -> Tensor:
        return self.classifier(self.avgpool(self.features(images)).flatten(1))


# --8<-- [end:mobilenet_v3]


# --8<-- [start:builders]
def mobilenet_v3_large(num_classes: int = 1000) -> MobileNetV3:
    """MobileNetV3-Large."""
    return MobileNetV3(LARGE, 1280, num_classes)


def mobilenet_v3_small(num_classes: int = 1000) -> MobileNetV3:
    """MobileNetV3-Small."""
    return MobileNetV3(SMALL, 1024, num_classes)


# --8<-- [end:builders]


# --8<-- [start:without_tricks]
def mobilenet_v3_large_without_gates(num_classes: int = 1000) -> MobileNetV3:
    """MobileNetV3-Large without squeeze and excitation."""
    blocks = [
        (*sizes, False, activation, stride) for *sizes, _, activation, stride in LARGE
    ]
    return MobileNetV3(tuple(blocks), 1280, num_classes)


def mobilenet_v3_large_features_first(num_classes: int = 1000) -> nn.Sequential:
    """MobileNetV3-Large that ends as MobileNetV2 does.

    Howard et al., "Searching for MobileNetV3" (2019), section 5.1 and Figure 5, above.
    """
    return nn.Sequential(
        *features((*LARGE, (3, 960, 320, False, HS, 1)))[:-1],
        Convolution(320, 1280),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Dropout(0.2),
        nn.Linear(1280, num_classes),
    )


# --8<-- [end:without_tricks]
