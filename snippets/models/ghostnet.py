"""GhostNet: half of the maps by a 1x1, the other half cheaply from the first."""

# --8<-- [start:imports]
import torch
from torch import Tensor, nn

# --8<-- [end:imports]

INPUT = (1, 3, 224, 224)


# --8<-- [start:convolution]
class Convolution(nn.Sequential):
    """A convolution without bias, batch normalisation, and a ReLU or none.

    Shapes: maps (N, in_channels, H, W)
    -> (N, out_channels, H / stride, W / stride), rounded up.

    Args:
        in_channels: the channels of the maps that enter.
        out_channels: the channels of the maps that leave.
        kernel: the side of the kernel; it is odd.
        stride: how much smaller the maps become.
        groups: as many as channels for a depthwise convolution.
        relu: whether a ReLU follows.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel: int = 1,
        stride: int = 1,
        groups: int = 1,
        relu: bool = True,
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(
            in_channels,
            out_channels,
            kernel,
            stride,
            padding=kernel // 2,
            groups=groups,
            bias=False,
        )
        self.norm = nn.BatchNorm2d(out_channels)
        if relu:
            self.relu = nn.ReLU()


# --8<-- [end:convolution]


# --8<-- [start:ghost_module]
class GhostModule(nn.Module):
    """Half of the maps by a 1x1; from each of these one more, by a depthwise 3x3.

    Han, Wang, Tian, Guo, Xu, Xu, "GhostNet: More Features from Cheap Operations"
    (2019), section 3.1 with s = 2 and d = 3, and Figure 2.

    Shapes: maps (N, in_channels, H, W) -> (N, out_channels, H, W).

    Args:
        in_channels: the channels of the maps that enter.
        out_channels: the channels of the maps that leave; an even number.
        relu: whether a ReLU follows each of the two convolutions.
    """

    def __init__(self, in_channels: int, out_channels: int, relu: bool = True) -> None:
        super().__init__()
        half = out_channels // 2
        self.primary = Convolution(in_channels, half, relu=relu)
        self.cheap = Convolution(half, half, kernel=3, groups=half, relu=relu)

    def forward(self, maps: Tensor) -> Tensor:
        made = self.primary(maps)
        return torch.cat([made, self.cheap(made)], dim=1)


# --8<-- [end:ghost_module]


# --8<-- [start:squeeze_excitation]
class SqueezeExcitation(nn.Module):
    """A gate for each channel, from the averages of all channels.

    Hu, Shen, Sun, "Squeeze-and-Excitation Networks" (2017), section 3. The hard
    sigmoid and a quarter of the channels, in steps of 4, are as in GhostNet's published
    code.

    Shapes: maps (N, channels, H, W) -> the same.

    Args:
        channels: the channels of the maps.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        squeezed = (channels // 4 + 2) // 4 * 4
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc1 = nn.Conv2d(channels, squeezed, kernel_size=1)
        self.relu = nn.ReLU()
        self.fc2 = nn.Conv2d(squeezed, channels, kernel_size=1)
        self.gate = nn.Hardsigmoid()

    def forward(self, maps: Tensor) -> Tensor:
        squeezed = self.relu(self.fc1(self.avgpool(maps)))
        return maps * self.gate(self.fc2(squeezed))


# --8<-- [end:squeeze_excitation]


# --8<-- [start:ghost_bottleneck]
class GhostBottleneck(nn.Module):
    """A ghost module that widens, and one that narrows; their input is added.

    Han et al., "GhostNet" (2019), section 3.2 and Figure 3.

    Shapes: maps (N, in_channels, H, W)
    -> (N, out_channels, H / stride, W / stride), rounded up.

    Args:
        in_channels: the channels of the maps that enter.
        kernel: the side of the depthwise kernels where the maps or channels change.
        expanded: the channels between the two modules.
        out_channels: the channels of the maps that leave.
        gate: whether squeeze and excitation stands between the two modules.
        stride: how much smaller the maps become.
        module: what makes the maps: `GhostModule`, or `Convolution` for a full 1x1.
    """

    def __init__(
        self,
        in_channels: int,
        kernel: int,
        expanded: int,
        out_channels: int,
        gate: bool,
        stride: int,
        module: type[nn.Module] = GhostModule,
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = [module(in_channels, expanded)]
        if stride > 1:
            layers.append(
                Convolution(expanded, expanded, kernel, stride, expanded, relu=False)
            )
        if gate:
            layers.append(SqueezeExcitation(expanded))
        layers.append(module(expanded, out_channels, relu=False))
        self.layers = nn.Sequential(*layers)
        self.shortcut = nn.Identity()
        if stride > 1 or in_channels != out_channels:
            self.shortcut = nn.Sequential(
                Convolution(
                    in_channels, in_channels, kernel, stride, in_channels, relu=False
                ),
                Convolution(in_channels, out_channels, relu=False),
            )

    def forward(self, maps: Tensor) -> Tensor:
        return self.layers(maps) + self.shortcut(maps)


# --8<-- [end:ghost_bottleneck]


# --8<-- [start:ghostnet]
# Of each bottleneck: kernel, expanded channels, channels, gate, stride; Han et al.
# (2019), Table 1. The table has no kernels: these are those of the published code.
BOTTLENECKS = (
    (3, 16, 16, False, 1),
    (3, 48, 24, False, 2),
    (3, 72, 24, False, 1),
    (5, 72, 40, True, 2),
    (5, 120, 40, True, 1),
    (3, 240, 80, False, 2),
    (3, 200, 80, False, 1),
    (3, 184, 80, False, 1),
    (3, 184, 80, False, 1),
    (3, 480, 112, True, 1),
    (3, 672, 112, True, 1),
    (5, 672, 160, True, 2),
    (5, 960, 160, False, 1),
    (5, 960, 160, True, 1),
    (5, 960, 160, False, 1),
    (5, 960, 160, True, 1),
)


class GhostNet(nn.Module):
    """GhostNet in its full width.

    Han, Wang, Tian, Guo, Xu, Xu, "GhostNet: More Features from Cheap Operations"
    (2019), section 3.2 and Table 1.

    Shapes: images (N, 3, H, W) -> logits (N, num_classes).

    Args:
        num_classes: the number of logits.
        module: what makes the maps: `GhostModule`, or `Convolution` for a full 1x1.
    """

    def __init__(
        self, num_classes: int = 1000, module: type[nn.Module] = GhostModule
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = [Convolution(3, 16, kernel=3, stride=2)]
        channels = 16
        for kernel, expanded, out, gate, stride in BOTTLENECKS:
            sizes = (channels, kernel, expanded, out)
            layers.append(GhostBottleneck(*sizes, gate, stride, module))
            channels = out
        layers.append(Convolution(channels, 960))
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Sequential(
            nn.Linear(960, 1280),
            nn.ReLU(),
            nn.Dropout(0.2),
            nn.Linear(1280, num_classes),
        )

    def forward(self, images: Tensor) -> Tensor:
        return self.classifier(self.avgpool(self.features(images)).flatten(1))


# --8<-- [end:ghostnet]


# --8<-- [start:builders]
def ghostnet(num_classes: int = 1000) -> GhostNet:
    """GhostNet 1.0x."""
    return GhostNet(num_classes)


def ghostnet_full_convolutions(num_classes: int = 1000) -> GhostNet:
    """GhostNet with a full 1x1 for each ghost module: to be counted, not used.

    Without the cheap 3x3, most of its blocks see no neighbours.
    """
    return GhostNet(num_classes, module=Convolution)


# --8<-- [end:builders]
