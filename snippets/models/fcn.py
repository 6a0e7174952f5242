"""FCN: dense layers become convolutions, so that every pixel gets an answer."""

# --8<-- [start:imports]
from torch import Tensor, nn
from torch.nn import functional

# --8<-- [end:imports]
from models.atrous_resnet import AtrousResNet50

INPUT = (1, 3, 224, 224)


# --8<-- [start:resize]
def resize(maps: Tensor, target: Tensor) -> Tensor:
    """Interpolate `maps` bilinearly to the height and width of `target`.

    Shapes: maps (N, C, H, W), target (N, any, h, w) -> (N, C, h, w).
    """
    return functional.interpolate(maps, size=target.shape[2:], mode="bilinear")


# --8<-- [end:resize]


# --8<-- [start:fcn_head]
class FCNHead(nn.Sequential):
    """Logits for each place, by a 3x3 convolution and a 1x1. It is torchvision's.

    Shapes: maps (N, in_channels, H, W) -> logits (N, num_classes, H, W).

    Args:
        in_channels: the channels of the maps; a quarter of them is between the two.
        num_classes: the number of logits of each place.
    """

    def __init__(self, in_channels: int, num_classes: int) -> None:
        channels = in_channels // 4
        super().__init__(
            nn.Conv2d(in_channels, channels, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.Dropout(0.1),
            nn.Conv2d(channels, num_classes, kernel_size=1),
        )


# --8<-- [end:fcn_head]


# --8<-- [start:fcn_resnet50]
class FCNResNet50(nn.Module):
    """FCN on an atrous ResNet-50, with torchvision's parameter names.

    Long, Shelhamer, Darrell, "Fully Convolutional Networks for Semantic Segmentation"
    (2015) has VGG-16 and skips; this is torchvision's network of that name.

    Shapes: images (N, 3, H, W) -> {"out": logits (N, num_classes, H, W)}, and with
    `aux_loss` also "aux", of the same shape.

    Args:
        num_classes: the number of logits of each pixel.
        aux_loss: also give logits from the backbone's third stage.
    """

    def __init__(self, num_classes: int = 21, aux_loss: bool = False) -> None:
        super().__init__()
        self.backbone = AtrousResNet50(output_stride=8)
        self.classifier = FCNHead(2048, num_classes)
        self.aux_classifier = FCNHead(1024, num_classes) if aux_loss else None

    def forward(self, images: Tensor) -> dict[str, Tensor]:
        third, fourth = self.backbone(images)
        logits = {"out": resize(self.classifier(fourth), images)}
        if self.aux_classifier is not None:
            logits["aux"] = resize(self.aux_classifier(third), images)
        return logits


# --8<-- [end:fcn_resnet50]


# --8<-- [start:fcn_vgg16]
def vgg_stage(in_channels: int, channels: int, depth: int) -> list[nn.Module]:
    """A stage of VGG-16: `depth` 3x3 convolutions and a pooling, rounded up."""
    layers: list[nn.Module] = []
    for position in range(depth):
        before = in_channels if position == 0 else channels
        layers += [nn.Conv2d(before, channels, kernel_size=3, padding=1), nn.ReLU()]
    return [*layers, nn.MaxPool2d(kernel_size=2, stride=2, ceil_mode=True)]


class FCNVGG16(nn.Module):
    """FCN-32s, FCN-16s and FCN-8s: VGG-16 with its dense layers as convolutions.

    Long, Shelhamer, Darrell, "Fully Convolutional Networks for Semantic Segmentation"
    (2015), sections 3.1 and 4.2 and Figure 3. As in the authors' published code the
    first convolution is padded by 100, so that the logits can be cut to fit an image of
    any size, and the upsampling has no bias.

    Shapes: images (N, 3, H, W) -> logits (N, num_classes, H, W).

    Args:
        num_classes: the number of logits of each pixel.
        stride: 32, 16 or 8; how finely the last upsampling begins. 16 adds what pool4
            says of the classes, 8 also pool3.

    Raises:
        ValueError: if the stride is another.
    """

    def __init__(self, num_classes: int = 21, stride: int = 32) -> None:
        super().__init__()
        if stride not in (32, 16, 8):
            raise ValueError(f"the stride is 32, 16 or 8, not {stride}")
        stages = [(3, 64, 2), (64, 128, 2), (128, 256, 3), (256, 512, 3), (512, 512, 3)]
        self.stage1, self.stage2, self.stage3, self.stage4, self.stage5 = (
            nn.Sequential(*vgg_stage(*sizes)) for sizes in stages
        )
        self.stage1[0].padding = (100, 100)
        self.fc6 = nn.Conv2d(512, 4096, kernel_size=7)
        self.fc7 = nn.Conv2d(4096, 4096, kernel_size=1)
        self.relu = nn.ReLU()
        self.dropout = nn.Dropout(0.5)
        self.score = nn.Conv2d(4096, num_classes, kernel_size=1)

        self.stride = stride
        if stride <= 16:
            self.up_fc7 = upsample(num_classes, 2)
            self.score_pool4 = nn.Conv2d(512, num_classes, kernel_size=1)
        if stride == 8:
            self.up_pool4 = upsample(num_classes, 2)
            self.score_pool3 = nn.Conv2d(256, num_classes, kernel_size=1)
        self.up = upsample(num_classes, stride)

    def forward(self, images: Tensor) -> Tensor:
        pool3 = self.stage3(self.stage2(self.stage1(images)))
        pool4 = self.stage4(pool3)
        maps = self.dropout(self.relu(self.fc6(self.stage5(pool4))))
        logits = self.score(self.dropout(self.relu(self.fc7(maps))))
        if self.stride <= 16:
            logits = self.up_fc7(logits)
            logits = logits + crop(self.score_pool4(pool4), logits, 5)
        if self.stride == 8:
            logits = self.up_pool4(logits)
            logits = logits + crop(self.score_pool3(pool3), logits, 9)
        # Where the padding of 100 ends, seen from the maps that come up.
        return crop(self.up(logits), images, {32: 19, 16: 27, 8: 31}[self.stride])


def upsample(channels: int, factor: int) -> nn.ConvTranspose2d:
    """A transposed convolution that makes maps `factor` times as large.

    Shapes: maps (N, channels, H, W)
    -> (N, channels, factor * (H + 1), factor * (W + 1)).
    """
    return nn.ConvTranspose2d(channels, channels, 2 * factor, factor, bias=False)


def crop(maps: Tensor, target: Tensor, offset: int) -> Tensor:
    """Cut out of `maps`, from `offset` on, what is as high and as wide as `target`.

    Shapes: maps (N, C, H, W), target (N, any, h, w) -> (N, C, h, w).
    """
    height, width = target.shape[2:]
    return maps[:, :, offset : offset + height, offset : offset + width]


# --8<-- [end:fcn_vgg16]


# --8<-- [start:builders]
def fcn_resnet50(num_classes: int = 21, aux_loss: bool = False) -> FCNResNet50:
    """FCN as torchvision has it, on a ResNet-50 of output stride 8."""
    return FCNResNet50(num_classes, aux_loss)


def fcn32s_vgg16(num_classes: int = 21) -> FCNVGG16:
    """FCN-32s of the paper: no skips."""
    return FCNVGG16(num_classes, stride=32)


def fcn16s_vgg16(num_classes: int = 21) -> FCNVGG16:
    """FCN-16s of the paper: one skip, from pool4."""
    return FCNVGG16(num_classes, stride=16)


def fcn8s_vgg16(num_classes: int = 21) -> FCNVGG16:
    """FCN-8s of the paper: two skips, from pool4 and pool3."""
    return FCNVGG16(num_classes, stride=8)


# --8<-- [end:builders]
