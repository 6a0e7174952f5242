"""Xception: depthwise separable convolutions with shortcuts, and full ones instead."""

# --8<-- [start:imports]
from torch import Tensor, nn

# --8<-- [end:imports]

INPUT = (1, 3, 299, 299)


# --8<-- [start:separable_conv]
class SeparableConv(nn.Sequential):
    """Each channel by itself, then 1x1 across them, and nothing between the two.

    Chollet, "Xception: Deep Learning with Depthwise Separable Convolutions" (2016),
    section 1.2; section 4.7 for the missing activation.

    Shapes: maps (N, in_channels, H, W) -> (N, out_channels, H, W).

    Args:
        in_channels: the channels of the maps that enter.
        out_channels: the channels of the maps that leave.
    """

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        # As many groups as channels: each kernel sees one channel only.
        self.depthwise = nn.Conv2d(
            in_channels, in_channels, 3, padding=1, groups=in_channels, bias=False
        )
        self.pointwise = nn.Conv2d(in_channels, out_channels, 1, bias=False)
        self.norm = nn.BatchNorm2d(out_channels)


# --8<-- [end:separable_conv]


# --8<-- [start:conv]
class ConvNorm(nn.Sequential):
    """An ordinary convolution: each kernel sees all channels.

    Chollet, "Xception" (2016), Figure 5: batch normalisation follows every convolution.

    Shapes: maps (N, in_channels, H, W) -> (N, out_channels, H', W').

    Args:
        in_channels: the channels of the maps that enter.
        out_channels: the channels of the maps that leave.
        size: the side of the kernels; stride and padding are those of `nn.Conv2d`.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        size: int = 3,
        stride: int = 1,
        padding: int = 0,
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(
            in_channels, out_channels, size, stride, padding, bias=False
        )
        self.norm = nn.BatchNorm2d(out_channels)


def conv_3x3(in_channels: int, out_channels: int, full_convolutions: bool) -> nn.Module:
    """A depthwise separable 3x3, or an ordinary one of the same shapes."""
    if full_convolutions:
        return ConvNorm(in_channels, out_channels, padding=1)
    return SeparableConv(in_channels, out_channels)


# --8<-- [end:conv]


# --8<-- [start:block]
class XceptionBlock(nn.Module):
    """Two or three 3x3 with a ReLU before each, and a shortcut past them.

    Chollet, "Xception" (2016), section 3 and Figure 5.

    Shapes: maps (N, in_channels, H, W) -> (N, widths[-1], H', W'), where H' and W' are
    H and W, or with `pool` their halves, rounded up.

    Args:
        in_channels: the channels of the maps that enter.
        widths: the channels that each 3x3 makes.
        pool: halve the maps, by a pooling here and by the stride of the shortcut.
        first_relu: False where the maps have just passed a ReLU.
        full_convolutions: ordinary convolutions instead of depthwise separable ones.
    """

    def __init__(
        self,
        in_channels: int,
        widths: tuple[int, ...],
        pool: bool = True,
        first_relu: bool = True,
        full_convolutions: bool = False,
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        seen = in_channels
        for width in widths:
            if layers or first_relu:
                layers.append(nn.ReLU())
            layers.append(conv_3x3(seen, width, full_convolutions))
            seen = width
        self.shortcut = nn.Identity()
        if pool:
            layers.append(nn.MaxPool2d(kernel_size=3, stride=2, padding=1))
            self.shortcut = ConvNorm(in_channels, seen, size=1, stride=2)
        self.layers = nn.Sequential(*layers)

    def forward(self, maps: Tensor) -> Tensor:
        return self.layers(maps) + self.shortcut(maps)


# --8<-- [end:block]


# --8<-- [start:xception]
class Xception(nn.Module):
    """Xception.

    Chollet, "Xception: Deep Learning with Depthwise Separable Convolutions" (2016),
    section 3 and Figure 5. The figure does not say how the borders are padded: only
    the first two convolutions are not, as in the author's code for Keras.

    Shapes: images (N, 3, H, W) -> logits (N, num_classes).

    Args:
        num_classes: the number of logits.
        full_convolutions: ordinary convolutions instead of depthwise separable ones.
    """

    def __init__(
        self, num_classes: int = 1000, full_convolutions: bool = False
    ) -> None:
        super().__init__()
        full = {"full_convolutions": full_convolutions}
        self.entry = nn.Sequential(
            ConvNorm(3, 32, stride=2),
            nn.ReLU(),
            ConvNorm(32, 64),
            nn.ReLU(),
            XceptionBlock(64, (128, 128), first_relu=False, **full),
            XceptionBlock(128, (256, 256), **full),
            XceptionBlock(256, (728, 728), **full),
        )
        self.middle = nn.Sequential(
            *(XceptionBlock(728, (728, 728, 728), pool=False, **full) for _ in range(8))
        )
        self.exit = nn.Sequential(
            XceptionBlock(728, (728, 1024), **full),
            conv_3x3(1024, 1536, **full),
            nn.ReLU(),
            conv_3x3(1536, 2048, **full),
            nn.ReLU(),
        )
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(0.5)
        self.fc = nn.Linear(2048, num_classes)

    def forward(self, images: Tensor) -> Tensor:
        maps = self.exit(self.middle(self.entry(images)))
        return self.fc(self.dropout(self.avgpool(maps).flatten(1)))


# --8<-- [end:xception]


# --8<-- [start:builders]
def xception(num_classes: int = 1000) -> Xception:
    """Xception, for images of 299x299."""
    return Xception(num_classes)


def xception_full_convolutions(num_classes: int = 1000) -> Xception:
    """Xception with an ordinary 3x3 convolution for each separable one."""
    return Xception(num_classes, full_convolutions=True)


# --8<-- [end:builders]
