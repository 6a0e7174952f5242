"""The time that measuring takes, as a ratio to torchinfo's.

torchinfo tells parameters, MACs and shapes. It is no dependency of the project: it is
fetched into the cache. Both measure a network that is on the meta device already, in
turns, in one process; the median of the turns is compared.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

import cache

FOLDER = cache.FOLDER / "torchinfo"
TURNS = 15


def fetch() -> None:
    if not FOLDER.exists():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
        subprocess.run([*pip, "--target", FOLDER, "torchinfo==1.8.0"], check=True)
    sys.path.append(str(FOLDER))


def seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def measuring() -> dict[str, float]:
    """By network, how many times torchinfo's time ours is."""
    fetch()
    import torch
    import torchinfo

    from measure.record import measure

    sys.path.insert(0, str(cache.ROOT / "snippets"))
    from models import alexnet, vgg

    found = {}
    for build in (alexnet.alexnet, vgg.vgg19_bn):
        with torch.device("meta"):
            network = build().eval()
        ways = {
            "ours": partial(measure, network, vgg.INPUT),
            "torchinfo": partial(
                torchinfo.summary, network, vgg.INPUT, device="meta", verbose=0
            ),
        }
        took = {name: [] for name in ways}
        for _ in range(TURNS):
            for name, way in ways.items():
                took[name].append(seconds(way))
        ours, theirs = (statistics.median(took[name]) for name in ways)
        found[build.__name__] = ours / theirs
    return found
