"""AlexNet: the two towers of 2012, and the single tower that torchvision has."""

# --8<-- [start:imports]
from torch import Tensor, nn

# --8<-- [end:imports]

INPUT = (1, 3, 224, 224)


# --8<-- [start:alexnet_2012]
class AlexNet2012(nn.Sequential):
    """AlexNet of the paper; its layers run in the order in which they are assigned.

    Krizhevsky, Sutskever, Hinton, "ImageNet Classification with Deep Convolutional
    Neural Networks" (2012), section 3 and, for dropout, section 4.2.

    Shapes: images (N, 3, 224, 224) -> logits (N, num_classes).

    Args:
        num_classes: the number of logits.
        groups: 2 as in the paper, 1 to let every filter see every channel.
        pool5: False leaves the last pooling out, so that `fc6` sees 13x13 maps.

    Raises:
        RuntimeError: if images of another size do not fit `fc6`.
    """

    def __init__(
        self, num_classes: int = 1000, groups: int = 2, pool5: bool = True
    ) -> None:
        super().__init__()
        # Without the padding, 224x224 images would not give the paper's 55x55 maps.
        self.conv1 = nn.Conv2d(3, 96, kernel_size=11, stride=4, padding=2)
        self.relu1 = nn.ReLU()
        # The paper's alpha is 1e-4; torch divides alpha by size, the paper does not.
        self.norm1 = nn.LocalResponseNorm(size=5, alpha=5 * 1e-4, beta=0.75, k=2)
        self.pool1 = nn.MaxPool2d(kernel_size=3, stride=2)

        # groups=2 is the paper's two towers: each half sees only its own GPU's maps.
        self.conv2 = nn.Conv2d(96, 256, kernel_size=5, padding=2, groups=groups)
        self.relu2 = nn.ReLU()
        self.norm2 = nn.LocalResponseNorm(size=5, alpha=5 * 1e-4, beta=0.75, k=2)
        self.pool2 = nn.MaxPool2d(kernel_size=3, stride=2)

        self.conv3 = nn.Conv2d(256, 384, kernel_size=3, padding=1)
        self.relu3 = nn.ReLU()
        self.conv4 = nn.Conv2d(384, 384, kernel_size=3, padding=1, groups=groups)
        self.relu4 = nn.ReLU()
        self.conv5 = nn.Conv2d(384, 256, kernel_size=3, padding=1, groups=groups)
        self.relu5 = nn.ReLU()
        if pool5:
            self.pool5 = nn.MaxPool2d(kernel_size=3, stride=2)

        self.flatten = nn.Flatten()
        self.fc6 = nn.Linear(256 * 6 * 6 if pool5 else 256 * 13 * 13, 4096)
        self.relu6 = nn.ReLU()
        self.dropout6 = nn.Dropout(0.5)
        self.fc7 = nn.Linear(4096, 4096)
        self.relu7 = nn.ReLU()
        self.dropout7 = nn.Dropout(0.5)
        self.fc8 = nn.Linear(4096, num_classes)


def alexnet_2012(num_classes: int = 1000) -> AlexNet2012:
    """AlexNet of the paper, in two towers."""
    return AlexNet2012(num_classes)


def alexnet_2012_ungrouped(num_classes: int = 1000) -> AlexNet2012:
    """AlexNet of the paper in one tower, equally wide: every filter sees all maps."""
    return AlexNet2012(num_classes, groups=1)


def alexnet_2012_without_pool5(num_classes: int = 1000) -> AlexNet2012:
    """AlexNet of the paper without its last pooling: `fc6` sees 13x13x256."""
    return AlexNet2012(num_classes, pool5=False)


# --8<-- [end:alexnet_2012]


# --8<-- [start:alexnet]
class AlexNet(nn.Module):
    """AlexNet in a single, narrower tower, with torchvision's parameter names.

    Krizhevsky, "One weird trick for parallelizing convolutional neural networks"
    (2014), footnote 1. The footnote gives the fourth convolution 384 filters;
    torchvision, like the author's published code, gives it 256.

    Shapes: images (N, 3, H, W), H and W at least 63 -> logits (N, num_classes).

    Raises:
        RuntimeError: if an image is smaller than 63x63.
    """

    def __init__(self, num_classes: int = 1000) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, kernel_size=11, stride=4, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(kernel_size=3, stride=2),
            nn.Conv2d(64, 192, kernel_size=5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(kernel_size=3, stride=2),
            nn.Conv2d(192, 384, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(384, 256, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(256, 256, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(kernel_size=3, stride=2),
        )
        # 224x224 images arrive here as 6x6 maps already; others are brought to 6x6.
        self.avgpool = nn.AdaptiveAvgPool2d(6)
        self.classifier = nn.Sequential(
            nn.Dropout(0.5),
            nn.Linear(256 * 6 * 6, 4096),
            nn.ReLU(),
            nn.Dropout(0.5),
            nn.Linear(4096, 4096),
            nn.ReLU(),
            nn.Linear(4096, num_classes),
        )

    def forward(self, images: Tensor) -> Tensor:
        maps = self.avgpool(self.features(images))
        return self.classifier(maps.flatten(1))


def alexnet(num_classes: int = 1000) -> AlexNet:
    """AlexNet as torchvision has it."""
    return AlexNet(num_classes)


# --8<-- [end:alexnet]
