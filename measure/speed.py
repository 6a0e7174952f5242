"""How long a forward pass takes, network beside network.

One image at a time, float32, without gradients. Networks are timed in turns, so that
what else the machine does hits all of them; the fastest turn of each is kept.
"""

import datetime
import platform
from pathlib import Path

import torch
from torch import nn
from torch.utils.benchmark import Timer

from measure.cache import SNIPPETS
from measure.record import measure
from measure.snippets import built, input_of, names_in

Name = tuple[Path, str]
TURNS = 9
THREADS = 1
TURN = 0.03  # seconds that a turn should at least take


def processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor()


def timer(network: nn.Module, shape: tuple[int, ...]) -> Timer:
    torch.manual_seed(0)
    return Timer(
        "with torch.inference_mode(): network(images)",
        globals={
            "torch": torch,
            "network": network.eval(),
            "images": torch.rand(shape),
        },
        num_threads=THREADS,
    )


def lent(network: nn.Module, pool: torch.Tensor) -> torch.Tensor:
    """Let its weights be parts of a pool, so that all networks fit into memory.

    Gives the pool, which grows to the largest network. No time depends on a value.
    """
    weights = list(network.parameters())
    sizes = [weight.numel() for weight in weights]
    if sum(sizes) > len(pool):
        pool = torch.rand(sum(sizes)).sub_(0.5).mul_(0.05)
    for weight, part in zip(weights, pool[: sum(sizes)].split(sizes), strict=True):
        weight.data = part.view_as(weight)
    return pool


def fastest(timers: dict[Name, Timer]) -> dict[Name, float]:
    """Milliseconds of one pass of each network."""
    took = {name: [] for name in timers}
    passes = dict.fromkeys(timers, 1)
    for _ in range(TURNS):
        for name, clock in timers.items():
            seconds = clock.timeit(passes[name]).mean
            took[name].append(seconds)
            passes[name] = max(1, int(TURN / seconds))
    return {name: 1000 * min(all_of) for name, all_of in took.items()}


def record(asked: dict[Path, set[str]]) -> dict:
    """The fastest passes of some networks of some snippets, and what measured them."""
    torch.set_flush_denormal(True)  # untrained maps may shrink to numbers that are slow
    timers, counts = {}, {}
    pool = torch.empty(0)
    for file in sorted(asked):
        names = names_in(str(file))
        for name in sorted(asked[file], key=list(names).index):
            network, shape = built(name, names[name]), input_of(name, names)
            measured = measure(network, shape)
            counts[file, name] = {key: measured[key] for key in ("params", "macs")}
            pool = lent(network, pool)
            timers[file, name] = timer(network, shape)
    entries: dict[str, dict] = {}
    for (file, name), milliseconds in fastest(timers).items():
        entry = counts[file, name] | {"milliseconds": float(f"{milliseconds:.4g}")}
        entries.setdefault(file.relative_to(SNIPPETS).as_posix(), {})[name] = entry
    return {
        "date": datetime.date.today().isoformat(),
        "cpu": processor(),
        "threads": THREADS,
        "torch": torch.__version__,
        "turns": TURNS,
        "networks": entries,
    }
