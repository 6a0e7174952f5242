"""Which 7x7 kernels a 1x7 and a 7x1 can make together."""

import torch
from torch.linalg import matrix_rank
from torch.nn.functional import conv2d

torch.manual_seed(0)
C, N = 16, 7


def kernels(between: int) -> torch.Tensor:
    """The 7x7 kernels of a random pair with so many channels between, (C, C, 7, 7)."""
    across = torch.randn(between, C, 1, N, dtype=torch.double)
    down = torch.randn(C, between, N, 1, dtype=torch.double)
    made = torch.einsum("omy,mix->oiyx", down[..., 0], across[:, :, 0])  # (1)!
    maps = torch.randn(1, C, 9, 9, dtype=torch.double)
    assert torch.allclose(conv2d(conv2d(maps, across), down), conv2d(maps, made))
    return made


def together(made: torch.Tensor) -> torch.Tensor:
    """All kernels as one matrix: a row for each output and y, a column for input, x."""
    return made.transpose(1, 2).flatten(2).flatten(0, 1)


full = torch.randn(C, C, N, N, dtype=torch.double)
pairs = {f"{between} between": kernels(between) for between in (1, C)}
for name, made in (pairs | {"full": full}).items():
    print(f"{name}, rank of one kernel: {matrix_rank(made[0, 0])}")
    print(f"{name}, rank of all together: {matrix_rank(together(made))}")  # (2)!
