"""RepVGG: three branches to train with, fused into one 3x3 convolution to run."""

# --8<-- [start:imports]
import copy

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

# --8<-- [end:imports]

INPUT = (1, 3, 224, 224)


# --8<-- [start:fold]
def fold(kernel: Tensor, norm: nn.BatchNorm2d) -> tuple[Tensor, Tensor]:
    """The kernel and the bias of a convolution with the normalisation behind it.

    Ding, Zhang, Ma, Han, Ding, Sun, "RepVGG: Making VGG-style ConvNets Great Again"
    (2021), section 3.3. It holds for the running mean and variance, as an
    evaluation uses them.

    Shapes: kernel (out, in, k, k) -> kernel (out, in, k, k), bias (out).
    """
    scale = norm.weight / (norm.running_var + norm.eps).sqrt()
    return kernel * scale[:, None, None, None], norm.bias - norm.running_mean * scale


# --8<-- [end:fold]


# --8<-- [start:block]
class FusedBlock(nn.Sequential):
    """A 3x3 convolution and a ReLU: all that is left of a block.

    Ding et al., "RepVGG" (2021), Figure 2 (C).

    Shapes: maps (N, in_channels, H, W)
    -> (N, out_channels, H / stride, W / stride), rounded up.

    Args:
        kernel: the weights, (out_channels, in_channels, 3, 3).
        bias: (out_channels,).
        stride: how much smaller the maps become.
    """

    def __init__(self, kernel: Tensor, bias: Tensor, stride: int) -> None:
        super().__init__()
        made, seen, *_ = kernel.shape
        # On the meta device no weights are drawn that would be replaced at once.
        self.conv = nn.Conv2d(seen, made, 3, stride, padding=1, device="meta")
        self.conv.weight = nn.Parameter(kernel.detach())
        self.conv.bias = nn.Parameter(bias.detach())
        self.relu = nn.ReLU()


class ThreeBranches(nn.Module):
    """3x3, 1x1 and identity, each normalised; their sum passes a ReLU.

    Ding et al., "RepVGG" (2021), section 3.2 and Figure 2 (B). Where the maps change
    their size or number there is no identity.

    Shapes: maps (N, in_channels, H, W)
    -> (N, out_channels, H / stride, W / stride), rounded up.

    Args:
        in_channels: the channels of the maps that enter.
        out_channels: the channels of the maps that leave.
        stride: how much smaller the maps become.
    """

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1) -> None:
        super().__init__()
        self.conv3x3 = nn.Conv2d(
            in_channels, out_channels, 3, stride, padding=1, bias=False
        )
        self.norm3x3 = nn.BatchNorm2d(out_channels)
        self.conv1x1 = nn.Conv2d(in_channels, out_channels, 1, stride, bias=False)
        self.norm1x1 = nn.BatchNorm2d(out_channels)
        same = stride == 1 and in_channels == out_channels
        self.identity = nn.BatchNorm2d(in_channels) if same else None
        self.relu = nn.ReLU()

    def forward(self, maps: Tensor) -> Tensor:
        total = self.norm3x3(self.conv3x3(maps)) + self.norm1x1(self.conv1x1(maps))
        if self.identity is not None:
            total = total + self.identity(maps)
        return self.relu(total)

    def fused(self) -> FusedBlock:
        """The block with the same outputs and one convolution; section 3.3."""
        kernel, bias = fold(self.conv3x3.weight, self.norm3x3)
        branches = [fold(self.conv1x1.weight, self.norm1x1)]
        if self.identity is not None:
            # The identity is a 1x1 whose matrix has ones on the diagonal.
            ones = torch.eye(len(kernel), dtype=kernel.dtype, device=kernel.device)
            branches.append(fold(ones[:, :, None, None], self.identity))
        for kernel1x1, bias1x1 in branches:
            # A 1x1 is a 3x3 with zeros around.
            kernel, bias = kernel + pad(kernel1x1, [1, 1, 1, 1]), bias + bias1x1
        return FusedBlock(kernel, bias, self.conv3x3.stride[0])


# --8<-- [end:block]


