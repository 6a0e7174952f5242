"""Measure a network of your own, on the meta device: no weights, no arithmetic.

python -m measure path/to/file.py:builder --input 1,3,224,224
"""

import argparse
import contextlib
import difflib
import runpy
import sys
from pathlib import Path

import torch
from torch import nn

from draw import standalone
from draw.scene import DISTANCES, SceneError, scene
from measure.record import measure
from measure.report import FORMATS


def shape(text: str) -> tuple[int, ...]:
    sizes = tuple(int(size) for size in text.split(","))
    if min(sizes) < 1:
        raise ValueError(text)
    return sizes


def build(target: str) -> nn.Module:
    """The network that `file.py:name` stands for: a module, or what makes one."""
    file, _, name = target.rpartition(":")
    if not file or not Path(file).is_file():
        sys.exit(
            f"measure: there is no file for '{target}': write path/to/file.py:builder"
        )
    sys.path[:0] = [str(Path(file).resolve().parent), str(Path.cwd())]
    with contextlib.redirect_stdout(sys.stderr):  # the table has stdout to itself
        names = runpy.run_path(file)
    if name not in names:
        near = difflib.get_close_matches(name, names, n=3)
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        sys.exit(f"measure: {file} has no '{name}'{hint}")
    value = names[name]
    if not isinstance(value, nn.Module) and callable(value):
        with torch.device("meta"):
            value = value()
    if not isinstance(value, nn.Module):
        sys.exit(f"measure: {target} is no network, but a {type(value).__name__}")
    return value


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser("python -m measure", description=__doc__)
    parser.add_argument("target", help="path/to/file.py:builder")
    parser.add_argument(
        "--input",
        type=shape,
        action="append",
        required=True,
        metavar="1,3,224,224",
        help="shape of an input, batch first; once for each input",
    )
    parser.add_argument("--format", choices=FORMATS, default="table")
    parser.add_argument("--svg", type=Path, help="write the picture to this file")
    parser.add_argument("--part", default="", help="draw this module, by its path")
    parser.add_argument("--distance", choices=DISTANCES, default="")
    parser.add_argument("--language", choices=("ko", "en"), default="en")
    given = parser.parse_args(arguments)
    network = build(given.target)
    try:
        measured = measure(network, *given.input)
    except (RuntimeError, TypeError, ValueError) as error:
        sys.exit(f"measure: the network does not take {given.input}: {error}")
    if given.svg:
        name = given.target.rpartition(":")[2]
        try:
            shown = scene(measured, given.part, given.distance)
        except SceneError as error:
            sys.exit(f"measure: {error}")
        given.svg.write_text(
            standalone.svg(shown, given.language, name), encoding="utf-8"
        )
    sys.stdout.write(FORMATS[given.format](measured))


if __name__ == "__main__":
    main()
