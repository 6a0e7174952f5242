"""ResNet: shortcuts past blocks of layers, and the bottleneck that deepens them."""

# --8<-- [start:imports]
from torch import Tensor, nn

# --8<-- [end:imports]

INPUT = (1, 3, 224, 224)


# --8<-- [start:shortcut]
def shortcut(in_channels: int, out_channels: int, stride: int) -> nn.Module:
    """The way past a block: the identity, or a projection where the shape changes.

    He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition" (2015),
    section 3.2, equations 1 and 2; option B of section 3.3.

    Shapes: maps (N, in_channels, H, W) -> (N, out_channels, H / stride, W / stride),
    rounded up.

    Args:
        in_channels: the channels of the maps that enter the block.
        out_channels: the channels of the maps that leave it.
        stride: how much smaller the maps become.
    """
    if stride == 1 and in_channels == out_channels:
        return nn.Identity()
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, kernel_size=1, stride=stride, bias=False),
        nn.BatchNorm2d(out_channels),
    )


# --8<-- [end:shortcut]


# --8<-- [start:basic_block]
class BasicBlock(nn.Module):
    """Two 3x3 convolutions and a shortcut past them.

    He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition" (2015),
    section 3.2 and Figure 5, left; batch normalisation as in section 3.4.

    Shapes: maps (N, in_channels, H, W) -> (N, channels, H / stride, W / stride),
    rounded up.

    Args:
        in_channels: the channels of the maps that enter.
        channels: the channels of both convolutions.
        stride: the stride of the first one.
    """

    expansion = 1  # times `channels` leave the block

    def __init__(self, in_channels: int, channels: int, stride: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU()
        # The name that torchvision gives the shortcut, whether it samples down or not.
        self.downsample = shortcut(in_channels, channels, stride)

    def forward(self, maps: Tensor) -> Tensor:
        residual = self.relu(self.bn1(self.conv1(maps)))
        residual = self.bn2(self.conv2(residual))
        return self.relu(residual + self.downsample(maps))


# --8<-- [end:basic_block]


# --8<-- [start:bottleneck]
class Bottleneck(nn.Module):
    """A 1x1 convolution that narrows, a 3x3, a 1x1 that widens, and a shortcut.

    He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition" (2015),
    section 4.1, "Deeper Bottleneck Architectures", and Figure 5, right. The stride is
    torchvision's, in the 3x3; the networks that the authors published have it in the
    first 1x1, which changes no parameter.

    Shapes: maps (N, in_channels, H, W) -> (N, 4 * channels, H / stride, W / stride),
    rounded up.

    Args:
        in_channels: the channels of the maps that enter.
        channels: the channels of the 3x3; four times as many leave.
        stride: the stride of the 3x3.
    """

    expansion = 4  # times `channels` leave the block

    def __init__(self, in_channels: int, channels: int, stride: int = 1) -> None:
        super().__init__()
        out_channels = 4 * channels
        self.conv1 = nn.Conv2d(in_channels, channels, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.conv3 = nn.Conv2d(channels, out_channels, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(out_channels)
        self.relu = nn.ReLU()
        self.downsample = shortcut(in_channels, out_channels, stride)

    def forward(self, maps: Tensor) -> Tensor:
        residual = self.relu(self.bn1(self.conv1(maps)))
        residual = self.relu(self.bn2(self.conv2(residual)))
        residual = self.bn3(self.conv3(residual))
        return self.relu(residual + self.downsample(maps))


# --8<-- [end:bottleneck]


# --8<-- [start:resnet]
class ResNet(nn.Module):
    """ResNet with torchvision's parameter names.

    He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition" (2015), section
    3.3 and Table 1. The shortcuts are option B throughout, as in torchvision; in the
    paper's Table 2, ResNet-18 and ResNet-34 have option A, which needs no projections.

    Shapes: images (N, 3, H, W) -> logits (N, num_classes).

    Args:
        block: `BasicBlock` or `Bottleneck`.
        depths: how many blocks each of the four stages has.
        channels: the `channels` of the blocks of each stage.
        num_classes: the number of logits.

    Raises:
        ValueError: if there are not four stages, or not as many depths as channels.
        RuntimeError: if the images do not have three channels.
    """

    def __init__(
        self,
        block: type[BasicBlock] | type[Bottleneck],
        depths: tuple[int, ...],
        channels: tuple[int, ...] = (64, 128, 256, 512),
        num_classes: int = 1000,
    ) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU()
        self.maxpool = nn.MaxPool2d(kernel_size=3, stride=2, padding=1)

        stages = []
        in_channels = 64
        for depth, width in zip(depths, channels, strict=True):
            blocks = []
            for position in range(depth):
                # The pooling has halved the maps for the first stage already.
                stride = 2 if stages and position == 0 else 1
                blocks.append(block(in_channels, width, stride))
                in_channels = width * block.expansion
            stages.append(nn.Sequential(*blocks))
        self.layer1, self.layer2, self.layer3, self.layer4 = stages

        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(in_channels, num_classes)

    def forward(self, images: Tensor) -> Tensor:
        maps = self.maxpool(self.relu(self.bn1(self.conv1(images))))
        maps = self.layer4(self.layer3(self.layer2(self.layer1(maps))))
        return self.fc(self.avgpool(maps).flatten(1))


# --8<-- [end:resnet]


# --8<-- [start:builders]
def resnet18(num_classes: int = 1000) -> ResNet:
    """ResNet-18."""
    return ResNet(BasicBlock, (2, 2, 2, 2), num_classes=num_classes)


def resnet34(num_classes: int = 1000) -> ResNet:
    """ResNet-34, which is ResNet-50 with basic blocks as wide as its own 3x3."""
    return ResNet(BasicBlock, (3, 4, 6, 3), num_classes=num_classes)


def resnet50(num_classes: int = 1000) -> ResNet:
    """ResNet-50."""
    return ResNet(Bottleneck, (3, 4, 6, 3), num_classes=num_classes)


def resnet101(num_classes: int = 1000) -> ResNet:
    """ResNet-101."""
    return ResNet(Bottleneck, (3, 4, 23, 3), num_classes=num_classes)


def resnet152(num_classes: int = 1000) -> ResNet:
    """ResNet-152."""
    return ResNet(Bottleneck, (3, 8, 36, 3), num_classes=num_classes)


# --8<-- [end:builders]


# --8<-- [start:without_bottleneck]
def resnet50_basic_same_outer(num_classes: int = 1000) -> ResNet:
    """ResNet-50 with basic blocks between the same maps, as wide as those maps.

    As wide as the 3x3 of the bottlenecks instead, they make `resnet34`.
    """
    channels = (256, 512, 1024, 2048)
    return ResNet(BasicBlock, (3, 4, 6, 3), channels, num_classes)


# --8<-- [end:without_bottleneck]
