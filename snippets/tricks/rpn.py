"""A region proposal network on VGG-16's last maps: nine boxes for each place."""

import torch
from torch import Tensor, nn

INPUT = (1, 512, 28, 42)  # (1)!
ANCHORS = 9


class ProposalNetwork(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(512, 512, kernel_size=3, padding=1)
        self.relu = nn.ReLU()
        self.scores = nn.Conv2d(512, 2 * ANCHORS, kernel_size=1)  # (2)!
        self.boxes = nn.Conv2d(512, 4 * ANCHORS, kernel_size=1)  # (3)!

    def forward(self, maps: Tensor) -> tuple[Tensor, Tensor]:
        maps = self.relu(self.conv(maps))
        return self.scores(maps), self.boxes(maps)


with torch.device("meta"):
    rpn = ProposalNetwork()
    scores, boxes = rpn(torch.empty(INPUT))

print(f"boxes: {boxes.numel() // 4:,}")
print(f"parameters: {sum(p.numel() for p in rpn.parameters()):,}")
