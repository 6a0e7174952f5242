"""SqueezeNet: few channels before every 3x3, and half of the filters only 1x1."""

# --8<-- [start:imports]
import torch
from torch import Tensor, nn

# --8<-- [end:imports]

INPUT = (1, 3, 224, 224)


# --8<-- [start:fire]
class Fire(nn.Module):
    """A 1x1 that squeezes the channels, then 1x1 and 3x3 side by side that expand them.

    Iandola et al., "SqueezeNet" (2016), section 3.2 and Figure 1.

    Shapes: (N, in_channels, H, W) -> (N, 2 expand, H, W).

    Args:
        in_channels: the channels of the maps that enter.
        squeeze: the filters of the first 1x1, s1x1 in the paper.
        expand: the filters of the second 1x1 and of the 3x3: e1x1 and e3x3, which
            are equal in the paper.
    """

    def __init__(self, in_channels: int, squeeze: int, expand: int) -> None:
        super().__init__()
        self.squeeze = nn.Conv2d(in_channels, squeeze, kernel_size=1)
        self.squeeze_activation = nn.ReLU()
        self.expand1x1 = nn.Conv2d(squeeze, expand, kernel_size=1)
        self.expand1x1_activation = nn.ReLU()
        self.expand3x3 = nn.Conv2d(squeeze, expand, kernel_size=3, padding=1)
        self.expand3x3_activation = nn.ReLU()

    def forward(self, maps: Tensor) -> Tensor:
        maps = self.squeeze_activation(self.squeeze(maps))
        points = self.expand1x1_activation(self.expand1x1(maps))
        places = self.expand3x3_activation(self.expand3x3(maps))
        return torch.cat([points, places], dim=1)


# --8<-- [end:fire]


# --8<-- [start:full]
class Full(nn.Sequential):
    """What a fire module stands in for: one 3x3 that sees and makes all channels.

    Not in the paper: its strategies 1 and 2 (section 3.1) left out.

    Shapes: (N, in_channels, H, W) -> (N, 2 expand, H, W).

    Args:
        in_channels: the channels of the maps that enter.
        squeeze: ignored.
        expand: half of the filters.
    """

    def __init__(self, in_channels: int, squeeze: int, expand: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(in_channels, 2 * expand, kernel_size=3, padding=1)
        self.relu = nn.ReLU()


# --8<-- [end:full]


# --8<-- [start:squeezenet]
# The squeezing and the expanding filters of the eight modules, fire2 to fire9.
WIDTHS = [
    (16, 64),
    (16, 64),
    (32, 128),
    (32, 128),
    (48, 192),
    (48, 192),
    (64, 256),
    (64, 256),
]


def pool() -> nn.Module:
    """3x3 windows two apart; the last may reach past the edge."""
    return nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True)


class SqueezeNet(nn.Module):
    """SqueezeNet, with torchvision's names.

    Iandola et al., "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and
    <0.5MB model size" (2016), section 3.3, Table 1 and Figure 2. The maps of Table 1
    are those of images of 227x227. Version 1.1 is the authors', published with their
    code.

    Shapes: images (N, 3, H, W) -> logits (N, num_classes).

    Args:
        num_classes: the number of logits.
        first: the first convolution.
        pooled: the modules with a pooling before them, counted from 0.
        module: what makes each of the eight modules of its channels and widths.
    """

    def __init__(
        self,
        num_classes: int,
        first: nn.Conv2d,
        pooled: tuple[int, ...],
        module: type[nn.Module] = Fire,
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = [first, nn.ReLU()]
        channels = first.out_channels
        for number, (squeeze, expand) in enumerate(WIDTHS):
            if number in pooled:
                layers.append(pool())
            layers.append(module(channels, squeeze, expand))
            channels = 2 * expand
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(
            nn.Dropout(0.5),
            nn.Conv2d(channels, num_classes, kernel_size=1),
            nn.ReLU(),
            nn.AdaptiveAvgPool2d(1),
        )

    def forward(self, images: Tensor) -> Tensor:
        return self.classifier(self.features(images)).flatten(1)


# --8<-- [end:squeezenet]


# --8<-- [start:builders]
def squeezenet1_0(num_classes: int = 1000) -> SqueezeNet:
    """SqueezeNet of the paper: 96 kernels of 7x7 first, pooling late."""
    first = nn.Conv2d(3, 96, kernel_size=7, stride=2)
    return SqueezeNet(num_classes, first, pooled=(0, 3, 7))


def squeezenet1_1(num_classes: int = 1000) -> SqueezeNet:
    """SqueezeNet 1.1: 64 kernels of 3x3 first, pooling earlier."""
    first = nn.Conv2d(3, 64, kernel_size=3, stride=2)
    return SqueezeNet(num_classes, first, pooled=(0, 2, 4))


def squeezenet1_0_full_convolutions(num_classes: int = 1000) -> SqueezeNet:
    """SqueezeNet with an ordinary 3x3 convolution for each fire module."""
    first = nn.Conv2d(3, 96, kernel_size=7, stride=2)
    return SqueezeNet(num_classes, first, pooled=(0, 3, 7), module=Full)


# --8<-- [end:builders]
