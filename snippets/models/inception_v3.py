"""Inception v3: kernels of 1x7 and 7x1, and full ones instead."""

# --8<-- [start:imports]
from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

# --8<-- [end:imports]
from models.googlenet import to_symmetric

INPUT = (1, 3, 299, 299)


# --8<-- [start:conv]
class ConvBlock(nn.Sequential):
    """A convolution without biases, batch normalisation and a ReLU.

    Ioffe and Szegedy, "Batch Normalization" (2015), section 3.2: the normalisation
    would take a bias away again. Its eps is torchvision's.

    Shapes: (N, in_channels, H, W) -> (N, out_channels, H', W').

    Args:
        in_channels: the channels of the maps that enter.
        out_channels: the number of filters.
        size: height and width of the kernels, or their side.
        stride: the step of the kernels.
        padding: as of `nn.Conv2d`.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        size: int | Sequence[int],
        stride: int = 1,
        padding: int | Sequence[int] = 0,
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(
            in_channels, out_channels, size, stride, padding, bias=False
        )
        self.bn = nn.BatchNorm2d(out_channels, eps=0.001)
        self.relu = nn.ReLU()


# --8<-- [end:conv]


# --8<-- [start:module]
class Layer(NamedTuple):
    """A convolution of a branch: its filters, and height and width of their kernels."""

    filters: int
    height: int
    width: int


# A branch is a list of layers. Two in brackets read the same maps, side by side.
Branch = list[Layer | tuple[Layer, Layer]]


class InceptionModule(nn.Module):
    """Branches that read the same maps; what they give is joined.

    Szegedy et al., "Rethinking the Inception Architecture for Computer Vision" (2015),
    sections 3 and 5, Figures 5 to 7 and 10.

    Shapes: (N, in_channels, H, W) -> (N, out_channels, H, W), or, if it halves the
    maps, (N, out_channels, H', W') with H' and W' half of H and W, rounded down if the
    edges are trimmed and up if not.

    Args:
        in_channels: the channels of the maps that enter.
        branches: the layers of each branch, by its name.
        projection: the filters of a 1x1 behind the pooling; 0 passes its maps on.
        pool: `nn.AvgPool2d` or `nn.MaxPool2d`.
        stride: the step of the pooling and of each branch's last layer; 2 halves.
        trim: leave out what would see past the edges, where maps are halved.
    """

    def __init__(
        self,
        in_channels: int,
        branches: dict[str, Branch],
        projection: int = 0,
        pool: type[nn.Module] = nn.AvgPool2d,
        stride: int = 1,
        trim: int = 0,
    ) -> None:
        super().__init__()
        self.out_channels = projection or in_channels
        self.paths = [numbered(name, branch) for name, branch in branches.items()]
        for path, branch in zip(self.paths, branches.values(), strict=True):
            seen = in_channels
            for names, step in zip(path, branch, strict=True):
                last = names is path[-1]
                for name, layer in zip(names, side_by_side(step), strict=True):
                    filters, *size = layer
                    around = [side // 2 - trim * last for side in size]
                    step_of = stride if last else 1
                    block = ConvBlock(seen, filters, size, step_of, around)
                    self.add_module(name, block)
                seen = sum(layer.filters for layer in side_by_side(step))
            self.out_channels += seen
        self.pool = pool(kernel_size=3, stride=stride, padding=1 - trim)
        self.branch_pool = nn.Identity()
        if projection:
            self.branch_pool = ConvBlock(in_channels, projection, 1)

    def forward(self, maps: Tensor) -> Tensor:
        joined = []
        for path in self.paths:
            made = [maps]
            for names in path:
                seen = made[0] if len(made) == 1 else torch.cat(made, dim=1)
                made = [self.get_submodule(name)(seen) for name in names]
            joined += made
        joined.append(self.branch_pool(self.pool(maps)))
        return torch.cat(joined, dim=1)


def side_by_side(step: Layer | tuple[Layer, Layer]) -> tuple[Layer, ...]:
    """The layers of a step: one, or two that read the same maps."""
    return (step,) if isinstance(step, Layer) else step


def numbered(name: str, branch: Branch) -> list[list[str]]:
    """The names of a branch's layers, step by step, as torchvision has them."""
    path = []
    for number, step in enumerate(branch, start=1):
        own = name if len(branch) == 1 else f"{name}_{number}"
        alone = len(side_by_side(step)) == 1
        path.append([own] if alone else [f"{own}a", f"{own}b"])
    return path


