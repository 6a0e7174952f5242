"""LR-ASPP: a small head for segmentation, on MobileNetV3."""

# --8<-- [start:imports]
from torch import Tensor, nn

# --8<-- [end:imports]
from models.deeplab import DeepLabHead
from models.fcn import resize
from models.mobilenet_v3 import LARGE, features

INPUT = (1, 3, 224, 224)


# --8<-- [start:head]
class LRASPPHead(nn.Module):
    """One 1x1 convolution, gated by the average of the maps, and one skip.

    Howard et al., "Searching for MobileNetV3" (2019), section 6.4 and Figure 10; the
    average is that of the whole map, as in torchvision, where the paper has 49x49.

    Shapes: low (N, low_channels, H, W), high (N, high_channels, h, w)
    -> logits (N, num_classes, H, W).

    Args:
        low_channels: the channels of the finer maps.
        high_channels: the channels of the backbone's last maps.
        num_classes: the number of logits of each place.
    """

    def __init__(self, low_channels: int, high_channels: int, num_classes: int) -> None:
        super().__init__()
        self.cbr = nn.Sequential(
            nn.Conv2d(high_channels, 128, kernel_size=1, bias=False),
            nn.BatchNorm2d(128),
            nn.ReLU(),
        )
        self.scale = nn.Sequential(
            nn.AdaptiveAvgPool2d(1),
            nn.Conv2d(high_channels, 128, kernel_size=1, bias=False),
            nn.Sigmoid(),
        )
        self.low_classifier = nn.Conv2d(low_channels, num_classes, kernel_size=1)
        self.high_classifier = nn.Conv2d(128, num_classes, kernel_size=1)

    def forward(self, low: Tensor, high: Tensor) -> Tensor:
        maps = resize(self.cbr(high) * self.scale(high), low)
        return self.low_classifier(low) + self.high_classifier(maps)


# --8<-- [end:head]


# --8<-- [start:lraspp]
class LRASPP(nn.Module):
    """LR-ASPP on a dilated MobileNetV3-Large, with torchvision's parameter names.

    Howard et al., "Searching for MobileNetV3" (2019), section 6.4.

    Shapes: images (N, 3, H, W) -> {"out": logits (N, num_classes, H, W)}.

    Args:
        num_classes: the number of logits of each pixel.
    """

    def __init__(self, num_classes: int = 21) -> None:
        super().__init__()
        self.backbone = features(LARGE, dilated=True)
        self.classifier = LRASPPHead(40, 960, num_classes)

    def forward(self, images: Tensor) -> dict[str, Tensor]:
        # The fifth module gives maps of an eighth of the image's sides.
        low = self.backbone[:5](images)
        high = self.backbone[5:](low)
        return {"out": resize(self.classifier(low, high), images)}


# --8<-- [end:lraspp]


# --8<-- [start:deeplabv3_mobilenet]
class DeepLabV3MobileNet(nn.Module):
    """DeepLabv3's head on the backbone of LR-ASPP, with torchvision's parameter names.

    Shapes: images (N, 3, H, W) -> {"out": logits (N, num_classes, H, W)}.

    Args:
        num_classes: the number of logits of each pixel.
    """

    def __init__(self, num_classes: int = 21) -> None:
        super().__init__()
        self.backbone = features(LARGE, dilated=True)
        self.classifier = DeepLabHead(960, (12, 24, 36), num_classes)

    def forward(self, images: Tensor) -> dict[str, Tensor]:
        logits = self.classifier(self.backbone(images))
        return {"out": resize(logits, images)}


# --8<-- [end:deeplabv3_mobilenet]


# --8<-- [start:builders]
def lraspp_mobilenet_v3_large(num_classes: int = 21) -> LRASPP:
    """LR-ASPP as torchvision has it."""
    return LRASPP(num_classes)


def deeplabv3_mobilenet_v3_large(num_classes: int = 21) -> DeepLabV3MobileNet:
    """DeepLabv3 as torchvision has it, on MobileNetV3-Large."""
    return DeepLabV3MobileNet(num_classes)


# --8<-- [end:builders]
