"""Caches for builds that render every page anew."""

from pathlib import Path

import cache


def without_pages(folder: Path) -> Path:
    """A folder of caches that hold all that is kept, but no rendered page."""
    folder.mkdir()
    for kept in cache.FOLDER.iterdir():
        if kept.name != "pages":
            (folder / kept.name).symlink_to(kept)
    return folder