# --8<-- [end:module]


# --8<-- [start:branches]
def square(filters: int, side: int) -> Layer:
    """A layer of square kernels."""
    return Layer(filters, side, side)


def on_35x35() -> dict[str, Branch]:
    """Two 3x3 beside one 5x5: Figure 5, but for the 5x5."""
    return {
        "branch1x1": [square(64, 1)],
        "branch5x5": [square(48, 1), square(64, 5)],
        "branch3x3dbl": [square(64, 1), square(96, 3), square(96, 3)],
    }


def to_17x17() -> dict[str, Branch]:
    """Halves the maps, Figure 10."""
    return {
        "branch3x3": [square(384, 3)],
        "branch3x3dbl": [square(64, 1), square(96, 3), square(96, 3)],
    }


def on_17x17(width: int) -> dict[str, Branch]:
    """Pairs of 1x7 and 7x1: Figure 6."""
    across, down = Layer(width, 1, 7), Layer(width, 7, 1)
    last_across, last_down = Layer(192, 1, 7), Layer(192, 7, 1)
    return {
        "branch1x1": [square(192, 1)],
        "branch7x7": [square(width, 1), across, last_down],
        "branch7x7dbl": [square(width, 1), down, across, down, last_across],
    }


def to_8x8() -> dict[str, Branch]:
    """Halves the maps again; one branch has a pair of 1x7 and 7x1, too."""
    pair = [Layer(192, 1, 7), Layer(192, 7, 1)]
    return {
        "branch3x3": [square(192, 1), square(320, 3)],
        "branch7x7x3": [square(192, 1), *pair, square(192, 3)],
    }


def on_8x8() -> dict[str, Branch]:
    """1x3 and 3x1 side by side: Figure 7."""
    both = (Layer(384, 1, 3), Layer(384, 3, 1))
    return {
        "branch1x1": [square(320, 1)],
        "branch3x3": [square(384, 1), both],
        "branch3x3dbl": [square(448, 1), square(384, 3), both],
    }


# --8<-- [end:branches]


# --8<-- [start:full_kernels]
def as_published(branch: Branch) -> Branch:
    """A branch as it is."""
    return branch


def in_full(branch: Branch) -> Branch:
    """A branch with one large kernel for every two small ones that see as far.

    Not in the papers: what their sections on factorising start from.
    """
    whole = []
    for step in branch:
        if not isinstance(step, Layer):
            filters, heights, widths = zip(*step, strict=True)
            whole.append(Layer(sum(filters), max(heights), max(widths)))
        elif whole and extends(whole[-1], step, branch):
            before = whole.pop()
            height = before.height + step.height - 1
            whole.append(Layer(step.filters, height, before.width + step.width - 1))
        else:
            whole.append(step)
    return whole


def extends(before: Layer, step: Layer, branch: Branch) -> bool:
    """Whether a small kernel goes on with what the one before it began."""
    pair = {before[1:], step[1:]}
    return before in branch and pair in ({(3, 3)}, {(1, 7), (7, 1)})


# --8<-- [end:full_kernels]


# --8<-- [start:inception_v3]
class InceptionOutputs(NamedTuple):
    """What Inception v3 gives in training: its logits, and its auxiliary head's.

    Shapes: each (N, num_classes).
    """

    logits: Tensor
    aux_logits: Tensor


class InceptionAux(nn.Sequential):
    """The auxiliary head; its layers run in the order in which they are assigned.

    Szegedy et al., "Rethinking the Inception Architecture" (2015), section 4 and
    Figure 8. Like torchvision it does not normalise its dense layer.

    Shapes: (N, in_channels, H, W), H and W at least 17 -> (N, num_classes).

    Args:
        in_channels: the channels of the maps that enter.
        num_classes: the number of logits.
    """

    def __init__(self, in_channels: int, num_classes: int) -> None:
        super().__init__()
        self.pool = nn.AvgPool2d(5, stride=3)
        self.conv0 = ConvBlock(in_channels, 128, 1)
        self.conv1 = ConvBlock(128, 768, 5)
        self.average = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(768, num_classes)


