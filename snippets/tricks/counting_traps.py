"""Where adding up layer by layer gives another number than torch."""

from torch import nn

tied = nn.Sequential(
    nn.Linear(64, 64, bias=False),
    nn.ReLU(),
    nn.Linear(64, 64, bias=False),
)
tied[2].weight = tied[0].weight  # (1)!
norm = nn.BatchNorm2d(64)

by_layer = sum(layer.weight.numel() for layer in tied if isinstance(layer, nn.Linear))
print(f"tied, layer by layer: {by_layer:,}")
print(f"tied, each weight once: {sum(p.numel() for p in tied.parameters()):,}")  # (2)!

saved = sum(tensor.numel() for tensor in norm.state_dict().values())
print(f"batch norm, all that is saved: {saved:,}")  # (3)!
print(f"batch norm, parameters: {sum(p.numel() for p in norm.parameters()):,}")
