"""GoogLeNet: the paper's, the one that torchvision has, and two without reductions."""

# --8<-- [start:imports]
from typing import NamedTuple

import torch
from torch import Tensor, nn

# --8<-- [end:imports]

INPUT = (1, 3, 224, 224)


# --8<-- [start:inception]
# The rows of Table 1: #1x1, #3x3 reduce, #3x3, #5x5 reduce, #5x5, pool proj.
WIDTHS = {
    "inception3a": (64, 96, 128, 16, 32, 32),
    "inception3b": (128, 128, 192, 32, 96, 64),
    "inception4a": (192, 96, 208, 16, 48, 64),
    "inception4b": (160, 112, 224, 24, 64, 64),
    "inception4c": (128, 128, 256, 24, 64, 64),
    "inception4d": (112, 144, 288, 32, 64, 64),
    "inception4e": (256, 160, 320, 32, 128, 128),
    "inception5a": (256, 160, 320, 32, 128, 128),
    "inception5b": (384, 192, 384, 48, 128, 128),
}


class ConvBlock(nn.Sequential):
    """A convolution that keeps the size of its maps (at stride 1), and a ReLU.

    Szegedy et al., "Going Deeper with Convolutions" (2014), section 5. The batch
    normalisation is not in the paper; it takes the place of the biases.

    Shapes: (N, in_channels, H, W) -> (N, out_channels, H / stride, W / stride),
    rounded up.

    Args:
        in_channels: the channels of the maps that come in.
        out_channels: the number of filters.
        size: the side of the kernels; odd.
        stride: the step of the kernels.
        batch_norm: normalise between convolution and ReLU, with torchvision's eps.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        size: int,
        stride: int = 1,
        batch_norm: bool = False,
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(
            in_channels, out_channels, size, stride, size // 2, bias=not batch_norm
        )
        if batch_norm:
            self.bn = nn.BatchNorm2d(out_channels, eps=0.001)
        self.relu = nn.ReLU()


class Inception(nn.Module):
    """Four branches side by side; 1x1 convolutions keep the large kernels cheap.

    Szegedy et al., "Going Deeper with Convolutions" (2014), section 4, Figure 2(b)
    and Table 1.

    Shapes: (N, in_channels, H, W) -> (N, out_channels, H, W).

    Args:
        in_channels: the channels of the maps that come in.
        widths: #1x1, #3x3 reduce, #3x3, #5x5 reduce, #5x5, pool proj.
        large: the side of the large kernels: 5 in the paper, 3 in torchvision.
        batch_norm: normalise after every convolution. Not in the paper.

    Raises:
        ValueError: if there are not six widths.
    """

    def __init__(
        self,
        in_channels: int,
        widths: tuple[int, ...],
        large: int = 5,
        batch_norm: bool = False,
    ) -> None:
        super().__init__()
        n1x1, reduce3x3, n3x3, reduce5x5, n5x5, projection = widths
        self.branch1 = ConvBlock(in_channels, n1x1, 1, batch_norm=batch_norm)
        self.branch2 = nn.Sequential(
            ConvBlock(in_channels, reduce3x3, 1, batch_norm=batch_norm),
            ConvBlock(reduce3x3, n3x3, 3, batch_norm=batch_norm),
        )
        self.branch3 = nn.Sequential(
            ConvBlock(in_channels, reduce5x5, 1, batch_norm=batch_norm),
            ConvBlock(reduce5x5, n5x5, large, batch_norm=batch_norm),
        )
        self.branch4 = nn.Sequential(
            nn.MaxPool2d(kernel_size=3, stride=1, padding=1),
            ConvBlock(in_channels, projection, 1, batch_norm=batch_norm),
        )
        self.out_channels = n1x1 + n3x3 + n5x5 + projection

    def forward(self, maps: Tensor) -> Tensor:
        return torch.cat([branch(maps) for branch in self.children()], dim=1)


# --8<-- [end:inception]


# --8<-- [start:auxiliary]
class GoogLeNetOutputs(NamedTuple):
    """What a network with auxiliary heads gives in training: three times the logits.

    Szegedy et al., "Going Deeper with Convolutions" (2014), section 5: the losses of
    the two heads are added to that of the network, each multiplied by 0.3.

    Shapes: each (N, num_classes).
    """

    logits: Tensor
    aux_logits2: Tensor
    aux_logits1: Tensor


class Auxiliary(nn.Sequential):
    """An auxiliary head; its layers run in the order in which they are assigned.

    Szegedy et al., "Going Deeper with Convolutions" (2014), section 5.

    Shapes: (N, in_channels, H, W) -> (N, num_classes).

    Args:
        in_channels: the channels of the maps that come in.
        num_classes: the number of logits.
        pool: the pooling that brings the maps to 4x4.
        batch_norm: normalise after the convolution. Not in the paper.

    Raises:
        RuntimeError: if the pooled maps are not 4x4.
    """

    def __init__(
        self,
        in_channels: int,
        num_classes: int,
        pool: nn.Module,
        batch_norm: bool = False,
    ) -> None:
        super().__init__()
        self.pool = pool
        self.conv = ConvBlock(in_channels, 128, 1, batch_norm=batch_norm)
        self.flatten = nn.Flatten()
        self.fc1 = nn.Linear(128 * 4 * 4, 1024)
        self.relu = nn.ReLU()
        self.dropout = nn.Dropout(0.7)
        self.fc2 = nn.Linear(1024, num_classes)


# --8<-- [end:auxiliary]


# --8<-- [start:googlenet_2014]
class GoogLeNet2014(nn.Module):
    """GoogLeNet of the paper.

    Szegedy et al., "Going Deeper with Convolutions" (2014), section 5, Table 1 and
    Figure 3.

    Shapes: images (N, 3, H, W), H and W at least 31 -> logits (N, num_classes), or
    three times that in training with auxiliary heads, with H and W from 223 to 270.

    Args:
        num_classes: the number of logits.
        aux_logits: have the two auxiliary heads, which run in training only.
        module: what makes each of the nine modules of its input channels and widths.

    Raises:
        RuntimeError: if an image is too small, or does not fit the heads that run.
    """

    def __init__(
        self,
        num_classes: int = 1000,
        aux_logits: bool = False,
        module: type[nn.Module] = Inception,
    ) -> None:
        super().__init__()
        self.aux_logits = aux_logits
        self.conv1 = ConvBlock(3, 64, 7, stride=2)
        self.maxpool1 = nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True)
        # The paper does not give the constants; torch's, with k = 1, are Caffe's, too.
        self.norm1 = nn.LocalResponseNorm(size=5)
        self.conv2 = ConvBlock(64, 64, 1)
        self.conv3 = ConvBlock(64, 192, 3)
        self.norm2 = nn.LocalResponseNorm(size=5)
        self.maxpool2 = nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True)
        channels = 192
        for name, widths in WIDTHS.items():
            self.add_module(name, module(channels, widths))
            channels = self.get_submodule(name).out_channels
        self.maxpool3 = nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True)
        self.maxpool4 = nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True)
        if aux_logits:
            seen1, seen2 = self.inception4a.out_channels, self.inception4d.out_channels
            self.aux1 = Auxiliary(seen1, num_classes, nn.AvgPool2d(5, stride=3))
            self.aux2 = Auxiliary(seen2, num_classes, nn.AvgPool2d(5, stride=3))
        # 224x224 images arrive here as 7x7 maps, which the paper averages whole.
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(0.4)
        self.fc = nn.Linear(channels, num_classes)

    def forward(self, images: Tensor) -> Tensor | GoogLeNetOutputs:
        with_heads = self.training and self.aux_logits
        maps = self.norm1(self.maxpool1(self.conv1(images)))
        maps = self.maxpool2(self.norm2(self.conv3(self.conv2(maps))))
        maps = self.maxpool3(self.inception3b(self.inception3a(maps)))
        maps = self.inception4a(maps)
        aux_logits1 = self.aux1(maps) if with_heads else None
        maps = self.inception4d(self.inception4c(self.inception4b(maps)))
        aux_logits2 = self.aux2(maps) if with_heads else None
        maps = self.maxpool4(self.inception4e(maps))
        maps = self.avgpool(self.inception5b(self.inception5a(maps)))
        logits = self.fc(self.dropout(maps.flatten(1)))
        if with_heads:
            return GoogLeNetOutputs(logits, aux_logits2, aux_logits1)
        return logits


# --8<-- [end:googlenet_2014]


# --8<-- [start:to_symmetric]
def to_symmetric(images: Tensor) -> Tensor:
    """Bring images from ImageNet's mean and deviation to values in [-1, 1].

    Shapes: images (N, 3, H, W), normalised -> images (N, 3, H, W).
    """
    mean = images.new_tensor([0.485, 0.456, 0.406]).view(3, 1, 1)
    deviation = images.new_tensor([0.229, 0.224, 0.225]).view(3, 1, 1)
    return (images * deviation + mean - 0.5) / 0.5


# --8<-- [end:to_symmetric]


# --8<-- [start:googlenet]
class GoogLeNet(nn.Module):
    """GoogLeNet with torchvision's parameter names: batch-normalised, without a 5x5.

    Szegedy et al., "Going Deeper with Convolutions" (2014), section 5 and Table 1.
    Like torchvision it has 3x3 kernels for the paper's 5x5, batch normalisation for
    biases and local response normalisation, a last pooling of 2x2 for 3x3, heads that
    average adaptively, and less dropout.

    Shapes: images (N, 3, H, W), H and W at least 15 -> logits (N, num_classes), or
    three times that in training with auxiliary heads.

    Args:
        num_classes: the number of logits.
        aux_logits: have the two auxiliary heads, which run in training only.
        transform_input: bring images that are normalised for torchvision's other
            networks to [-1, 1], as torchvision's trained weights expect them.

    Raises:
        RuntimeError: if an image is smaller than 15x15.
    """

    def __init__(
        self,
        num_classes: int = 1000,
        aux_logits: bool = True,
        transform_input: bool = False,
    ) -> None:
        super().__init__()
        self.aux_logits = aux_logits
        self.transform_input = transform_input
        self.conv1 = ConvBlock(3, 64, 7, stride=2, batch_norm=True)
        self.maxpool1 = nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True)
        self.conv2 = ConvBlock(64, 64, 1, batch_norm=True)
        self.conv3 = ConvBlock(64, 192, 3, batch_norm=True)
        self.maxpool2 = nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True)
        channels = 192
        for name, widths in WIDTHS.items():
            self.add_module(name, Inception(channels, widths, large=3, batch_norm=True))
            channels = self.get_submodule(name).out_channels
        self.maxpool3 = nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True)
        self.maxpool4 = nn.MaxPool2d(kernel_size=2, stride=2, ceil_mode=True)
        if aux_logits:
            self.aux1 = Auxiliary(512, num_classes, nn.AdaptiveAvgPool2d(4), True)
            self.aux2 = Auxiliary(528, num_classes, nn.AdaptiveAvgPool2d(4), True)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(0.2)
        self.fc = nn.Linear(channels, num_classes)

    def forward(self, images: Tensor) -> Tensor | GoogLeNetOutputs:
        with_heads = self.training and self.aux_logits
        if self.transform_input:
            images = to_symmetric(images)
        maps = self.maxpool1(self.conv1(images))
        maps = self.maxpool2(self.conv3(self.conv2(maps)))
        maps = self.maxpool3(self.inception3b(self.inception3a(maps)))
        maps = self.inception4a(maps)
        aux_logits1 = self.aux1(maps) if with_heads else None
        maps = self.inception4d(self.inception4c(self.inception4b(maps)))
        aux_logits2 = self.aux2(maps) if with_heads else None
        maps = self.maxpool4(self.inception4e(maps))
        maps = self.avgpool(self.inception5b(self.inception5a(maps)))
        logits = self.fc(self.dropout(maps.flatten(1)))
        if with_heads:
            return GoogLeNetOutputs(logits, aux_logits2, aux_logits1)
        return logits


# --8<-- [end:googlenet]


# --8<-- [start:builders]
def googlenet(
    num_classes: int = 1000, aux_logits: bool = True, transform_input: bool = False
) -> GoogLeNet:
    """GoogLeNet as torchvision has it."""
    return GoogLeNet(num_classes, aux_logits, transform_input)


def googlenet_2014(num_classes: int = 1000, aux_logits: bool = False) -> GoogLeNet2014:
    """GoogLeNet of the paper; its auxiliary heads are thrown away after training."""
    return GoogLeNet2014(num_classes, aux_logits)


# --8<-- [end:builders]


# --8<-- [start:naive]
class NaiveInception(nn.Module):
    """Inception without any 1x1 reduction; the pooled input is passed on whole.

    Szegedy et al., "Going Deeper with Convolutions" (2014), section 4, Figure 2(a).

    Shapes: (N, in_channels, H, W) -> (N, out_channels, H, W).

    Args:
        in_channels: the channels of the maps that come in.
        widths: as of `Inception`; the reductions and the projection are ignored.

    Raises:
        ValueError: if there are not six widths.
    """

    def __init__(self, in_channels: int, widths: tuple[int, ...]) -> None:
        super().__init__()
        n1x1, _, n3x3, _, n5x5, _ = widths
        self.branch1 = ConvBlock(in_channels, n1x1, 1)
        self.branch2 = ConvBlock(in_channels, n3x3, 3)
        self.branch3 = ConvBlock(in_channels, n5x5, 5)
        self.branch4 = nn.MaxPool2d(kernel_size=3, stride=1, padding=1)
        self.out_channels = n1x1 + n3x3 + n5x5 + in_channels

    def forward(self, maps: Tensor) -> Tensor:
        return torch.cat([branch(maps) for branch in self.children()], dim=1)


class ProjectedInception(NaiveInception):
    """Inception without the reductions, but with the projection of the pooled input.

    Not in the paper: Figure 2(a) with the last branch of Figure 2(b), which brings
    the module to the width that Table 1 gives it.

    Shapes: (N, in_channels, H, W) -> (N, out_channels, H, W).

    Args:
        in_channels: the channels of the maps that come in.
        widths: as of `Inception`; the reductions are ignored.

    Raises:
        ValueError: if there are not six widths.
    """

    def __init__(self, in_channels: int, widths: tuple[int, ...]) -> None:
        super().__init__(in_channels, widths)
        projection = widths[-1]
        self.branch4 = nn.Sequential(
            self.branch4, ConvBlock(in_channels, projection, 1)
        )
        self.out_channels += projection - in_channels


def googlenet_2014_without_reduction(num_classes: int = 1000) -> GoogLeNet2014:
    """GoogLeNet of the paper, its 3x3 and 5x5 kernels seeing every channel."""
    return GoogLeNet2014(num_classes, module=ProjectedInception)


def googlenet_2014_naive_chain(num_classes: int = 1000) -> GoogLeNet2014:
    """GoogLeNet of naive modules, each wider by its own filters than its input."""
    return GoogLeNet2014(num_classes, module=NaiveInception)


# --8<-- [end:naive]
