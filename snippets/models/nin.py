"""NiN for ImageNet: 1x1 convolutions, and averages instead of dense layers."""

# --8<-- [start:imports]
from torch import nn

# --8<-- [end:imports]

INPUT = (1, 3, 224, 224)


# --8<-- [start:mlpconv]
class MLPConv(nn.Sequential):
    """A convolution and two 1x1: a small dense network that slides over the maps.

    Lin, Chen, Yan, "Network In Network" (2013), section 3.1.

    Shapes: maps (N, in_channels, H, W) -> (N, widths[2], H', W'), where H' and W' are
        those of the first convolution.

    Args:
        in_channels: the number of channels of the maps.
        widths: the number of filters of each of the three convolutions.
        kernel_size: of the first convolution, like stride and padding.

    Raises:
        ValueError: if there are not three widths.
    """

    def __init__(
        self,
        in_channels: int,
        widths: tuple[int, int, int],
        kernel_size: int,
        stride: int = 1,
        padding: int = 0,
    ) -> None:
        super().__init__()
        first, second, third = widths
        self.conv1 = nn.Conv2d(in_channels, first, kernel_size, stride, padding)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(first, second, kernel_size=1)
        self.relu2 = nn.ReLU()
        self.conv3 = nn.Conv2d(second, third, kernel_size=1)
        self.relu3 = nn.ReLU()


# --8<-- [end:mlpconv]


# --8<-- [start:nin_imagenet]
class NiNImageNet(nn.Sequential):
    """NiN for ImageNet; its layers run in the order in which they are assigned.

    Lin, Chen, Yan, "Network In Network" (2013), section 3. The paper has no network
    for ImageNet: the authors published this one for Caffe, in its Model Zoo.

    Shapes: images (N, 3, H, W), H and W at least 39 -> logits (N, num_classes).

    Args:
        num_classes: the number of logits.
        averaging: True averages the map of each class, as in section 3.2. False has a
            dense layer instead, as in section 4.6; images must then be 224x224.

    Raises:
        RuntimeError: if an image is smaller than 39x39, or does not fit `fc`.
    """

    def __init__(self, num_classes: int = 1000, averaging: bool = True) -> None:
        super().__init__()
        self.mlpconv1 = MLPConv(3, (96, 96, 96), kernel_size=11, stride=4)
        # Caffe rounds sizes up when it pools: 54x54 maps become 27x27, not 26x26.
        self.pool1 = nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True)
        self.mlpconv2 = MLPConv(96, (256, 256, 256), kernel_size=5, padding=2)
        self.pool2 = nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True)
        self.mlpconv3 = MLPConv(256, (384, 384, 384), kernel_size=3, padding=1)
        self.pool3 = nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True)
        self.dropout = nn.Dropout(0.5)
        # One map for each class. Like the published ones they pass a ReLU at the end.
        self.mlpconv4 = MLPConv(
            384, (1024, 1024, num_classes), kernel_size=3, padding=1
        )

        if averaging:
            self.average = nn.AdaptiveAvgPool2d(1)
            self.flatten = nn.Flatten()
        else:
            self.flatten = nn.Flatten()
            self.fc = nn.Linear(6 * 6 * num_classes, num_classes)


def nin_imagenet(num_classes: int = 1000) -> NiNImageNet:
    """NiN for ImageNet, without a dense layer."""
    return NiNImageNet(num_classes)


def nin_imagenet_without_averaging(num_classes: int = 1000) -> NiNImageNet:
    """NiN for ImageNet with a dense layer instead of the averages."""
    return NiNImageNet(num_classes, averaging=False)


# --8<-- [end:nin_imagenet]
