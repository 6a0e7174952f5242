"""Six maps of an image: weights of its own at each place, or the same at all."""

import torch
from torch import Tensor, nn
from torch.nn.functional import unfold

INPUT = (1, 1, 32, 32)


class Unshared(nn.Module):
    """A 5x5 filter and a bias for each place of each map."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.rand(6, 28 * 28, 5 * 5))
        self.bias = nn.Parameter(torch.rand(6, 28 * 28))

    def forward(self, images: Tensor) -> Tensor:
        windows = unfold(images, kernel_size=5)  # (1)!
        maps = torch.einsum("nkp,cpk->ncp", windows, self.weight) + self.bias
        return maps.unflatten(2, (28, 28))


dense = nn.Sequential(
    nn.Flatten(), nn.Linear(32 * 32, 6 * 28 * 28), nn.Unflatten(1, (6, 28, 28))
)
unshared = Unshared()
shared = nn.Conv2d(1, 6, kernel_size=5)

blocks = {"dense": dense, "local, unshared": unshared, "local, shared": shared}
for name, block in blocks.items():
    count = sum(p.numel() for p in block.parameters())
    assert block(torch.rand(INPUT)).shape == (1, 6, 28, 28)
    print(f"{name}: {count:,}")

with torch.no_grad():  # (2)!
    unshared.weight.copy_(shared.weight.view(6, 1, 25).expand(6, 784, 25))
    unshared.bias.copy_(shared.bias.view(6, 1).expand(6, 784))
    image = torch.rand(INPUT)
    print("same maps:", torch.allclose(unshared(image), shared(image), atol=1e-5))