# --8<-- [start:fuse]
def fuse(network: nn.Module) -> nn.Module:
    """A copy of a trained network, to run and not to train: each block is one 3x3.

    Its outputs are those of the network in evaluation mode.

    Args:
        network: any network with `ThreeBranches` somewhere inside.
    """
    network = copy.deepcopy(network).eval()
    for path, module in list(network.named_modules()):
        if isinstance(module, ThreeBranches):
            network.set_submodule(path, module.fused())
    return network


# --8<-- [end:fuse]


# --8<-- [start:repvgg]
# How many blocks each of the last four stages has; Ding et al. (2021), section 3.4.
A, B = (2, 4, 14, 1), (4, 6, 16, 1)


class RepVGG(nn.Module):
    """RepVGG as it is trained. `fuse` makes of it what is used afterwards.

    Ding, Zhang, Ma, Han, Ding, Sun, "RepVGG: Making VGG-style ConvNets Great Again"
    (2021), section 3.4 and Tables 2 and 3.

    Shapes: images (N, 3, H, W) -> logits (N, num_classes).

    Args:
        depths: `A` or `B`.
        a: how wide all stages are but the last, times 64, 128 and 256 channels.
        b: how wide the last stage is, times 512 channels.
        num_classes: the number of logits.
    """

    def __init__(
        self, depths: tuple[int, ...], a: float, b: float, num_classes: int = 1000
    ) -> None:
        super().__init__()
        widths = [int(64 * a), int(128 * a), int(256 * a), int(512 * b)]
        widths = [min(64, widths[0]), *widths]
        stages, in_channels = [], 3
        for depth, width in zip((1, *depths), widths, strict=True):
            blocks = [ThreeBranches(in_channels, width, stride=2)]
            blocks += [ThreeBranches(width, width) for _ in range(depth - 1)]
            stages.append(nn.Sequential(*blocks))
            in_channels = width
        self.stages = nn.Sequential(*stages)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Linear(in_channels, num_classes)

    def forward(self, images: Tensor) -> Tensor:
        return self.classifier(self.avgpool(self.stages(images)).flatten(1))


# --8<-- [end:repvgg]


# --8<-- [start:builders]
def repvgg_a0(num_classes: int = 1000) -> RepVGG:
    """RepVGG-A0, to be trained."""
    return RepVGG(A, 0.75, 2.5, num_classes)


def repvgg_a1(num_classes: int = 1000) -> RepVGG:
    """RepVGG-A1, to be trained."""
    return RepVGG(A, 1, 2.5, num_classes)


def repvgg_a2(num_classes: int = 1000) -> RepVGG:
    """RepVGG-A2, to be trained."""
    return RepVGG(A, 1.5, 2.75, num_classes)


def repvgg_b0(num_classes: int = 1000) -> RepVGG:
    """RepVGG-B0, to be trained."""
    return RepVGG(B, 1, 2.5, num_classes)


def repvgg_b1(num_classes: int = 1000) -> RepVGG:
    """RepVGG-B1, to be trained."""
    return RepVGG(B, 2, 4, num_classes)


def repvgg_b2(num_classes: int = 1000) -> RepVGG:
    """RepVGG-B2, to be trained."""
    return RepVGG(B, 2.5, 5, num_classes)


def repvgg_b3(num_classes: int = 1000) -> RepVGG:
    """RepVGG-B3, to be trained."""
    return RepVGG(B, 3, 5, num_classes)


# --8<-- [end:builders]


# --8<-- [start:fused]
def repvgg_a0_fused(num_classes: int = 1000) -> nn.Module:
    """RepVGG-A0 with each block as one 3x3."""
    return fuse(repvgg_a0(num_classes))


def repvgg_b0_fused(num_classes: int = 1000) -> nn.Module:
    """RepVGG-B0 with each block as one 3x3."""
    return fuse(repvgg_b0(num_classes))


def repvgg_b1_fused(num_classes: int = 1000) -> nn.Module:
    """RepVGG-B1 with each block as one 3x3."""
    return fuse(repvgg_b1(num_classes))


# --8<-- [end:fused]
