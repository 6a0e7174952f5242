"""DeepLab v1: VGG-16 whose dense layers become a convolution with holes."""

# --8<-- [start:imports]
from torch import Tensor, nn

# --8<-- [end:imports]
from models.fcn import resize

INPUT = (1, 3, 321, 321)


# --8<-- [start:vgg_stage]
def vgg_stage(
    in_channels: int, channels: int, depth: int, stride: int = 2, dilation: int = 1
) -> nn.Sequential:
    """3x3 convolutions and a 3x3 pooling.

    Shapes: maps (N, in_channels, H, W) -> (N, channels, H / stride, W / stride),
    rounded up.

    Args:
        in_channels: the channels of the maps that enter.
        channels: the filters of each convolution.
        depth: how many convolutions there are.
        stride: the stride of the pooling.
        dilation: how far apart the weights of the convolutions lie.
    """
    layers: list[nn.Module] = []
    for position in range(depth):
        before = in_channels if position == 0 else channels
        convolution = nn.Conv2d(
            before, channels, 3, padding=dilation, dilation=dilation
        )
        layers += [convolution, nn.ReLU()]
    return nn.Sequential(*layers, nn.MaxPool2d(3, stride, padding=1))


# --8<-- [end:vgg_stage]


# --8<-- [start:deeplab_vgg16]
class DeepLabVGG16(nn.Module):
    """DeepLab on VGG-16: the last two poolings keep the size, fc6 is dilated.

    Chen, Papandreou, Kokkinos, Murphy, Yuille, "Semantic Image Segmentation with Deep
    Convolutional Nets and Fully Connected CRFs" (2014), sections 3.1, 3.2 and 4 and
    Table 2; without the CRF.

    Shapes: images (N, 3, H, W) -> logits (N, num_classes, H, W).

    Args:
        num_classes: the number of logits of each pixel.
        kernel: the side of fc6's kernel.
        dilation: how far apart its weights lie; the paper's "input stride".
        channels: the filters of fc6 and of fc7.
    """

    def __init__(
        self,
        num_classes: int = 21,
        kernel: int = 7,
        dilation: int = 4,
        channels: int = 4096,
    ) -> None:
        super().__init__()
        self.features = nn.Sequential(
            vgg_stage(3, 64, depth=2),
            vgg_stage(64, 128, depth=2),
            vgg_stage(128, 256, depth=3),
            vgg_stage(256, 512, depth=3, stride=1),
            vgg_stage(512, 512, depth=3, stride=1, dilation=2),
        )
        padding = dilation * (kernel - 1) // 2
        self.fc6 = nn.Conv2d(512, channels, kernel, 1, padding, dilation)
        self.relu6 = nn.ReLU()
        self.dropout6 = nn.Dropout(0.5)
        self.fc7 = nn.Conv2d(channels, channels, kernel_size=1)
        self.relu7 = nn.ReLU()
        self.dropout7 = nn.Dropout(0.5)
        self.classifier = nn.Conv2d(channels, num_classes, kernel_size=1)

    def forward(self, images: Tensor) -> Tensor:
        maps = self.dropout6(self.relu6(self.fc6(self.features(images))))
        maps = self.dropout7(self.relu7(self.fc7(maps)))
        return resize(self.classifier(maps), images)


# --8<-- [end:deeplab_vgg16]


# --8<-- [start:builders]
def deeplab_vgg16_7x7(num_classes: int = 21) -> DeepLabVGG16:
    """DeepLab-CRF-7x7 of the paper: VGG-16's dense layers with nothing taken away."""
    return DeepLabVGG16(num_classes)


def deeplab_vgg16_4x4(num_classes: int = 21) -> DeepLabVGG16:
    """DeepLab-CRF-4x4 of the paper: fc6 cut down to 4x4, and as much further apart."""
    return DeepLabVGG16(num_classes, kernel=4, dilation=8)


def deeplab_largefov(num_classes: int = 21) -> DeepLabVGG16:
    """DeepLab-CRF-LargeFOV of the paper: fc6 of 3x3, far apart, and fewer filters."""
    return DeepLabVGG16(num_classes, kernel=3, dilation=12, channels=1024)


# --8<-- [end:builders]
