"""ResNet-50 as a backbone: dilated where it would grow coarse, without its head."""

# --8<-- [start:imports]
from torch import Tensor, nn

# --8<-- [end:imports]

INPUT = (1, 3, 224, 224)


# --8<-- [start:bottleneck]
class Bottleneck(nn.Module):
    """ResNet's bottleneck, 1x1, 3x3 and 1x1 and a shortcut; its 3x3 may be atrous.

    He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition" (2015),
    section 4.1 and Figure 5, right; the stride is torchvision's, in the 3x3. Chen,
    Papandreou, Schroff, Adam, "Rethinking Atrous Convolution for Semantic Image
    Segmentation" (2017), section 3.1.

    Shapes: maps (N, in_channels, H, W) -> (N, 4 * channels, H / stride, W / stride),
    rounded up.

    Args:
        in_channels: the channels of the maps that enter.
        channels: the channels of the 3x3; four times as many leave.
        stride: the stride of the 3x3.
        dilation: how far apart the 3x3's weights lie. It adds none.
    """

    def __init__(
        self, in_channels: int, channels: int, stride: int = 1, dilation: int = 1
    ) -> None:
        super().__init__()
        out_channels = 4 * channels
        self.conv1 = nn.Conv2d(in_channels, channels, kernel_size=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        # Padded by its dilation, the 3x3 convolution keeps the size of the map.
        self.conv2 = nn.Conv2d(
            channels,
            channels,
            kernel_size=3,
            stride=stride,
            padding=dilation,
            dilation=dilation,
            bias=False,
        )
        self.bn2 = nn.BatchNorm2d(channels)
        self.conv3 = nn.Conv2d(channels, out_channels, kernel_size=1, bias=False)
        self.bn3 = nn.BatchNorm2d(out_channels)
        self.relu = nn.ReLU()
        self.downsample = nn.Identity()
        if stride != 1 or in_channels != out_channels:
            self.downsample = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride=stride, bias=False),
                nn.BatchNorm2d(out_channels),
            )

    def forward(self, maps: Tensor) -> Tensor:
        residual = self.relu(self.bn1(self.conv1(maps)))
        residual = self.relu(self.bn2(self.conv2(residual)))
        residual = self.bn3(self.conv3(residual))
        return self.relu(residual + self.downsample(maps))


# --8<-- [end:bottleneck]


# --8<-- [start:backbone]
def stage(
    in_channels: int, channels: int, blocks: int, stride: int = 1, dilation: int = 1
) -> nn.Sequential:
    """Bottlenecks of one width; only the first has the stride.

    A stage with a dilation does not halve its maps where ResNet's does, and doubles
    the distance between the weights instead. This begins behind the 3x3 that would
    have had the stride, so that one keeps the dilation of the stage before.

    Shapes: maps (N, in_channels, H, W) -> (N, 4 * channels, H / stride, W / stride),
    rounded up.

    Args:
        in_channels: the channels of the maps that enter.
        channels: the channels of the bottlenecks.
        blocks: how many bottlenecks there are.
        stride: the stride of the first one.
        dilation: the dilation of all but the first one.
    """
    first = Bottleneck(in_channels, channels, stride, max(1, dilation // 2))
    rest = [
        Bottleneck(4 * channels, channels, dilation=dilation) for _ in range(blocks - 1)
    ]
    return nn.Sequential(first, *rest)


# For each output stride: the strides, then the dilations, of the last two stages.
ATROUS = {32: ((2, 2), (1, 1)), 16: ((2, 1), (1, 2)), 8: ((1, 1), (2, 4))}


class AtrousResNet50(nn.Module):
    """ResNet-50 without its dense layer, with atrous stages instead of coarse maps.

    Chen, Papandreou, Schroff, Adam, "Rethinking Atrous Convolution for Semantic Image
    Segmentation" (2017), sections 3.1 and 3.2. As in torchvision the blocks of a stage
    have no multi-grid of dilations (section 3.2.1).

    Shapes: images (N, 3, H, W) -> maps of the third and of the fourth stage,
    (N, 1024, H / 16, W / 16), or H / 8 and W / 8 if the output stride is 8, and
    (N, 2048, H / output_stride, W / output_stride); all rounded up.

    Args:
        output_stride: how many pixels lie between two values of the last maps: 8, 16,
            or 32 as in ResNet itself.

    Raises:
        ValueError: if the output stride is another.
    """

    def __init__(self, output_stride: int = 8) -> None:
        super().__init__()
        if output_stride not in ATROUS:
            raise ValueError(f"the output stride is 8, 16 or 32, not {output_stride}")
        strides, dilations = ATROUS[output_stride]
        self.conv1 = nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU()
        self.maxpool = nn.MaxPool2d(kernel_size=3, stride=2, padding=1)
        self.layer1 = stage(64, 64, blocks=3)
        self.layer2 = stage(256, 128, blocks=4, stride=2)
        self.layer3 = stage(512, 256, 6, strides[0], dilations[0])
        self.layer4 = stage(1024, 512, 3, strides[1], dilations[1])

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        maps = self.maxpool(self.relu(self.bn1(self.conv1(images))))
        third = self.layer3(self.layer2(self.layer1(maps)))
        return third, self.layer4(third)


# --8<-- [end:backbone]
