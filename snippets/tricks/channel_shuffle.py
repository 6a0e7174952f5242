"""Two 1x1 in 2 groups, one behind the other: apart, and with a shuffle between."""

import torch
from torch import Tensor, nn

INPUT = (1, 200, 28, 28)
G = 2


def two(*between: nn.Module) -> nn.Sequential:
    narrow = nn.Conv2d(200, 50, kernel_size=1, groups=G, bias=False)
    widen = nn.Conv2d(50, 200, kernel_size=1, groups=G, bias=False)
    return nn.Sequential(narrow, *between, widen)


apart = two()
shuffled = two(nn.ChannelShuffle(G))


def shuffle(maps: Tensor) -> Tensor:
    """What nn.ChannelShuffle does: rows become columns."""
    n, channels, *sides = maps.shape
    table = maps.reshape(n, G, channels // G, *sides)  # (1)!
    return table.transpose(1, 2).reshape(maps.shape)


def seen(block: nn.Module) -> int:
    """How many input channels the first output channel depends on."""
    maps = torch.randn(INPUT, requires_grad=True)
    block(maps)[0, 0].sum().backward()
    return (maps.grad[0].abs().sum(dim=(1, 2)) > 0).sum().item()


for name, block in {"apart": apart, "shuffled": shuffled}.items():
    print(f"{name}, weights: {sum(p.numel() for p in block.parameters()):,}")
    print(f"{name}, channels seen: {seen(block)}")
twelve = torch.arange(12.0).reshape(1, 12, 1, 1)
assert shuffle(twelve).equal(nn.ChannelShuffle(G)(twelve))
print("order:", *shuffle(twelve).int().flatten().tolist())
