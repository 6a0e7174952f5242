"""VGG: stacks of 3x3 convolutions, and the large kernels they stand for."""

# --8<-- [start:imports]
from torch import Tensor, nn

# --8<-- [end:imports]

INPUT = (1, 3, 224, 224)


# --8<-- [start:vgg]
CHANNELS = (64, 128, 256, 512, 512)

# The columns of the paper's Table 1: the kernel sizes of the five stages.
CONFIGURATIONS = {
    "A": ([3], [3], [3, 3], [3, 3], [3, 3]),
    "B": ([3, 3], [3, 3], [3, 3], [3, 3], [3, 3]),
    "C": ([3, 3], [3, 3], [3, 3, 1], [3, 3, 1], [3, 3, 1]),
    "D": ([3, 3], [3, 3], [3, 3, 3], [3, 3, 3], [3, 3, 3]),
    "E": ([3, 3], [3, 3], [3, 3, 3, 3], [3, 3, 3, 3], [3, 3, 3, 3]),
}


class VGG(nn.Module):
    """VGG with torchvision's parameter names.

    Simonyan, Zisserman, "Very Deep Convolutional Networks for Large-Scale Image
    Recognition" (2014), section 2.1 and Table 1.

    Shapes: images (N, 3, H, W), H and W at least 32 -> logits (N, num_classes).

    Args:
        stages: the kernel sizes of each of the five stages; all of them odd.
        batch_norm: normalise after every convolution. Not in the paper. As in
            torchvision the convolutions keep their biases, which it then cancels.
        num_classes: the number of logits.

    Raises:
        ValueError: if there are not five stages.
        RuntimeError: if an image is smaller than 32x32.
    """

    def __init__(
        self,
        stages: tuple[list[int], ...],
        batch_norm: bool = False,
        num_classes: int = 1000,
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        in_channels = 3
        for kernel_sizes, channels in zip(stages, CHANNELS, strict=True):
            for size in kernel_sizes:
                layers.append(nn.Conv2d(in_channels, channels, size, padding=size // 2))
                if batch_norm:
                    layers.append(nn.BatchNorm2d(channels))
                layers.append(nn.ReLU())
                in_channels = channels
            layers.append(nn.MaxPool2d(kernel_size=2, stride=2))
        self.features = nn.Sequential(*layers)
        # 224x224 images arrive here as 7x7 maps already; others are brought to 7x7.
        self.avgpool = nn.AdaptiveAvgPool2d(7)
        self.classifier = nn.Sequential(
            nn.Linear(512 * 7 * 7, 4096),
            nn.ReLU(),
            nn.Dropout(0.5),
            nn.Linear(4096, 4096),
            nn.ReLU(),
            nn.Dropout(0.5),
            nn.Linear(4096, num_classes),
        )

    def forward(self, images: Tensor) -> Tensor:
        maps = self.avgpool(self.features(images))
        return self.classifier(maps.flatten(1))


# --8<-- [end:vgg]


# --8<-- [start:builders]
def vgg11(num_classes: int = 1000) -> VGG:
    """VGG-11: configuration A."""
    return VGG(CONFIGURATIONS["A"], num_classes=num_classes)


def vgg13(num_classes: int = 1000) -> VGG:
    """VGG-13: configuration B."""
    return VGG(CONFIGURATIONS["B"], num_classes=num_classes)


def vgg16(num_classes: int = 1000) -> VGG:
    """VGG-16: configuration D."""
    return VGG(CONFIGURATIONS["D"], num_classes=num_classes)


def vgg19(num_classes: int = 1000) -> VGG:
    """VGG-19: configuration E."""
    return VGG(CONFIGURATIONS["E"], num_classes=num_classes)


def vgg11_bn(num_classes: int = 1000) -> VGG:
    """VGG-11 with batch normalisation."""
    return VGG(CONFIGURATIONS["A"], batch_norm=True, num_classes=num_classes)


def vgg13_bn(num_classes: int = 1000) -> VGG:
    """VGG-13 with batch normalisation."""
    return VGG(CONFIGURATIONS["B"], batch_norm=True, num_classes=num_classes)


def vgg16_bn(num_classes: int = 1000) -> VGG:
    """VGG-16 with batch normalisation."""
    return VGG(CONFIGURATIONS["D"], batch_norm=True, num_classes=num_classes)


def vgg19_bn(num_classes: int = 1000) -> VGG:
    """VGG-19 with batch normalisation."""
    return VGG(CONFIGURATIONS["E"], batch_norm=True, num_classes=num_classes)


# --8<-- [end:builders]


# --8<-- [start:large_kernels]
def large_kernels(stages: tuple[list[int], ...]) -> tuple[list[int], ...]:
    """Replace the n 3x3 kernels of each stage by one that sees as far: 2n + 1."""
    return tuple([2 * len(kernel_sizes) + 1] for kernel_sizes in stages)


def vgg16_large_kernels(num_classes: int = 1000) -> VGG:
    """VGG-16 with one convolution a stage: 5x5, 5x5, 7x7, 7x7, 7x7."""
    return VGG(large_kernels(CONFIGURATIONS["D"]), num_classes=num_classes)


def vgg19_large_kernels(num_classes: int = 1000) -> VGG:
    """VGG-19 with one convolution a stage: 5x5, 5x5, 9x9, 9x9, 9x9."""
    return VGG(large_kernels(CONFIGURATIONS["E"]), num_classes=num_classes)


# --8<-- [end:large_kernels]
