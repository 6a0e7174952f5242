"""NiN for CIFAR-10: 1x1 convolutions, and averages instead of dense layers."""

# --8<-- [start:imports]
from torch import nn

# --8<-- [end:imports]

INPUT = (1, 3, 32, 32)


# --8<-- [start:mlpconv]
class MLPConv(nn.Sequential):
    """A convolution and two 1x1: a small dense network that slides over the maps.

    Lin, Chen, Yan, "Network In Network" (2013), section 3.1.

    Shapes: maps (N, in_channels, H, W) -> (N, widths[2], H, W).

    Args:
        in_channels: the number of channels of the maps.
        widths: the number of filters of each of the three convolutions.
        kernel_size: of the first convolution; odd.

    Raises:
        ValueError: if there are not three widths.
    """

    def __init__(
        self, in_channels: int, widths: tuple[int, int, int], kernel_size: int
    ) -> None:
        super().__init__()
        first, second, third = widths
        padding = kernel_size // 2
        self.conv1 = nn.Conv2d(in_channels, first, kernel_size, padding=padding)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(first, second, kernel_size=1)
        self.relu2 = nn.ReLU()
        self.conv3 = nn.Conv2d(second, third, kernel_size=1)
        self.relu3 = nn.ReLU()


# --8<-- [end:mlpconv]


# --8<-- [start:nin_cifar10]
class NiNCifar10(nn.Sequential):
    """NiN for CIFAR-10; its layers run in the order in which they are assigned.

    Lin, Chen, Yan, "Network In Network" (2013), sections 3.3 and 4.1 and Figure 2.
    The paper gives no widths: they are those that the authors published for Caffe.

    Shapes: images (N, 3, H, W), H and W at least 4 -> logits (N, num_classes).

    Args:
        num_classes: the number of logits.

    Raises:
        RuntimeError: if an image is smaller than 4x4.
    """

    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        self.mlpconv1 = MLPConv(3, (192, 160, 96), kernel_size=5)
        # Caffe rounds sizes up when it pools: 32x32 maps become 16x16, not 15x15.
        self.pool1 = nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True)
        self.dropout1 = nn.Dropout(0.5)
        self.mlpconv2 = MLPConv(96, (192, 192, 192), kernel_size=5)
        # The paper says that all pooling takes the maximum; the published one averages.
        self.pool2 = nn.AvgPool2d(kernel_size=3, stride=2, ceil_mode=True)
        self.dropout2 = nn.Dropout(0.5)
        # One map for each class. Like the published ones they pass a ReLU at the end.
        self.mlpconv3 = MLPConv(192, (192, 192, num_classes), kernel_size=3)
        self.average = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()


def nin_cifar10(num_classes: int = 10) -> NiNCifar10:
    """NiN for CIFAR-10."""
    return NiNCifar10(num_classes)


# --8<-- [end:nin_cifar10]
