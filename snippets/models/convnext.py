"""ConvNeXt: 7x7 kernels that see one channel each, and a wide layer behind them."""

# --8<-- [start:imports]
import torch
from torch import Tensor, nn

# --8<-- [end:imports]
from models.efficientnet import StochasticDepth

INPUT = (1, 3, 224, 224)


# --8<-- [start:layer_norm]
class LayerNorm2d(nn.LayerNorm):
    """Normalises the channels of each place, over nothing but that place.

    Ba, Kiros, Hinton, "Layer Normalization" (2016), section 3.

    Shapes: maps (N, channels, H, W) -> the same.
    """

    def forward(self, maps: Tensor) -> Tensor:
        return super().forward(maps.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


# --8<-- [end:layer_norm]


# --8<-- [start:permute]
class Permute(nn.Module):
    """The same values with their dimensions in another order.

    Args:
        order: which dimension comes first, second and so on.
    """

    def __init__(self, *order: int) -> None:
        super().__init__()
        self.order = order

    def forward(self, maps: Tensor) -> Tensor:
        return maps.permute(self.order)


# --8<-- [end:permute]


# --8<-- [start:convnext_block]
class ConvNeXtBlock(nn.Module):
    """A large kernel for each channel, then four times as many channels, and back.

    Liu, Mao, Wu, Feichtenhofer, Darrell, Xie, "A ConvNet for the 2020s" (2022),
    sections 2.4 to 2.6 and Figure 4.

    Shapes: maps (N, channels, H, W) -> the same.

    Args:
        channels: the channels of the maps.
        share: how often training leaves out an image's block.
        kernel: the side of the kernel.
        full_convolution: an ordinary convolution instead of a depthwise one.
    """

    def __init__(
        self,
        channels: int,
        share: float = 0,
        kernel: int = 7,
        full_convolution: bool = False,
    ) -> None:
        super().__init__()
        groups = 1 if full_convolution else channels
        self.layer_scale = nn.Parameter(torch.full((channels, 1, 1), 1e-6))
        self.block = nn.Sequential(
            nn.Conv2d(channels, channels, kernel, padding=kernel // 2, groups=groups),
            Permute(0, 2, 3, 1),
            nn.LayerNorm(channels, eps=1e-6),
            # At every place of the maps: these are 1x1 convolutions.
            nn.Linear(channels, 4 * channels),
            nn.GELU(),
            nn.Linear(4 * channels, channels),
            Permute(0, 3, 1, 2),
        )
        self.stochastic_depth = StochasticDepth(share)

    def forward(self, maps: Tensor) -> Tensor:
        return maps + self.stochastic_depth(self.layer_scale * self.block(maps))


# --8<-- [end:convnext_block]


# --8<-- [start:convnext]
class ConvNeXt(nn.Module):
    """ConvNeXt with torchvision's parameter names.

    Liu et al. (2022), section 3 and Table 9; layer scale and stochastic depth as in its
    appendix A.

    Shapes: images (N, 3, H, W) -> logits (N, num_classes).

    Args:
        depths: the number of blocks of each stage.
        channels: the channels of each stage.
        num_classes: the number of logits.
        share: how often training leaves out the last block.
        kernel: the side of the blocks' kernels.
        full_convolutions: ordinary convolutions instead of depthwise ones.
    """

    def __init__(
        self,
        depths: tuple[int, ...],
        channels: tuple[int, ...],
        num_classes: int = 1000,
        share: float = 0.1,
        kernel: int = 7,
        full_convolutions: bool = False,
    ) -> None:
        super().__init__()
        number, last = 0, sum(depths) - 1
        layers: list[nn.Module] = []
        for stage, (depth, made) in enumerate(zip(depths, channels, strict=True)):
            if stage:
                seen = channels[stage - 1]
                smaller = [
                    LayerNorm2d(seen, eps=1e-6),
                    nn.Conv2d(seen, made, kernel_size=2, stride=2),
                ]
            else:
                smaller = [
                    nn.Conv2d(3, made, kernel_size=4, stride=4),
                    LayerNorm2d(made, eps=1e-6),
                ]
            blocks = []
            for _ in range(depth):
                left_out = share * number / last
                blocks.append(ConvNeXtBlock(made, left_out, kernel, full_convolutions))
                number += 1
            layers += [nn.Sequential(*smaller), nn.Sequential(*blocks)]
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Sequential(
            LayerNorm2d(channels[-1], eps=1e-6),
            nn.Flatten(),
            nn.Linear(channels[-1], num_classes),
        )

    def forward(self, images: Tensor) -> Tensor:
        return self.classifier(self.avgpool(self.features(images)))


# --8<-- [end:convnext]


# --8<-- [start:builders]
TINY = {"depths": (3, 3, 9, 3), "channels": (96, 192, 384, 768)}


def convnext_tiny(num_classes: int = 1000) -> ConvNeXt:
    """ConvNeXt-T."""
    return ConvNeXt(**TINY, num_classes=num_classes)


def convnext_tiny_3x3(num_classes: int = 1000) -> ConvNeXt:
    """ConvNeXt-T with depthwise kernels of 3x3."""
    return ConvNeXt(**TINY, num_classes=num_classes, kernel=3)


def convnext_tiny_full_convolutions(num_classes: int = 1000) -> ConvNeXt:
    """ConvNeXt-T with an ordinary 7x7 convolution for each depthwise one."""
    return ConvNeXt(**TINY, num_classes=num_classes, full_convolutions=True)


# --8<-- [end:builders]
