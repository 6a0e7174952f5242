"""`make determinism`: two builds from nothing, notebooks too, give the same bytes."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import cache


def differences(one: Path, other: Path) -> list[str]:
    """The files in which two folders differ."""
    names = {
        path.relative_to(folder)
        for folder in (one, other)
        for path in folder.rglob("*")
        if path.is_file()
    }
    return sorted(
        name.as_posix()
        for name in names
        if content(one / name) != content(other / name)
    )


def content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def build(site: Path, caches: Path, seed: int) -> None:
    """Build with caches of its own, and with sets in another order."""
    environment = {
        "CNN_DIET_CACHE": str(caches),
        "PYTHONHASHSEED": str(seed),
        "SOURCE_DATE_EPOCH": "1000000000",
        "SITE_URL": "https://example.org/diet/",
        "REPO_URL": "https://github.com/authors/diet",
        "NO_MKDOCS_2_WARNING": "1",
    }
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", site],
        cwd=cache.ROOT,
        env=os.environ | environment,
        check=True,
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        sites = []
        for seed in (1, 2):
            sites.append(Path(folder) / f"site{seed}")
            build(sites[-1], Path(folder) / f"caches{seed}", seed)
        if found := differences(*sites):
            sys.exit("differ between two builds:\n  " + "\n  ".join(found))
        count = sum(path.is_file() for path in sites[0].rglob("*"))
        print(f"{count:,} files, built twice from nothing: the same bytes")


if __name__ == "__main__":
    main()
