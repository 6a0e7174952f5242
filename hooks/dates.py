"""When a page last changed: the date of the last commit that touched its file."""

import functools
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

LOG = ("log", "--format=%x00%cs", "--name-only", "--", "docs")


@functools.cache
def changed(root: Path = ROOT) -> dict[str, str]:
    """Files by the day of their last commit; none outside a repository."""
    try:
        log = subprocess.run(
            ["git", "-c", "core.quotepath=off", *LOG],
            cwd=root,
            capture_output=True,
            text=True,
        ).stdout
    except FileNotFoundError:  # git itself
        return {}
    found: dict[str, str] = {}
    for commit in log.split("\0")[1:]:
        day, *files = commit.split("\n")
        for file in filter(None, files):
            found.setdefault(file, day)
    return found


def on_page_context(context, page, config) -> None:
    docs = Path(config.docs_dir).resolve()
    if docs.is_relative_to(ROOT):
        file = (docs / page.file.src_uri).relative_to(ROOT).as_posix()
        context["changed"] = changed().get(file, "")
