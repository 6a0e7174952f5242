"""How much of a kernel the best kernel of rank 1 keeps."""

import torch


def kept(kernels: torch.Tensor, rank: int = 1) -> float:
    """The share of squared weights that is left; kernels (..., n, n)."""
    squares = torch.linalg.svdvals(kernels).square()  # (1)!
    return (squares[..., :rank].sum() / squares.sum()).item()


KERNELS = {
    "blur": [[1, 2, 1], [2, 4, 2], [1, 2, 1]],
    "upright edge": [[1, 0, -1], [2, 0, -2], [1, 0, -1]],
    "Laplacian": [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
    "diagonal": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
}
for name, weights in KERNELS.items():
    print(f"{name}: {kept(torch.tensor(weights, dtype=torch.double)):.3f}")

torch.manual_seed(0)
for n in (3, 5, 7):
    print(f"random {n}x{n}: {kept(torch.randn(10_000, n, n)):.3f}")  # (2)!
