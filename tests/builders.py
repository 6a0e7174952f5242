"""The functions of snippets/models that build networks."""

import importlib
import inspect
from pathlib import Path

from measure.snippets import builds

MODELS = Path(__file__).parent.parent / "snippets" / "models"


def builders() -> list:
    """Every function of snippets/models that builds a network by itself."""
    found = []
    for path in sorted(MODELS.glob("*.py")):
        module = importlib.import_module(f"models.{path.stem}")
        found += [
            value
            for name, value in vars(module).items()
            if not name.startswith("_")
            and inspect.getmodule(value) is module
            and builds(value)
        ]
    return found


def default(make, name: str):
    """What a builder takes an argument for if nothing is said."""
    known = inspect.signature(make).parameters
    return known[name].default if name in known else None
