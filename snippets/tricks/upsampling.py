"""Three ways to bring pooled maps back to their size."""

import torch
from torch import Tensor, nn

INPUT = (1, 64, 112, 112)


class PoolAndUnpool(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.pool = nn.MaxPool2d(2, return_indices=True)
        self.unpool = nn.MaxUnpool2d(2)

    def forward(self, maps: Tensor) -> Tensor:
        pooled, places = self.pool(maps)  # (1)!
        return self.unpool(pooled, places)


transposed = nn.Sequential(
    nn.MaxPool2d(2),
    nn.ConvTranspose2d(64, 64, kernel_size=2, stride=2, bias=False),
)
bilinear = nn.Sequential(
    nn.MaxPool2d(2),
    nn.Upsample(scale_factor=2, mode="bilinear"),
)
unpooled = PoolAndUnpool()

for name, block in {
    "transposed convolution": transposed,
    "bilinear": bilinear,
    "unpooling": unpooled,
}.items():
    assert block(torch.zeros(INPUT)).shape == INPUT
    print(f"{name}, parameters: {sum(p.numel() for p in block.parameters()):,}")
