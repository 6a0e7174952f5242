"""SE-ResNet: a gate for each channel behind the last convolution of each block."""

# --8<-- [start:imports]
from torch import Tensor, nn

# --8<-- [end:imports]
from models.resnet import Bottleneck, ResNet

INPUT = (1, 3, 224, 224)


# --8<-- [start:squeeze_excitation]
class SqueezeExcitation(nn.Module):
    """A gate for each channel, from the averages of all channels.

    Hu, Shen, Albanie, Sun, Wu, "Squeeze-and-Excitation Networks" (2017), section 3.

    Shapes: maps (N, channels, H, W) -> the same.

    Args:
        channels: the channels of the maps.
        reduction: how many times fewer lie between the two dense layers; the paper's r.
    """

    def __init__(self, channels: int, reduction: int = 16) -> None:
        super().__init__()
        squeezed = channels // reduction
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc1 = nn.Linear(channels, squeezed)
        self.relu = nn.ReLU()
        self.fc2 = nn.Linear(squeezed, channels)
        self.gate = nn.Sigmoid()

    def forward(self, maps: Tensor) -> Tensor:
        averages = self.avgpool(maps).flatten(1)
        factors = self.gate(self.fc2(self.relu(self.fc1(averages))))
        return maps * factors[:, :, None, None]


# --8<-- [end:squeeze_excitation]


# --8<-- [start:se_bottleneck]
class SEBottleneck(Bottleneck):
    """A bottleneck of ResNet whose output is gated before the input is added.

    Hu et al., "Squeeze-and-Excitation Networks" (2017), Figure 3.

    Shapes and arguments are those of `Bottleneck`.
    """

    def __init__(self, in_channels: int, channels: int, stride: int = 1) -> None:
        super().__init__(in_channels, channels, stride)
        self.se = SqueezeExcitation(4 * channels)

    def forward(self, maps: Tensor) -> Tensor:
        residual = self.relu(self.bn1(self.conv1(maps)))
        residual = self.relu(self.bn2(self.conv2(residual)))
        residual = self.se(self.bn3(self.conv3(residual)))
        return self.relu(residual + self.downsample(maps))


# --8<-- [end:se_bottleneck]


# --8<-- [start:builders]
def seresnet50(num_classes: int = 1000) -> ResNet:
    """SE-ResNet-50."""
    return ResNet(SEBottleneck, (3, 4, 6, 3), num_classes=num_classes)


def seresnet101(num_classes: int = 1000) -> ResNet:
    """SE-ResNet-101."""
    return ResNet(SEBottleneck, (3, 4, 23, 3), num_classes=num_classes)


def seresnet50_ungated_last_stage(num_classes: int = 1000) -> ResNet:
    """SE-ResNet-50 without gates in its last stage, as in section 4 of the paper."""
    network = seresnet50(num_classes)
    for block in network.layer4:
        block.se = nn.Identity()
    return network


# --8<-- [end:builders]
