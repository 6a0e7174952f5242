"""ResNet for CIFAR: small images, narrow stages, shortcuts without parameters."""

# --8<-- [start:imports]
from torch import Tensor, nn

# --8<-- [end:imports]

INPUT = (1, 3, 32, 32)


# --8<-- [start:shortcut]
def shortcut(in_channels: int, out_channels: int, stride: int) -> nn.Module:
    """The way past a block: the identity, with zeros for the channels that are added.

    He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition" (2015), section
    3.3, option A. Where the zeros go it does not say; here they come last.

    Shapes: maps (N, in_channels, H, W) -> (N, out_channels, H / stride, W / stride),
    rounded up.

    Args:
        in_channels: the channels of the maps that enter the block.
        out_channels: the channels of the maps that leave it, no fewer.
        stride: 2 keeps every second row and column of the maps, 1 keeps all.

    Raises:
        ValueError: if channels would have to be taken away.
    """
    if out_channels < in_channels:
        raise ValueError(f"{out_channels} channels do not hold {in_channels}")
    if stride == 1 and in_channels == out_channels:
        return nn.Identity()
    return nn.Sequential(
        # The average of a single value is that value: this only leaves values out.
        nn.AvgPool2d(kernel_size=1, stride=stride),
        # Before and behind the columns, the rows and the channels, in this order.
        nn.ZeroPad3d((0, 0, 0, 0, 0, out_channels - in_channels)),
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
        channels: the channels of both convolutions, no fewer.
        stride: the stride of the first one.

    Raises:
        ValueError: if fewer channels would leave than enter.
    """

    def __init__(self, in_channels: int, channels: int, stride: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU()
        self.shortcut = shortcut(in_channels, channels, stride)

    def forward(self, maps: Tensor) -> Tensor:
        residual = self.relu(self.bn1(self.conv1(maps)))
        residual = self.bn2(self.conv2(residual))
        return self.relu(residual + self.shortcut(maps))


# --8<-- [end:basic_block]


# --8<-- [start:resnet_cifar]
class ResNetCIFAR(nn.Module):
    """ResNet for CIFAR: a convolution, three stages of n blocks, one dense layer.

    He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition" (2015), section
    4.2 and Table 6.

    Shapes: images (N, 3, H, W), 32x32 in the paper -> logits (N, num_classes).

    Args:
        n: how many blocks a stage has, which makes 6n + 2 layers.
        num_classes: the number of logits.

    Raises:
        RuntimeError: if the images do not have three channels.
    """

    def __init__(self, n: int, num_classes: int = 10) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, kernel_size=3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.relu = nn.ReLU()

        stages = []
        in_channels = 16
        for channels in (16, 32, 64):
            blocks = []
            for _ in range(n):
                # Where the channels double, the sides of the maps are halved.
                stride = 2 if channels > in_channels else 1
                blocks.append(BasicBlock(in_channels, channels, stride))
                in_channels = channels
            stages.append(nn.Sequential(*blocks))
        self.layer1, self.layer2, self.layer3 = stages

        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(in_channels, num_classes)

    def forward(self, images: Tensor) -> Tensor:
        maps = self.relu(self.bn1(self.conv1(images)))
        maps = self.layer3(self.layer2(self.layer1(maps)))
        return self.fc(self.avgpool(maps).flatten(1))


# --8<-- [end:resnet_cifar]


# --8<-- [start:builders]
def resnet20(num_classes: int = 10) -> ResNetCIFAR:
    """ResNet-20 for CIFAR."""
    return ResNetCIFAR(3, num_classes)


def resnet32(num_classes: int = 10) -> ResNetCIFAR:
    """ResNet-32 for CIFAR."""
    return ResNetCIFAR(5, num_classes)


def resnet44(num_classes: int = 10) -> ResNetCIFAR:
    """ResNet-44 for CIFAR."""
    return ResNetCIFAR(7, num_classes)


def resnet56(num_classes: int = 10) -> ResNetCIFAR:
    """ResNet-56 for CIFAR."""
    return ResNetCIFAR(9, num_classes)


def resnet110(num_classes: int = 10) -> ResNetCIFAR:
    """ResNet-110 for CIFAR."""
    return ResNetCIFAR(18, num_classes)


# --8<-- [end:builders]
