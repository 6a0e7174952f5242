"""U-Net: what the way down saw is cropped and handed to the way up."""

# --8<-- [start:imports]
import torch
from torch import Tensor, nn

# --8<-- [end:imports]

INPUT = (1, 1, 572, 572)


# --8<-- [start:double_conv]
class DoubleConv(nn.Sequential):
    """Two 3x3 convolutions without padding, each followed by a ReLU.

    Ronneberger, Fischer, Brox, "U-Net: Convolutional Networks for Biomedical Image
    Segmentation" (2015), section 2.

    Shapes: maps (N, in_channels, H, W), H and W at least 5
    -> (N, out_channels, H - 4, W - 4).

    Args:
        in_channels: the channels of the maps.
        out_channels: the filters of each convolution.

    Raises:
        RuntimeError: if a map is smaller than 5x5.
    """

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, kernel_size=3)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(out_channels, out_channels, kernel_size=3)
        self.relu2 = nn.ReLU()


# --8<-- [end:double_conv]


# --8<-- [start:crop]
def crop(maps: Tensor, target: Tensor) -> Tensor:
    """Cut the centre out of `maps`, as high and as wide as `target`.

    Shapes: maps (N, C, H, W), target (N, any, h, w) -> (N, C, h, w).

    Args:
        maps: what the contracting path saw.
        target: what the expansive path has at the same level; smaller.

    Raises:
        ValueError: if the border would not be as wide on one side as on the other.
    """
    height, width = maps.shape[2:]
    rows, columns = height - target.shape[2], width - target.shape[3]
    if rows % 2 or columns % 2:
        raise ValueError(
            f"{height}x{width} maps have no centre of "
            f"{target.shape[2]}x{target.shape[3]}: choose images whose sides are "
            "12 more than a multiple of 16"
        )
    top, left = rows // 2, columns // 2
    return maps[:, :, top : height - top, left : width - left]


# --8<-- [end:crop]


# --8<-- [start:unet]
class UNet(nn.Module):
    """U-Net: a contracting and an expansive path, and a skip at each of four levels.

    Ronneberger, Fischer, Brox, "U-Net: Convolutional Networks for Biomedical Image
    Segmentation" (2015), section 2, Figure 1 and, for dropout, section 3.1. The paper
    does not give the rate of dropout; 0.5 is that of the authors' published code.

    Shapes: images (N, in_channels, H, W), H and W 188 or more, and 12 more than a
    multiple of 16, so that every map to be pooled has even sides
    -> logits (N, num_classes, H - 184, W - 184).

    Args:
        num_classes: the number of logits of each pixel.
        in_channels: the channels of the images.
        skips: how the expansive path gets to see what the contracting path saw at the
            same level: "joined" as in the paper, or "added", or "none".

    Raises:
        ValueError: if `skips` is another, or if a skip cannot be cropped about its
            centre.
        RuntimeError: if an image is too small for the convolutions.
    """

    def __init__(
        self, num_classes: int = 2, in_channels: int = 1, skips: str = "joined"
    ) -> None:
        super().__init__()
        if skips not in ("joined", "added", "none"):
            raise ValueError(f"skips are joined, added or none, not {skips}")
        self.skips = skips
        self.contract1 = DoubleConv(in_channels, 64)
        self.contract2 = DoubleConv(64, 128)
        self.contract3 = DoubleConv(128, 256)
        self.contract4 = DoubleConv(256, 512)
        self.bottom = DoubleConv(512, 1024)
        self.pool = nn.MaxPool2d(kernel_size=2, stride=2)
        self.dropout = nn.Dropout(0.5)

        # Joined, half of what an expanding convolution sees came across the skip.
        seen = 2 if skips == "joined" else 1
        self.up4 = nn.ConvTranspose2d(1024, 512, kernel_size=2, stride=2)
        self.expand4 = DoubleConv(seen * 512, 512)
        self.up3 = nn.ConvTranspose2d(512, 256, kernel_size=2, stride=2)
        self.expand3 = DoubleConv(seen * 256, 256)
        self.up2 = nn.ConvTranspose2d(256, 128, kernel_size=2, stride=2)
        self.expand2 = DoubleConv(seen * 128, 128)
        self.up1 = nn.ConvTranspose2d(128, 64, kernel_size=2, stride=2)
        self.expand1 = DoubleConv(seen * 64, 64)
        self.classifier = nn.Conv2d(64, num_classes, kernel_size=1)

    def forward(self, images: Tensor) -> Tensor:
        skip1 = self.contract1(images)
        skip2 = self.contract2(self.pool(skip1))
        skip3 = self.contract3(self.pool(skip2))
        skip4 = self.dropout(self.contract4(self.pool(skip3)))
        maps = self.dropout(self.bottom(self.pool(skip4)))

        maps = self.expand4(self.meet(skip4, self.up4(maps)))
        maps = self.expand3(self.meet(skip3, self.up3(maps)))
        maps = self.expand2(self.meet(skip2, self.up2(maps)))
        maps = self.expand1(self.meet(skip1, self.up1(maps)))
        return self.classifier(maps)

    def meet(self, skip: Tensor, maps: Tensor) -> Tensor:
        """Bring what came across and what came up together."""
        if self.skips == "none":
            return maps
        skip = crop(skip, maps)
        return skip + maps if self.skips == "added" else torch.cat([skip, maps], dim=1)


# --8<-- [end:unet]


# --8<-- [start:builders]
def unet(num_classes: int = 2) -> UNet:
    """U-Net of the paper: grey images in, cell or background out."""
    return UNet(num_classes)


def unet_added_skips(num_classes: int = 2) -> UNet:
    """U-Net whose skips are added to what comes up."""
    return UNet(num_classes, skips="added")


def unet_without_skips(num_classes: int = 2) -> UNet:
    """U-Net that sees on its way up nothing but what comes up."""
    return UNet(num_classes, skips="none")


# --8<-- [end:builders]
