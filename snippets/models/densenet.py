"""DenseNet: layers that read all maps before them, and what keeps those few."""

# --8<-- [start:imports]
import torch
from torch import Tensor, nn

# --8<-- [end:imports]

INPUT = (1, 3, 224, 224)


# --8<-- [start:dense_layer]
class DenseLayer(nn.Sequential):
    """Make a few new maps from all maps so far, and append them.

    Huang, Liu, van der Maaten, Weinberger, "Densely Connected Convolutional Networks"
    (2017), section 3: "Dense connectivity", "Growth rate" and "Bottleneck layers".

    Shapes: maps (N, in_channels, H, W) -> (N, in_channels + growth_rate, H, W).

    Args:
        in_channels: the number of maps so far.
        growth_rate: the number of new maps, k in the paper.
        bottleneck: reduce the maps to 4k by a 1x1 convolution before the 3x3 one;
            False lets the 3x3 read them all.
    """

    def __init__(
        self, in_channels: int, growth_rate: int, bottleneck: bool = True
    ) -> None:
        super().__init__()
        channels = in_channels
        if bottleneck:
            channels = 4 * growth_rate
            self.norm1 = nn.BatchNorm2d(in_channels)
            self.relu1 = nn.ReLU()
            self.conv1 = nn.Conv2d(in_channels, channels, kernel_size=1, bias=False)
        self.norm2 = nn.BatchNorm2d(channels)
        self.relu2 = nn.ReLU()
        self.conv2 = nn.Conv2d(
            channels, growth_rate, kernel_size=3, padding=1, bias=False
        )

    def forward(self, maps: Tensor) -> Tensor:
        new = super().forward(maps)  # the layers above, in their order
        return torch.cat([maps, new], dim=1)


# --8<-- [end:dense_layer]


# --8<-- [start:dense_block]
class DenseBlock(nn.Sequential):
    """Dense layers one after another: each reads what all before it have made.

    Huang, Liu, van der Maaten, Weinberger, "Densely Connected Convolutional Networks"
    (2017), section 3 and Figure 1.

    Shapes: maps (N, in_channels, H, W) -> (N, in_channels + layers * growth_rate,
        H, W).

    Args:
        layers: the number of dense layers.
        in_channels: the number of maps that the first of them reads.
        growth_rate: the number of maps that each of them adds.
        bottleneck: as in `DenseLayer`.
    """

    def __init__(
        self, layers: int, in_channels: int, growth_rate: int, bottleneck: bool = True
    ) -> None:
        super().__init__()
        for number in range(1, layers + 1):
            layer = DenseLayer(in_channels, growth_rate, bottleneck)
            self.add_module(f"denselayer{number}", layer)
            in_channels += growth_rate


# --8<-- [end:dense_block]


# --8<-- [start:transition]
class Transition(nn.Sequential):
    """Between two dense blocks: a 1x1 convolution for fewer maps, pooling for smaller.

    Huang, Liu, van der Maaten, Weinberger, "Densely Connected Convolutional Networks"
    (2017), section 3: "Pooling layers" and "Compression", and Table 1.

    Shapes: maps (N, in_channels, H, W), H and W at least 2 ->
        (N, int(theta * in_channels), H // 2, W // 2).

    Args:
        in_channels: the number of maps that the block before it gives.
        theta: the part of them that the 1x1 convolution makes; 1 makes as many. None
            leaves that convolution out, so that all maps stay.

    Raises:
        ValueError: if theta is not above 0 and at most 1.
        RuntimeError: if the maps are smaller than 2x2.
    """

    def __init__(self, in_channels: int, theta: float | None = 0.5) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(in_channels)
        self.relu = nn.ReLU()
        if theta is not None:
            if not 0 < theta <= 1:
                raise ValueError(f"theta is {theta}, not above 0 and at most 1")
            out_channels = int(theta * in_channels)
            self.conv = nn.Conv2d(in_channels, out_channels, kernel_size=1, bias=False)
        self.pool = nn.AvgPool2d(kernel_size=2, stride=2)


