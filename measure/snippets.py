"""`python -m measure.snippets FILE...`: every network that a snippet file builds."""

import contextlib
import inspect
import io
import json
import runpy
import sys
import typing

import torch
from torch import nn

from measure.record import measure


def networks(file: str) -> dict[str, dict]:
    """Measure each module, and each function that builds one, named in a file.

    The file states the shape it expects as `INPUT = (batch, channels, height, width)`,
    and in `INPUTS` those of networks that expect another, by their names.
    """
    names = names_in(file)
    if "INPUT" not in names:
        return {}
    found = {}
    for name, value in names.items():
        with torch.device("meta"):
            module = built(name, value)
        if module:
            found[name] = measure(module, input_of(name, names))
    return found


def input_of(name: str, names: dict[str, object]) -> tuple[int, ...]:
    """The shape that a network of a file expects."""
    return names.get("INPUTS", {}).get(name, names["INPUT"])


def names_in(file: str) -> dict[str, object]:
    """What a file defines, once it has run."""
    with contextlib.redirect_stdout(io.StringIO()):
        return runpy.run_path(file)


def built(name: str, value) -> nn.Module | None:
    """The network that a name stands for, if it stands for one."""
    if name.startswith("_"):
        return None
    if isinstance(value, nn.Module):
        return value
    return value() if builds(value) else None


def builds(value) -> bool:
    """Whether it is a function that makes a module and needs no argument."""
    if not inspect.isfunction(value):
        return False
    returned = typing.get_type_hints(value).get("return")
    if not (inspect.isclass(returned) and issubclass(returned, nn.Module)):
        return False
    parameters = inspect.signature(value).parameters.values()
    return all(p.default is not p.empty or p.kind == p.VAR_KEYWORD for p in parameters)


if __name__ == "__main__":
    json.dump({file: networks(file) for file in sys.argv[1:]}, sys.stdout)
