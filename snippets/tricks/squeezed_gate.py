"""A gate for 1152 maps, squeezed to a quarter of these, or of 192."""

import torch
from torch import Tensor, nn

INPUT = (1, 1152, 7, 7)
NARROW, WIDE = 192, 1152


class Gate(nn.Module):
    def __init__(self, squeezed: int) -> None:
        super().__init__()
        self.average = nn.AdaptiveAvgPool2d(1)
        self.squeeze = nn.Conv2d(WIDE, squeezed, kernel_size=1)
        self.activation = nn.SiLU()
        self.excite = nn.Conv2d(squeezed, WIDE, kernel_size=1)
        self.sigmoid = nn.Sigmoid()

    def forward(self, maps: Tensor) -> Tensor:
        numbers = self.activation(self.squeeze(self.average(maps)))
        return maps * self.sigmoid(self.excite(numbers))


quarter_of_wide = Gate(WIDE // 4)  # (1)!
quarter_of_narrow = Gate(NARROW // 4)  # (2)!

gates = {"of wide": quarter_of_wide, "of narrow": quarter_of_narrow}
for name, gate in gates.items():
    assert gate(torch.zeros(INPUT)).shape == INPUT
    print(f"quarter {name}: {sum(p.numel() for p in gate.parameters()):,}")