class Inception3(nn.Module):
    """Inception v3, with torchvision's names.

    Szegedy et al., "Rethinking the Inception Architecture for Computer Vision" (2015),
    section 6 and Table 1. The paper left the widths of the modules to a file beside
    it; they are those of the network that its authors published.

    Shapes: images (N, 3, H, W), H and W at least 75 -> logits (N, num_classes), or
    with the auxiliary head's logits beside them in training, for H and W from 299 up.

    Args:
        num_classes: the number of logits.
        aux_logits: have the auxiliary head, which runs in training only.
        transform_input: bring images that are normalised for torchvision's other
            networks to [-1, 1], as torchvision's trained weights expect them.
        kernels: what makes each branch of that of the paper.

    Raises:
        RuntimeError: if an image is too small.
    """

    def __init__(
        self,
        num_classes: int = 1000,
        aux_logits: bool = True,
        transform_input: bool = False,
        kernels: Callable[[Branch], Branch] = as_published,
    ) -> None:
        super().__init__()
        self.aux_logits = aux_logits
        self.transform_input = transform_input
        self.Conv2d_1a_3x3 = ConvBlock(3, 32, 3, stride=2)
        self.Conv2d_2a_3x3 = ConvBlock(32, 32, 3)
        self.Conv2d_2b_3x3 = ConvBlock(32, 64, 3, padding=1)
        self.maxpool1 = nn.MaxPool2d(kernel_size=3, stride=2)
        self.Conv2d_3b_1x1 = ConvBlock(64, 80, 1)
        self.Conv2d_4a_3x3 = ConvBlock(80, 192, 3)
        self.maxpool2 = nn.MaxPool2d(kernel_size=3, stride=2)

        halving = {"pool": nn.MaxPool2d, "stride": 2, "trim": 1}
        channels = 192
        for name, branches, options in (
            ("Mixed_5b", on_35x35(), {"projection": 32}),
            ("Mixed_5c", on_35x35(), {"projection": 64}),
            ("Mixed_5d", on_35x35(), {"projection": 64}),
            ("Mixed_6a", to_17x17(), halving),
            ("Mixed_6b", on_17x17(128), {"projection": 192}),
            ("Mixed_6c", on_17x17(160), {"projection": 192}),
            ("Mixed_6d", on_17x17(160), {"projection": 192}),
            ("Mixed_6e", on_17x17(192), {"projection": 192}),
            ("Mixed_7a", to_8x8(), halving),
            ("Mixed_7b", on_8x8(), {"projection": 192}),
            ("Mixed_7c", on_8x8(), {"projection": 192}),
        ):
            layers = {branch: kernels(layers) for branch, layers in branches.items()}
            module = InceptionModule(channels, layers, **options)
            if name == "Mixed_7a" and aux_logits:
                self.AuxLogits = InceptionAux(channels, num_classes)
            self.add_module(name, module)
            channels = module.out_channels
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(0.5)
        self.fc = nn.Linear(channels, num_classes)

    def forward(self, images: Tensor) -> Tensor | InceptionOutputs:
        if self.transform_input:
            images = to_symmetric(images)
        maps = self.Conv2d_2b_3x3(self.Conv2d_2a_3x3(self.Conv2d_1a_3x3(images)))
        maps = self.Conv2d_4a_3x3(self.Conv2d_3b_1x1(self.maxpool1(maps)))
        maps = self.Mixed_5d(self.Mixed_5c(self.Mixed_5b(self.maxpool2(maps))))
        maps = self.Mixed_6c(self.Mixed_6b(self.Mixed_6a(maps)))
        maps = self.Mixed_6e(self.Mixed_6d(maps))
        with_head = self.training and self.aux_logits
        aux_logits = self.AuxLogits(maps) if with_head else None
        maps = self.Mixed_7c(self.Mixed_7b(self.Mixed_7a(maps)))
        logits = self.fc(self.dropout(self.avgpool(maps)).flatten(1))
        return InceptionOutputs(logits, aux_logits) if with_head else logits


# --8<-- [end:inception_v3]


# --8<-- [start:builders]
def inception_v3(
    num_classes: int = 1000, aux_logits: bool = True, transform_input: bool = False
) -> Inception3:
    """Inception v3 as torchvision has it, for images of 299x299."""
    return Inception3(num_classes, aux_logits, transform_input)


def inception_v3_full_kernels(
    num_classes: int = 1000, aux_logits: bool = True
) -> Inception3:
    """Inception v3 with one kernel for every two that see as far."""
    return Inception3(num_classes, aux_logits, kernels=in_full)


# --8<-- [end:builders]
