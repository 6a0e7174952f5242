"""Training a small classifier, and its accuracy; same seed, same result."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)


def train(
    network: nn.Module,
    images: Tensor,
    labels: Tensor,
    *,
    epochs: int,
    rate: float = 0.1,
    batch: int = 64,
    seed: int = 0,
) -> list[float]:
    """Train with SGD, momentum 0.9 and a rate that falls to 0; the loss of each epoch.

    Batches are drawn by `seed`; a network that diverges has losses that are nan.
    """
    order = torch.Generator().manual_seed(seed)
    steps = epochs * -(-len(images) // batch)
    optimiser = torch.optim.SGD(network.parameters(), lr=rate, momentum=0.9)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    losses = []
    network.train()
    for _ in range(epochs):
        total = 0.0
        for chosen in torch.randperm(len(images), generator=order).split(batch):
            loss = F.cross_entropy(network(images[chosen]), labels[chosen])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item() * len(chosen)
        losses.append(total / len(images))
    return losses


@torch.inference_mode()
def accuracy(network: nn.Module, images: Tensor, labels: Tensor) -> float:
    """Per cent of the images whose class is right, without dropout and such."""
    network.eval()
    return 100 * (network(images).argmax(1) == labels).float().mean().item()


def parameters(network: nn.Module) -> int:
    return sum(weights.numel() for weights in network.parameters())
