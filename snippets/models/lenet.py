"""LeNet-5: shared weights, maps joined by a table, and poolings that learn."""

# --8<-- [start:imports]
import torch
from torch import Tensor, nn

# --8<-- [end:imports]

INPUT = (1, 1, 32, 32)


# --8<-- [start:squash]
class Squash(nn.Module):
    """A scaled hyperbolic tangent, 1.7159 tanh(2x/3).

    LeCun, Bottou, Bengio, Haffner, "Gradient-Based Learning Applied to Document
    Recognition" (1998), section II.B and appendix A.

    Shapes: any -> the same.
    """

    def __init__(self) -> None:
        super().__init__()
        self.tanh = nn.Tanh()

    def forward(self, values: Tensor) -> Tensor:
        return 1.7159 * self.tanh(values * 2 / 3)


# --8<-- [end:squash]


# --8<-- [start:subsampling]
class Subsampling(nn.Module):
    """A pooling that learns: the sum of 2x2 values, times a weight, plus a bias.

    LeCun et al. (1998), section II.B, layers S2 and S4: two parameters for each map.

    Shapes: maps (N, channels, H, W) -> (N, channels, H / 2, W / 2).

    Args:
        channels: the channels of the maps.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.pool = nn.AvgPool2d(kernel_size=2)
        self.weight = nn.Parameter(torch.ones(channels, 1, 1))
        self.bias = nn.Parameter(torch.zeros(channels, 1, 1))

    def forward(self, maps: Tensor) -> Tensor:
        return 4 * self.pool(maps) * self.weight + self.bias


# --8<-- [end:subsampling]


# --8<-- [start:sparse_convolution]
# Which maps of S2 each map of C3 reads. LeCun et al. (1998), Table I.
TABLE = (
    *((first, (first + 1) % 6, (first + 2) % 6) for first in range(6)),
    *(tuple((first + step) % 6 for step in range(4)) for first in range(6)),
    *((first, first + 1, (first + 3) % 6, (first + 4) % 6) for first in range(3)),
    tuple(range(6)),
)


class SparseConvolution(nn.Module):
    """A 5x5 convolution each of whose filters reads some of the maps.

    LeCun et al. (1998), section II.B, layer C3.

    Shapes: maps (N, 6, H, W) -> (N, len(table), H - 4, W - 4).

    Args:
        table: for each filter, the maps that it reads.
    """

    def __init__(self, table: tuple[tuple[int, ...], ...] = TABLE) -> None:
        super().__init__()
        self.table = [sorted(read) for read in table]
        self.filters = nn.ModuleList(
            nn.Conv2d(len(read), 1, kernel_size=5) for read in self.table
        )

    def forward(self, maps: Tensor) -> Tensor:
        read = (maps[:, chosen] for chosen in self.table)
        pairs = zip(self.filters, read, strict=True)
        return torch.cat([filter(some) for filter, some in pairs], dim=1)


# --8<-- [end:sparse_convolution]


# --8<-- [start:distances]
class Distances(nn.Module):
    """The squared distance from each class's code, which nobody trains.

    LeCun et al. (1998), section II.B, the output layer: a code is the bitmap of a
    digit, 7x12 pixels of -1 and 1, drawn by hand. Ours are drawn from a seed.

    Shapes: values (N, 84) -> (N, classes); the smallest is the answer.

    Args:
        classes: how many codes there are.
    """

    def __init__(self, classes: int = 10) -> None:
        super().__init__()
        drawn = torch.Generator().manual_seed(0)
        bits = torch.randint(2, (classes, 84), generator=drawn, device="cpu")
        self.register_buffer("codes", torch.empty(classes, 84))
        self.codes.copy_(2 * bits - 1)

    def forward(self, values: Tensor) -> Tensor:
        return (values[:, None] - self.codes).square().sum(dim=2)


# --8<-- [end:distances]


# --8<-- [start:lenet5]
class LeNet5(nn.Sequential):
    """LeNet-5 as its paper has it.

    LeCun, Bottou, Bengio, Haffner, "Gradient-Based Learning Applied to Document
    Recognition" (1998), section II.B and Figure 2.

    Shapes: images (N, 1, 32, 32) -> (N, 10), distances or logits.

    Args:
        sparse: whether C3 follows the paper's table; else its filters read all maps.
        distances: whether fixed codes answer, as in the paper; else a dense layer.
    """

    def __init__(self, sparse: bool = True, distances: bool = True) -> None:
        super().__init__()
        self.c1 = nn.Conv2d(1, 6, kernel_size=5)
        self.squash1 = Squash()
        self.s2 = Subsampling(6)
        self.squash2 = Squash()
        self.c3 = SparseConvolution() if sparse else nn.Conv2d(6, 16, kernel_size=5)
        self.squash3 = Squash()
        self.s4 = Subsampling(16)
        self.squash4 = Squash()
        # On 5x5 maps a 5x5 convolution is a dense layer.
        self.c5 = nn.Conv2d(16, 120, kernel_size=5)
        self.squash5 = Squash()
        self.flatten = nn.Flatten()
        self.f6 = nn.Linear(120, 84)
        self.squash6 = Squash()
        self.output = Distances() if distances else nn.Linear(84, 10)


# --8<-- [end:lenet5]


# --8<-- [start:builders]
def lenet5() -> LeNet5:
    """LeNet-5 of the paper."""
    return LeNet5()


def lenet5_without_table() -> LeNet5:
    """LeNet-5 whose C3 reads all maps with each filter."""
    return LeNet5(sparse=False)


def lenet5_with_dense_output() -> LeNet5:
    """LeNet-5 with a dense layer in place of the fixed codes."""
    return LeNet5(distances=False)


def lenet5_rewritten() -> nn.Sequential:
    """What is called LeNet-5 today: C3 reads all maps, poolings learn nothing.

    Shapes: images (N, 1, 32, 32) -> logits (N, 10).
    """
    return nn.Sequential(
        nn.Conv2d(1, 6, kernel_size=5),
        nn.Tanh(),
        nn.AvgPool2d(kernel_size=2),
        nn.Conv2d(6, 16, kernel_size=5),
        nn.Tanh(),
        nn.AvgPool2d(kernel_size=2),
        nn.Flatten(),
        nn.Linear(16 * 5 * 5, 120),
        nn.Tanh(),
        nn.Linear(120, 84),
        nn.Tanh(),
        nn.Linear(84, 10),
    )


# --8<-- [end:builders]
