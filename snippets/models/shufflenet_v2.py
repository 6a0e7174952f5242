"""ShuffleNet v2: half of the channels pass a unit, the other half is convolved."""

# --8<-- [start:imports]
import torch
from torch import Tensor, nn

# --8<-- [end:imports]

INPUT = (1, 3, 224, 224)


# --8<-- [start:split_unit]
class SplitUnit(nn.Module):
    """One half of the channels passes, the other is convolved; then both are shuffled.

    Ma, Zhang, Zheng, Sun, "ShuffleNet V2: Practical Guidelines for Efficient CNN
    Architecture Design" (2018), section 3 and Figure 3, c and d.

    Shapes: maps (N, in_channels, H, W)
    -> (N, out_channels, H / stride, W / stride), rounded up.

    Args:
        in_channels: the channels of the maps that enter; with stride 1 `out_channels`.
        out_channels: the channels of the maps that leave, an even number.
        stride: 2 halves the maps; then both branches convolve all that enters.
    """

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1) -> None:
        super().__init__()
        half = out_channels // 2
        self.stride = stride
        self.branch1 = nn.Sequential()
        if stride == 2:
            self.branch1 = nn.Sequential(
                *depthwise(in_channels, stride), *pointwise(in_channels, half)
            )
        seen = half if stride == 1 else in_channels
        self.branch2 = Convolved(seen, half, stride)
        self.shuffle = nn.ChannelShuffle(2)

    def forward(self, maps: Tensor) -> Tensor:
        passed, changed = maps.chunk(2, dim=1) if self.stride == 1 else (maps, maps)
        halves = [self.branch1(passed), self.branch2(changed)]
        return self.shuffle(torch.cat(halves, dim=1))


class Convolved(nn.Sequential):
    """A 1x1, a depthwise 3x3 and a 1x1.

    Shapes: maps (N, in_channels, H, W)
    -> (N, out_channels, H / stride, W / stride), rounded up.

    Args:
        in_channels: the channels of the maps that enter.
        out_channels: the channels of the maps that leave.
        stride: the stride of the 3x3.
    """

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1) -> None:
        super().__init__(
            *pointwise(in_channels, out_channels),
            *depthwise(out_channels, stride),
            *pointwise(out_channels, out_channels),
        )


def pointwise(in_channels: int, out_channels: int) -> list[nn.Module]:
    """A 1x1 convolution, which mixes channels."""
    conv = nn.Conv2d(in_channels, out_channels, kernel_size=1, bias=False)
    return [conv, nn.BatchNorm2d(out_channels), nn.ReLU()]


def depthwise(channels: int, stride: int) -> list[nn.Module]:
    """A 3x3 for each channel by itself, which looks at neighbours."""
    conv = nn.Conv2d(
        channels, channels, 3, stride, padding=1, groups=channels, bias=False
    )
    return [conv, nn.BatchNorm2d(channels)]


# --8<-- [end:split_unit]


# --8<-- [start:shufflenet_v2]
class ShuffleNetV2(nn.Module):
    """ShuffleNet v2 with torchvision's parameter names.

    Ma, Zhang, Zheng, Sun, "ShuffleNet V2: Practical Guidelines for Efficient CNN
    Architecture Design" (2018), section 3 and Table 5.

    Shapes: images (N, 3, H, W) -> logits (N, num_classes).

    Args:
        channels: of the three stages.
        last: the channels of the last 1x1.
        num_classes: the number of logits.
        split: whether half of the channels passes each unit; else all are convolved.
    """

    def __init__(
        self,
        channels: tuple[int, int, int],
        last: int = 1024,
        num_classes: int = 1000,
        split: bool = True,
    ) -> None:
        super().__init__()
        unit = SplitUnit if split else Convolved
        conv = nn.Conv2d(3, 24, kernel_size=3, stride=2, padding=1, bias=False)
        self.conv1 = nn.Sequential(conv, nn.BatchNorm2d(24), nn.ReLU())
        self.maxpool = nn.MaxPool2d(kernel_size=3, stride=2, padding=1)
        stages, in_channels = [], 24
        for width, depth in zip(channels, (4, 8, 4), strict=True):
            units = [unit(width, width) for _ in range(depth - 1)]
            first = SplitUnit(in_channels, width, stride=2)
            stages.append(nn.Sequential(first, *units))
            in_channels = width
        self.stage2, self.stage3, self.stage4 = stages
        self.conv5 = nn.Sequential(*pointwise(in_channels, last))
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(last, num_classes)

    def forward(self, images: Tensor) -> Tensor:
        maps = self.maxpool(self.conv1(images))
        maps = self.conv5(self.stage4(self.stage3(self.stage2(maps))))
        return self.fc(self.avgpool(maps).flatten(1))


# --8<-- [end:shufflenet_v2]


# --8<-- [start:builders]
def shufflenet_v2_x0_5(num_classes: int = 1000) -> ShuffleNetV2:
    """ShuffleNet v2, 0.5x."""
    return ShuffleNetV2((48, 96, 192), num_classes=num_classes)


def shufflenet_v2_x1_0(num_classes: int = 1000) -> ShuffleNetV2:
    """ShuffleNet v2, 1x."""
    return ShuffleNetV2((116, 232, 464), num_classes=num_classes)


def shufflenet_v2_x1_5(num_classes: int = 1000) -> ShuffleNetV2:
    """ShuffleNet v2, 1.5x."""
    return ShuffleNetV2((176, 352, 704), num_classes=num_classes)


def shufflenet_v2_x2_0(num_classes: int = 1000) -> ShuffleNetV2:
    """ShuffleNet v2, 2x."""
    return ShuffleNetV2((244, 488, 976), last=2048, num_classes=num_classes)


# --8<-- [end:builders]


# --8<-- [start:without_split]
def shufflenet_v2_x1_0_unsplit(num_classes: int = 1000) -> ShuffleNetV2:
    """ShuffleNet v2, 1x, whose units convolve all of their channels."""
    return ShuffleNetV2((116, 232, 464), num_classes=num_classes, split=False)


# --8<-- [end:without_split]
