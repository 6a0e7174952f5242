"""Results kept by content: equal parts, equal name; anything else, another name."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent
FOLDER = Path(os.environ.get("CNN_DIET_CACHE") or ROOT / ".cache").resolve()


def key(*parts: str | bytes) -> str:
    """A short name for content."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(f"{len(data)}:".encode() + data)
    return digest.hexdigest()[:24]


def write(path: Path, content: str | bytes) -> None:
    """Write a file whole: whoever reads it sees the old content or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}")
    part.write_bytes(content.encode() if isinstance(content, str) else content)
    part.replace(path)


def kept(path: Path, make: Callable[[], str]) -> str:
    """The text at `path`; made and kept there the first time."""
    if not path.exists():
        write(path, make())
    return path.read_text(encoding="utf-8")
