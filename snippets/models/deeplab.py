"""DeepLabv3: atrous convolutions see further with the same weights."""

# --8<-- [start:imports]
import torch
from torch import Tensor, nn

# --8<-- [end:imports]
from models.atrous_resnet import AtrousResNet50
from models.fcn import FCNHead, resize

INPUT = (1, 3, 224, 224)


# --8<-- [start:aspp]
class ASPP(nn.Module):
    """Atrous spatial pyramid pooling: one map seen at several scales side by side.

    Chen, Papandreou, Schroff, Adam, "Rethinking Atrous Convolution for Semantic Image
    Segmentation" (2017), section 3.3 and Figure 5. The dropout is torchvision's.

    Shapes: maps (N, in_channels, H, W) -> (N, 256, H, W).

    Args:
        in_channels: the channels of the maps.
        rates: the dilation of each 3x3 convolution.

    Raises:
        ValueError: if it is trained on one image at a time: the average of the whole
            map is one value a channel, which batch normalisation cannot normalise.
    """

    def __init__(self, in_channels: int, rates: tuple[int, ...]) -> None:
        super().__init__()
        one_by_one = nn.Sequential(
            nn.Conv2d(in_channels, 256, kernel_size=1, bias=False),
            nn.BatchNorm2d(256),
            nn.ReLU(),
        )
        # Padded by its rate, a convolution keeps the size of the map.
        atrous = [
            nn.Sequential(
                nn.Conv2d(in_channels, 256, 3, padding=rate, dilation=rate, bias=False),
                nn.BatchNorm2d(256),
                nn.ReLU(),
            )
            for rate in rates
        ]
        whole_image = nn.Sequential(
            nn.AdaptiveAvgPool2d(1),
            nn.Conv2d(in_channels, 256, kernel_size=1, bias=False),
            nn.BatchNorm2d(256),
            nn.ReLU(),
        )
        self.convs = nn.ModuleList([one_by_one, *atrous, whole_image])
        self.project = nn.Sequential(
            nn.Conv2d(len(self.convs) * 256, 256, kernel_size=1, bias=False),
            nn.BatchNorm2d(256),
            nn.ReLU(),
            nn.Dropout(0.5),
        )

    def forward(self, maps: Tensor) -> Tensor:
        *seen, whole = [branch(maps) for branch in self.convs]
        seen.append(resize(whole, maps))
        return self.project(torch.cat(seen, dim=1))


# --8<-- [end:aspp]


# --8<-- [start:deeplabv3]
class DeepLabHead(nn.Sequential):
    """ASPP, and from its maps the logits.

    The 3x3 convolution is torchvision's; the paper goes from ASPP to the logits.

    Shapes: maps (N, in_channels, H, W) -> logits (N, num_classes, H, W).

    Args:
        in_channels: the channels of the maps.
        rates: the dilations of ASPP.
        num_classes: the number of logits of each place.

    Raises:
        ValueError: if it is trained on one image at a time, as in `ASPP`.
    """

    def __init__(
        self, in_channels: int, rates: tuple[int, ...], num_classes: int
    ) -> None:
        super().__init__(
            ASPP(in_channels, rates),
            nn.Conv2d(256, 256, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(256),
            nn.ReLU(),
            nn.Conv2d(256, num_classes, kernel_size=1),
        )


class DeepLabV3(nn.Module):
    """DeepLabv3 on a ResNet-50, with torchvision's parameter names.

    Chen, Papandreou, Schroff, Adam, "Rethinking Atrous Convolution for Semantic Image
    Segmentation" (2017), section 3.

    Shapes: images (N, 3, H, W) -> {"out": logits (N, num_classes, H, W)}, and with
    `aux_loss` also "aux", of the same shape.

    Args:
        num_classes: the number of logits of each pixel.
        output_stride: 8, 16 or 32; the backbone is atrous instead of coarser. The rates
            of ASPP go with it: 12, 24 and 36 for 8, half of these for 16 as in the
            paper, and half again for 32, where the backbone is an ordinary ResNet.
        aux_loss: also give logits from the backbone's third stage.

    Raises:
        ValueError: if the output stride is another, or if it is trained on one image
            at a time.
    """

    def __init__(
        self, num_classes: int = 21, output_stride: int = 8, aux_loss: bool = False
    ) -> None:
        super().__init__()
        self.backbone = AtrousResNet50(output_stride)
        rates = tuple(pixels // output_stride for pixels in (96, 192, 288))
        self.classifier = DeepLabHead(2048, rates, num_classes)
        self.aux_classifier = FCNHead(1024, num_classes) if aux_loss else None

    def forward(self, images: Tensor) -> dict[str, Tensor]:
        third, fourth = self.backbone(images)
        logits = {"out": resize(self.classifier(fourth), images)}
        if self.aux_classifier is not None:
            logits["aux"] = resize(self.aux_classifier(third), images)
        return logits


# --8<-- [end:deeplabv3]


# --8<-- [start:builders]
def deeplabv3_resnet50(num_classes: int = 21, aux_loss: bool = False) -> DeepLabV3:
    """DeepLabv3 as torchvision has it: output stride 8."""
    return DeepLabV3(num_classes, aux_loss=aux_loss)


def deeplabv3_resnet50_output_stride_16(num_classes: int = 21) -> DeepLabV3:
    """DeepLabv3 whose backbone is atrous in its last stage only."""
    return DeepLabV3(num_classes, output_stride=16)


def deeplabv3_resnet50_output_stride_32(num_classes: int = 21) -> DeepLabV3:
    """DeepLabv3 whose backbone halves its maps where it could be atrous."""
    return DeepLabV3(num_classes, output_stride=32)


# --8<-- [end:builders]
