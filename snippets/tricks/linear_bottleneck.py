"""How much of 64 channels is left behind a 1x1 and a ReLU of few or many channels."""

import torch

C, POSITIONS = 64, 200
torch.manual_seed(0)

for wide in (64, 128, 384):
    maps = torch.randn(POSITIONS, C, dtype=torch.float64)
    weight = torch.randn(wide, C, dtype=torch.float64)
    active = maps @ weight.T > 0  # (1)!
    left = [torch.linalg.matrix_rank(weight[row]).item() for row in active]  # (2)!
    print(f"{wide} channels, of 64 left: {sum(left) / POSITIONS:.1f}")
    print(f"{wide} channels, positions that keep all: {left.count(C)}")
