"""ShuffleNet v1: 1x1 convolutions in groups, and a shuffle that joins the groups."""

# --8<-- [start:imports]
import torch
from torch import Tensor, nn

# --8<-- [end:imports]

INPUT = (1, 3, 224, 224)


# --8<-- [start:shuffle_unit]
class ShuffleUnit(nn.Module):
    """A bottleneck with a depthwise 3x3, whose two 1x1 are in groups.

    Zhang, Zhou, Lin, Sun, "ShuffleNet: An Extremely Efficient Convolutional Neural
    Network for Mobile Devices" (2017), section 3.2 and Figure 2, b and c.

    Shapes: maps (N, in_channels, H, W)
    -> (N, out_channels, H / stride, W / stride), rounded up.

    Args:
        in_channels: the channels of the maps that enter; with stride 1 `out_channels`.
        out_channels: the channels of the maps that leave.
        groups: of the two 1x1.
        stride: 2 halves the maps, and joins the input instead of adding it.
        first_groups: of the first 1x1, if not `groups`.

    Raises:
        ValueError: if the groups do not divide the channels of a 1x1.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        groups: int,
        stride: int = 1,
        first_groups: int | None = None,
    ) -> None:
        super().__init__()
        narrow = out_channels // 4
        # Joining the input gives the other channels.
        made = out_channels if stride == 1 else out_channels - in_channels
        self.conv1 = nn.Conv2d(
            in_channels, narrow, 1, groups=first_groups or groups, bias=False
        )
        self.norm1 = nn.BatchNorm2d(narrow)
        self.relu = nn.ReLU()
        self.shuffle = nn.ChannelShuffle(groups) if groups > 1 else nn.Identity()
        self.depthwise = nn.Conv2d(
            narrow, narrow, 3, stride, padding=1, groups=narrow, bias=False
        )
        self.norm2 = nn.BatchNorm2d(narrow)
        self.conv3 = nn.Conv2d(narrow, made, 1, groups=groups, bias=False)
        self.norm3 = nn.BatchNorm2d(made)
        self.pool = nn.AvgPool2d(3, stride=2, padding=1) if stride == 2 else None

    def forward(self, maps: Tensor) -> Tensor:
        branch = self.relu(self.norm1(self.conv1(maps)))
        branch = self.norm2(self.depthwise(self.shuffle(branch)))
        branch = self.norm3(self.conv3(branch))
        if self.pool is None:
            return self.relu(maps + branch)
        return self.relu(torch.cat([self.pool(maps), branch], dim=1))


# --8<-- [end:shuffle_unit]


# --8<-- [start:shufflenet_v1]
# The channels of stage 2 for each number of groups, Table 1 of the paper; they double
# from stage to stage.
CHANNELS = {1: 144, 2: 200, 3: 240, 4: 272, 8: 384}


class ShuffleNetV1(nn.Module):
    """ShuffleNet v1, 1x.

    Zhang, Zhou, Lin, Sun, "ShuffleNet: An Extremely Efficient Convolutional Neural
    Network for Mobile Devices" (2017), section 3.3 and Table 1.

    Shapes: images (N, 3, H, W) -> logits (N, num_classes).

    Args:
        groups: of the 1x1 convolutions.
        channels: of stage 2; those of Table 1 are in `CHANNELS`.
        num_classes: the number of logits.

    Raises:
        ValueError: if the groups do not divide the channels.
    """

    def __init__(self, groups: int, channels: int, num_classes: int = 1000) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 24, kernel_size=3, stride=2, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(24)
        self.relu = nn.ReLU()
        self.maxpool = nn.MaxPool2d(kernel_size=3, stride=2, padding=1)
        # So few channels enter the first unit that its first 1x1 is not in groups.
        self.stage2 = nn.Sequential(
            ShuffleUnit(24, channels, groups, stride=2, first_groups=1),
            *[ShuffleUnit(channels, channels, groups) for _ in range(3)],
        )
        self.stage3 = stage(channels, groups, depth=8)
        self.stage4 = stage(2 * channels, groups, depth=4)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(4 * channels, num_classes)

    def forward(self, images: Tensor) -> Tensor:
        maps = self.maxpool(self.relu(self.norm1(self.conv1(images))))
        maps = self.stage4(self.stage3(self.stage2(maps)))
        return self.fc(self.avgpool(maps).flatten(1))


def stage(in_channels: int, groups: int, depth: int) -> nn.Sequential:
    """Units that double the channels and halve the maps once.

    Shapes: maps (N, in_channels, H, W) -> (N, 2 * in_channels, H / 2, W / 2),
    rounded up.
    """
    channels = 2 * in_channels
    return nn.Sequential(
        ShuffleUnit(in_channels, channels, groups, stride=2),
        *[ShuffleUnit(channels, channels, groups) for _ in range(depth - 1)],
    )


# --8<-- [end:shufflenet_v1]


# --8<-- [start:builders]
def shufflenet_v1_g1(num_classes: int = 1000) -> ShuffleNetV1:
    """ShuffleNet v1 without groups."""
    return ShuffleNetV1(1, CHANNELS[1], num_classes)


def shufflenet_v1_g2(num_classes: int = 1000) -> ShuffleNetV1:
    """ShuffleNet v1 with 2 groups."""
    return ShuffleNetV1(2, CHANNELS[2], num_classes)


def shufflenet_v1_g3(num_classes: int = 1000) -> ShuffleNetV1:
    """ShuffleNet v1 with 3 groups."""
    return ShuffleNetV1(3, CHANNELS[3], num_classes)


def shufflenet_v1_g4(num_classes: int = 1000) -> ShuffleNetV1:
    """ShuffleNet v1 with 4 groups."""
    return ShuffleNetV1(4, CHANNELS[4], num_classes)


def shufflenet_v1_g8(num_classes: int = 1000) -> ShuffleNetV1:
    """ShuffleNet v1 with 8 groups."""
    return ShuffleNetV1(8, CHANNELS[8], num_classes)


# --8<-- [end:builders]


# --8<-- [start:without_groups]
def shufflenet_v1_g8_ungrouped(num_classes: int = 1000) -> ShuffleNetV1:
    """ShuffleNet v1 as wide as with 8 groups, but its 1x1 see all channels."""
    return ShuffleNetV1(1, CHANNELS[8], num_classes)


# --8<-- [end:without_groups]
