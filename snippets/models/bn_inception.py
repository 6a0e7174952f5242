"""BN-Inception, also called Inception v2: two 3x3 for a 5x5, and the 5x5 instead."""

# --8<-- [start:imports]
from collections import OrderedDict
from collections.abc import Callable

from torch import Tensor, nn

# --8<-- [end:imports]
from models.inception_v3 import (
    Branch,
    ConvBlock,
    InceptionModule,
    as_published,
    in_full,
    square,
)

INPUT = (1, 3, 224, 224)


# --8<-- [start:bn_inception]
# The rows of Figure 5: #1x1, #3x3 reduce, #3x3, double #3x3 reduce, double #3x3, and
# the pooling with its projection. Strides of 2 are where no 1x1 is. The figure has 576
# channels behind 4c and 4d, but their widths add up to 608.
WIDTHS = {
    "3a": (64, 64, 64, 64, 96, nn.AvgPool2d, 32),
    "3b": (64, 64, 96, 64, 96, nn.AvgPool2d, 64),
    "3c": (0, 128, 160, 64, 96, nn.MaxPool2d, 0),
    "4a": (224, 64, 96, 96, 128, nn.AvgPool2d, 128),
    "4b": (192, 96, 128, 96, 128, nn.AvgPool2d, 128),
    "4c": (160, 128, 160, 128, 160, nn.AvgPool2d, 128),
    "4d": (96, 128, 192, 160, 192, nn.AvgPool2d, 128),
    "4e": (0, 128, 192, 192, 256, nn.MaxPool2d, 0),
    "5a": (352, 192, 320, 160, 224, nn.AvgPool2d, 128),
    "5b": (352, 192, 320, 192, 224, nn.MaxPool2d, 128),
}


class BNInception(nn.Module):
    """BN-Inception, also called Inception v2: GoogLeNet with two 3x3 for each 5x5.

    Ioffe and Szegedy, "Batch Normalization" (2015), section 4.2, appendix and Figure 5.

    Shapes: images (N, 3, H, W) -> logits (N, num_classes).

    Args:
        num_classes: the number of logits.
        kernels: what makes each branch of that of the paper.
    """

    def __init__(
        self,
        num_classes: int = 1000,
        kernels: Callable[[Branch], Branch] = as_published,
    ) -> None:
        super().__init__()
        # The appendix: a separable convolution with depth multiplier 8.
        depthwise = nn.Conv2d(3, 24, 7, stride=2, padding=3, groups=3, bias=False)
        layers: dict[str, nn.Module] = {
            "conv1": nn.Sequential(depthwise, ConvBlock(24, 64, 1)),
            "pool1": nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
            "conv2_reduce": ConvBlock(64, 64, 1),
            "conv2": ConvBlock(64, 192, 3, padding=1),
            "pool2": nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
        }
        channels = 192
        for name, (n1x1, reduce, n3x3, reduce2, double, pool, last) in WIDTHS.items():
            branches = {
                "branch1x1": [square(n1x1, 1)],
                "branch3x3": [square(reduce, 1), square(n3x3, 3)],
                "branch3x3dbl": kernels(
                    [square(reduce2, 1), square(double, 3), square(double, 3)]
                ),
            }
            if not n1x1:
                del branches["branch1x1"]
            stride = 1 if n1x1 else 2
            module = InceptionModule(channels, branches, last, pool, stride)
            layers[f"inception{name}"] = module
            channels = module.out_channels
        self.features = nn.Sequential(OrderedDict(layers))
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(channels, num_classes)

    def forward(self, images: Tensor) -> Tensor:
        return self.fc(self.avgpool(self.features(images)).flatten(1))


# --8<-- [end:bn_inception]


# --8<-- [start:builders]
def bn_inception(num_classes: int = 1000) -> BNInception:
    """BN-Inception, for images of 224x224."""
    return BNInception(num_classes)


def bn_inception_full_kernels(num_classes: int = 1000) -> BNInception:
    """BN-Inception with 5x5 kernels, as GoogLeNet has them."""
    return BNInception(num_classes, kernels=in_full)


# --8<-- [end:builders]
