"""Six designs of a layer in one network, each as wide as the same budget allows."""

from torch import nn

INPUT = (1, 1, 8, 8)


def conv(
    a: int, b: int, height: int = 3, width: int = 3, groups: int = 1
) -> nn.Sequential:
    """A convolution from a channels to b, then batch norm and ReLU."""
    padding = (height // 2, width // 2)
    return nn.Sequential(
        nn.Conv2d(a, b, (height, width), padding=padding, groups=groups, bias=False),
        nn.BatchNorm2d(b),
        nn.ReLU(),
    )


LAYERS = {  # each from a channels to b
    "standard": lambda a, b: conv(a, b),
    "bottleneck": lambda a, b: nn.Sequential(
        conv(a, b // 4, 1, 1), conv(b // 4, b // 4), conv(b // 4, b, 1, 1)
    ),
    "grouped": lambda a, b: conv(a, b, groups=4),
    "depthwise separable": lambda a, b: nn.Sequential(
        conv(a, a, groups=a), conv(a, b, 1, 1)
    ),
    "1x3 + 3x1": lambda a, b: nn.Sequential(conv(a, b, 1, 3), conv(b, b, 3, 1)),
    "1x1 only": lambda a, b: conv(a, b, 1, 1),
}


def network(design: str, width: int) -> nn.Sequential:
    """The same body for every design: three layers differ, and their width."""
    layer = LAYERS[design]
    return nn.Sequential(
        conv(1, 8),
        nn.MaxPool2d(2),
        layer(8, width),
        layer(width, 2 * width),
        layer(2 * width, 2 * width),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(2 * width, 10),
    )


WIDTHS = dict(zip(LAYERS, (16, 40, 32, 45, 18, 48), strict=True))

standard, bottleneck, grouped, depthwise_separable, one_by_three, one_by_one = (
    network(design, width) for design, width in WIDTHS.items()
)

for design, width in WIDTHS.items():
    count = sum(p.numel() for p in network(design, width).parameters())
    print(f"{design}, {width} and {2 * width} channels: {count:,}")
