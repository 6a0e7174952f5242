"""DeconvNet and SegNet: pooling remembers where, so that unpooling needs no weights."""

# --8<-- [start:imports]
from torch import Tensor, nn

# --8<-- [end:imports]

INPUT = (1, 3, 224, 224)


# --8<-- [start:stages]
# Channels and convolutions of VGG-16's five stages.
STAGES = ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))


def convolution(in_channels: int, out_channels: int, side: int = 3) -> nn.Sequential:
    """A convolution that keeps the size of the map, batch normalisation and a ReLU."""
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, side, padding=side // 2),
        nn.BatchNorm2d(out_channels),
        nn.ReLU(),
    )


def down(in_channels: int, channels: int, depth: int) -> nn.Sequential:
    """A stage of VGG-16 without its pooling.

    Shapes: maps (N, in_channels, H, W) -> (N, channels, H, W).
    """
    first = convolution(in_channels, channels)
    return nn.Sequential(
        first, *(convolution(channels, channels) for _ in range(1, depth))
    )


def up(channels: int, out_channels: int, depth: int) -> nn.Sequential:
    """The mirror of a stage: the last convolution changes the channels.

    Shapes: maps (N, channels, H, W) -> (N, out_channels, H, W).
    """
    last = convolution(channels, out_channels)
    return nn.Sequential(
        *(convolution(channels, channels) for _ in range(1, depth)), last
    )


# --8<-- [end:stages]


# --8<-- [start:segnet]
class SegNet(nn.Module):
    """VGG-16's convolutions, and their mirror; unpooling by remembered indices.

    Badrinarayanan, Kendall, Cipolla, "SegNet: A Deep Convolutional Encoder-Decoder
    Architecture for Image Segmentation" (2015), section 3 and Figure 2. With
    `dense_layers` it is DeconvNet, which keeps VGG-16's two dense layers as
    convolutions and mirrors them: Noh, Hong, Han, "Learning Deconvolution Network for
    Semantic Segmentation" (2015), section 3 and Figure 2.

    Shapes: images (N, 3, H, W), H and W multiples of 32 (exactly 224 with
    `dense_layers`, for one 7x7 answer) -> logits (N, num_classes, H, W).

    Args:
        num_classes: the number of logits of each pixel.
        dense_layers: keep VGG-16's dense layers between the two halves.
    """

    def __init__(self, num_classes: int = 21, dense_layers: bool = False) -> None:
        super().__init__()
        widths = [3, *(channels for channels, _ in STAGES)]
        self.down = nn.ModuleList(
            down(before, channels, depth)
            for before, (channels, depth) in zip(widths, STAGES, strict=False)
        )
        self.pool = nn.MaxPool2d(kernel_size=2, stride=2, return_indices=True)
        self.middle = DenseLayers() if dense_layers else nn.Identity()
        self.unpool = nn.MaxUnpool2d(kernel_size=2, stride=2)
        above = [64, *widths[1:-1]]
        depths = [depth for _, depth in STAGES]
        if not dense_layers:  # SegNet's last 3x3 gives the logits, DeconvNet's a 1x1
            depths[0] -= 1
        self.up = nn.ModuleList(
            up(channels, after, depth)
            for after, (channels, _), depth in zip(above, STAGES, depths, strict=True)
        )
        side = 1 if dense_layers else 3
        self.classifier = nn.Conv2d(64, num_classes, side, padding=side // 2)

    def forward(self, images: Tensor) -> Tensor:
        maps, remembered = images, []
        for stage in self.down:
            maps, places = self.pool(stage(maps))
            remembered.append(places)
        maps = self.middle(maps)
        for stage, places in zip(reversed(self.up), reversed(remembered), strict=True):
            maps = stage(self.unpool(maps, places))
        return self.classifier(maps)


class DenseLayers(nn.Sequential):
    """VGG-16's fc6 and fc7 as convolutions, and a 7x7 transposed one back.

    Shapes: maps (N, 512, 7, 7) -> the same.
    """

    def __init__(self) -> None:
        super().__init__(
            nn.Conv2d(512, 4096, kernel_size=7),
            nn.BatchNorm2d(4096),
            nn.ReLU(),
            convolution(4096, 4096, side=1),
            nn.ConvTranspose2d(4096, 512, kernel_size=7),
            nn.BatchNorm2d(512),
            nn.ReLU(),
        )


# --8<-- [end:segnet]


# --8<-- [start:builders]
def segnet(num_classes: int = 21) -> SegNet:
    """SegNet."""
    return SegNet(num_classes)


def deconvnet(num_classes: int = 21) -> SegNet:
    """DeconvNet."""
    return SegNet(num_classes, dense_layers=True)


# --8<-- [end:builders]
