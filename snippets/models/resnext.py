"""ResNeXt and Wide ResNet: twice the width inside a bottleneck, in groups or whole."""

# --8<-- [start:imports]
from torch import nn

# --8<-- [end:imports]
from models.resnet import Bottleneck, ResNet

INPUT = (1, 3, 224, 224)


# --8<-- [start:bottlenecks]
class Bottleneck32x4d(Bottleneck):
    """A bottleneck whose 3x3 is twice as wide as ResNet's, in 32 groups.

    Xie, Girshick, Dollár, Tu, He, "Aggregated Residual Transformations for Deep Neural
    Networks" (2016), section 3.3, Figure 3c, and Table 1: 32 groups of 4 channels in
    the first stage, and twice as many channels in each from stage to stage.

    Shapes and arguments are those of `Bottleneck`.
    """

    groups = 32  # the paper's cardinality
    widening = 2  # times `channels` are inside

    def __init__(self, in_channels: int, channels: int, stride: int = 1) -> None:
        super().__init__(in_channels, channels, stride)
        width = self.widening * channels
        self.conv1 = nn.Conv2d(in_channels, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(
            width, width, 3, stride, padding=1, groups=self.groups, bias=False
        )
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, 4 * channels, 1, bias=False)


class Bottleneck32x8d(Bottleneck32x4d):
    """32 groups, each twice as wide: not in the paper, but in torchvision."""

    widening = 4


class WideBottleneck(Bottleneck32x4d):
    """As wide as ResNeXt's, in one group.

    Zagoruyko, Komodakis, "Wide Residual Networks" (2016), section 3, "ImageNet and COCO
    experiments": the widening factor 2.0 of the inner 3x3.
    """

    groups = 1


# --8<-- [end:bottlenecks]


# --8<-- [start:builders]
def resnext50_32x4d(num_classes: int = 1000) -> ResNet:
    """ResNeXt-50 with 32 groups."""
    return ResNet(Bottleneck32x4d, (3, 4, 6, 3), num_classes=num_classes)


def resnext101_32x4d(num_classes: int = 1000) -> ResNet:
    """ResNeXt-101 with 32 groups."""
    return ResNet(Bottleneck32x4d, (3, 4, 23, 3), num_classes=num_classes)


def resnext101_32x8d(num_classes: int = 1000) -> ResNet:
    """ResNeXt-101 with 32 groups, each twice as wide."""
    return ResNet(Bottleneck32x8d, (3, 4, 23, 3), num_classes=num_classes)


def wide_resnet50_2(num_classes: int = 1000) -> ResNet:
    """WRN-50-2-bottleneck, which is ResNeXt-50 with a single group."""
    return ResNet(WideBottleneck, (3, 4, 6, 3), num_classes=num_classes)


# --8<-- [end:builders]
