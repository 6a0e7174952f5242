"""Measurements kept by the code's content and torch's version; no torch here."""

import ast
import functools
import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import cache

SNIPPETS = cache.ROOT / "snippets"


class MeasureError(Exception):
    """A snippet file could not be measured."""


def needed(file: Path) -> list[Path]:
    """A snippet file and the snippet files that it imports."""
    found, waiting = [], [file]
    while waiting:
        path = waiting.pop()
        if path in found or not path.is_file():
            continue
        found.append(path)
        waiting += [
            folder / f"{module.replace('.', '/')}.py"
            for module in imported(path)
            for folder in (SNIPPETS, path.parent)
        ]
    return found


def imported(path: Path) -> list[str]:
    """Every name that a file imports and that may be a module."""
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except SyntaxError as error:
        where = f"{path.relative_to(SNIPPETS.parent)}:{error.lineno}"
        raise MeasureError(f"{where}: {error.msg}") from error
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = f"{node.module}." if node.module else ""
            names += [module.rstrip("."), *(module + a.name for a in node.names)]
    return [name for name in names if name]


@functools.cache
def measuring_code() -> str:
    names = ("cache", "field", "record", "snippets")
    code = [Path(__file__).with_name(f"{name}.py") for name in names]
    return cache.key(
        sys.version, version("torch"), *(path.read_bytes() for path in code)
    )


def kept(file: Path) -> Path:
    name = cache.key(measuring_code(), *(path.read_bytes() for path in needed(file)))
    return cache.FOLDER / "measure" / f"{file.stem}-{name}.json"


def measurable() -> list[Path]:
    """The snippets that need torch alone: models and tricks."""
    return sorted([*SNIPPETS.glob("models/*.py"), *SNIPPETS.glob("tricks/*.py")])


def measurements() -> dict[str, dict[str, dict]]:
    """Every network that a snippet builds: {"models/vgg.py": {"vgg16": {...}}}."""
    files = measurable()
    places = {file: kept(file) for file in files}
    missing = [str(file) for file, place in places.items() if not place.exists()]
    if missing:
        ran = subprocess.run(
            [sys.executable, "-m", "measure.snippets", *missing],
            cwd=cache.ROOT,
            env=os.environ | {"PYTHONPATH": str(SNIPPETS)},
            capture_output=True,
            text=True,
        )
        if ran.returncode:
            raise MeasureError(f"measuring the snippets failed:\n{ran.stderr}")
        for file, networks in json.loads(ran.stdout).items():
            cache.write(places[Path(file)], json.dumps(networks))
    return {
        file.relative_to(SNIPPETS).as_posix(): json.loads(place.read_text())
        for file, place in places.items()
    }