# --8<-- [end:transition]


# --8<-- [start:densenet]
# The columns of the paper's Table 1: the layers of the four dense blocks. DenseNet-161
# is in its third version on arXiv; the last one has DenseNet-264 instead.
LAYERS = {
    121: (6, 12, 24, 16),
    161: (6, 12, 36, 24),
    169: (6, 12, 32, 32),
    201: (6, 12, 48, 32),
}


class DenseNet(nn.Module):
    """DenseNet, the paper's DenseNet-BC, with torchvision's parameter names.

    Huang, Liu, van der Maaten, Weinberger, "Densely Connected Convolutional Networks"
    (2017), section 3 and Table 1.

    Shapes: images (N, 3, H, W), H and W at least 29 -> logits (N, num_classes).

    Args:
        layers: the number of layers of each dense block.
        growth_rate: the number of maps that each layer adds, k in the paper.
        theta: the part of the maps that a transition keeps, as in `Transition`.
        bottleneck: as in `DenseLayer`.
        num_classes: the number of logits.

    Raises:
        ValueError: if theta is not above 0 and at most 1.
        RuntimeError: if an image is smaller than 29x29.
    """

    def __init__(
        self,
        layers: tuple[int, ...],
        growth_rate: int = 32,
        theta: float | None = 0.5,
        bottleneck: bool = True,
        num_classes: int = 1000,
    ) -> None:
        super().__init__()
        channels = 2 * growth_rate
        self.features = nn.Sequential()
        self.features.conv0 = nn.Conv2d(
            3, channels, kernel_size=7, stride=2, padding=3, bias=False
        )
        self.features.norm0 = nn.BatchNorm2d(channels)
        self.features.relu0 = nn.ReLU()
        self.features.pool0 = nn.MaxPool2d(kernel_size=3, stride=2, padding=1)
        for number, count in enumerate(layers, start=1):
            block = DenseBlock(count, channels, growth_rate, bottleneck)
            self.features.add_module(f"denseblock{number}", block)
            channels += count * growth_rate
            if number < len(layers):
                transition = Transition(channels, theta)
                self.features.add_module(f"transition{number}", transition)
                if theta is not None:
                    channels = int(theta * channels)
        self.features.norm5 = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU()
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Linear(channels, num_classes)

    def forward(self, images: Tensor) -> Tensor:
        maps = self.relu(self.features(images))
        return self.classifier(self.avgpool(maps).flatten(1))


# --8<-- [end:densenet]


# --8<-- [start:builders]
def densenet121(num_classes: int = 1000) -> DenseNet:
    """DenseNet-121."""
    return DenseNet(LAYERS[121], num_classes=num_classes)


def densenet161(num_classes: int = 1000) -> DenseNet:
    """DenseNet-161, whose layers add 48 maps each."""
    return DenseNet(LAYERS[161], growth_rate=48, num_classes=num_classes)


def densenet169(num_classes: int = 1000) -> DenseNet:
    """DenseNet-169."""
    return DenseNet(LAYERS[169], num_classes=num_classes)


def densenet201(num_classes: int = 1000) -> DenseNet:
    """DenseNet-201."""
    return DenseNet(LAYERS[201], num_classes=num_classes)


# --8<-- [end:builders]


# --8<-- [start:variants]
def densenet121_without_compression(num_classes: int = 1000) -> DenseNet:
    """DenseNet-121 whose transitions make as many maps as they read."""
    return DenseNet(LAYERS[121], theta=1, num_classes=num_classes)


def densenet121_without_transition_conv(num_classes: int = 1000) -> DenseNet:
    """DenseNet-121 whose transitions only normalise and pool."""
    return DenseNet(LAYERS[121], theta=None, num_classes=num_classes)


def densenet121_without_bottleneck(num_classes: int = 1000) -> DenseNet:
    """DenseNet-121 whose 3x3 convolutions read all maps so far."""
    return DenseNet(LAYERS[121], bottleneck=False, num_classes=num_classes)


# --8<-- [end:variants]
