"""How long after an edit `mkdocs serve` shows it."""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import cache
from tools.bench.builds import copied

TURNS = 5
WAIT = 300
TEXT = ("docs/en/architectures/vgg.md", "en/architectures/vgg/", "## The problem")
SNIPPET = ("snippets/tricks/stacked_3x3.py", "en/architectures/vgg/", '"""')


def serving() -> dict[str, float]:
    """Seconds from saving a text, and a snippet, to the page that shows it."""
    with tempfile.TemporaryDirectory() as folder:
        root = copied(Path(folder) / "ours")
        port = free_port()
        server = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "mkdocs",
                "serve",
                "--dev-addr",
                f"127.0.0.1:{port}",
            ],
            cwd=root,
            env=os.environ | {"CNN_DIET_CACHE": str(cache.FOLDER)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            address = f"http://127.0.0.1:{port}/"
            shown(address, "</html>")
            return {
                "edit of a text, seconds": followed(root, address, *TEXT),
                "edit of a snippet, seconds": followed(root, address, *SNIPPET),
            }
        finally:
            server.terminate()
            server.wait()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def followed(root: Path, address: str, file: str, page: str, mark: str) -> float:
    """The median of some edits, each of which writes a new word."""
    path = root / file
    text = path.read_text(encoding="utf-8")
    took = []
    for turn in range(TURNS):
        word = f"edited{turn}"
        path.write_text(text.replace(mark, f"{mark} {word}", 1), encoding="utf-8")
        started = time.perf_counter()
        shown(address + page, word)
        took.append(time.perf_counter() - started)
        time.sleep(1)
    return statistics.median(took)


def shown(address: str, word: str) -> None:
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        try:
            with urlopen(address) as answer:
                if word in answer.read().decode():
                    return
        except URLError:
            pass
        time.sleep(0.02)
    sys.exit(f"bench: {address} never showed {word}")
