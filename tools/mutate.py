"""`make mutate`: would a test notice if one number of a network were another?

One at a time, a width, kernel, stride, padding, group or bias in snippets/ becomes
another, or an operator its opposite, and the tests that concern the file run. A mutant
that no test notices is a hole in the tests, unless tests/equivalent_mutants.yml says
why it does the same.
"""

import argparse
import ast
import inspect
import multiprocessing
import os
import random
import resource
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import yaml

import cache
from measure.cache import SNIPPETS, imported, needed
from tools.mutants import Mutant, files, mutants

EQUIVALENT = cache.ROOT / "tests" / "equivalent_mutants.yml"
WRONG = ("not noticed", "noticed though listed")
SECONDS = 300  # of the processor; a mutant that takes longer is noticed
NOT_COPIED = (
    ".venv",
    ".cache",
    ".git",
    "site",
    "__pycache__",
    ".site.new",
    ".site.old",
)
OTHER = ("test_measure", "test_tricks")  # our networks are but examples there


def users(file: str) -> list[Path]:
    """The snippets that hold a file's code: itself and those that import it."""
    return [path for path in files() if SNIPPETS / file in needed(path)]


def defined(path: Path) -> set[str]:
    """A module's name and those of its functions."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    return names | {path.stem}


class Concerning:
    """For pytest: the tests about some files, first those that are done soonest."""

    def __init__(self, changed: set[str]) -> None:
        using = {path for file in changed for path in users(file)}
        self.models = [path for path in using if path.parent.name == "models"]
        self.tricks = [path for path in using if path.parent.name == "tricks"]
        self.modules = {f"{path.parent.name}.{path.stem}" for path in using}
        self.names = {name for path in self.models for name in defined(path)}

    def paths(self) -> list[str]:
        """The files of such tests."""
        tests = sorted((cache.ROOT / "tests").glob("test_*.py"))
        return [
            f"tests/{test.name}"
            for test in tests
            if (self.models and test.stem == "test_models")
            or (self.tricks and test.stem == "test_tricks")
            or (self.modules & set(imported(test)) and test.stem not in OTHER)
        ]

    def pytest_collection_modifyitems(self, items: list) -> None:
        items[:] = sorted(filter(self.about, items), key=dear)

    def about(self, item) -> bool:
        words = item.name + inspect.getsource(item.function)
        match item.path.stem:
            case "test_models":
                return any(name in words for name in self.names)
            case "test_tricks":
                return any(path.stem in words for path in self.tricks)
        return True


def dear(item) -> bool:
    """Whether a test computes values, which takes longer than shapes."""
    return "inference_mode" in inspect.getsource(item.function)


def prepare(folder: str) -> None:
    """Give this process a copy of the project, and what tests load."""
    global root
    root = Path(folder) / str(os.getpid())
    shutil.copytree(cache.ROOT, root, ignore=shutil.ignore_patterns(*NOT_COPIED))
    os.environ["CNN_DIET_CACHE"] = str(root / ".cache")

    import playwright.sync_api  # noqa: F401
    import pytest  # noqa: F401
    import torch

    torch.set_num_threads(1)
    torch.nn.Conv2d(1, 1, 1, device="meta")(torch.empty(1, 1, 1, 1, device="meta"))


def noticed(mutant: Mutant) -> bool:
    """Whether a test fails in the copy when it holds the mutant."""
    place = root / "snippets" / mutant.file
    good = place.read_bytes()
    place.write_bytes(mutant.text())
    try:
        return fails({mutant.file})
    finally:
        place.write_bytes(good)


def fails(changed: set[str]) -> bool:
    """Whether one of the tests about these files fails, in the copy as it is."""
    # Within a second, Python takes a file of the same size for the same file.
    for compiled in (root / "snippets").rglob("__pycache__"):
        shutil.rmtree(compiled)
    concerning = Concerning(changed)
    if not concerning.paths():
        return False  # no test is about them
    child = os.fork()
    if not child:
        answer(concerning)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code not in (0, 1, 2) and code >= 0:  # passed, failed, could not be imported
        raise RuntimeError((root / "told.txt").read_text(encoding="utf-8"))
    return code != 0


def answer(concerning: Concerning) -> None:
    """Test in this process, which has torch already, and end it."""
    code = 3
    try:
        code = tested(concerning)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def tested(concerning: Concerning) -> int:
    import pytest

    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    os.chdir(root)
    sys.path[:] = [path for path in sys.path if Path(path).resolve() != cache.ROOT]
    ours = {path.stem for path in root.iterdir()}
    for name in [name for name in sys.modules if name.split(".")[0] in ours]:
        del sys.modules[name]
    told = os.open(root / "told.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(told, 1)
    os.dup2(told, 2)
    quiet = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    asked = [f"--rootdir={root}", *quiet, *concerning.paths()]
    return int(pytest.main(asked, plugins=[concerning]))


def run(
    drawn: list[Mutant], workers: int, passed: bool
) -> Iterator[tuple[Mutant, bool]]:
    """Each mutant, and whether a test noticed it.

    Unless the tests are said to have `passed`, they run without a mutant as well.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(
            workers,
            multiprocessing.get_context("fork"),
            initializer=prepare,
            initargs=(folder,),
        ) as pool,
    ):
        if not passed:
            unchanged = pool.submit(fails, {mutant.file for mutant in drawn})
        yield from zip(drawn, pool.map(noticed, drawn), strict=True)
        if not passed and unchanged.result():
            sys.exit("mutate: a test fails without any mutant, run `make test`")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "files", nargs="*", help="below snippets/; all, if none is named"
    )
    parser.add_argument("--count", type=int, default=240)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--passed", action="store_true", help="tests pass without mutants, do not ask"
    )
    options = parser.parse_args()
    every = [mutant for path in files() for mutant in mutants(path)]
    equivalent = yaml.safe_load(EQUIVALENT.read_text(encoding="utf-8")) or {}
    if gone := equivalent.keys() - {mutant.name for mutant in every}:
        sys.exit("no longer in snippets/:\n  " + "\n  ".join(sorted(gone)))
    asked = [m for m in every if not options.files or m.file in options.files]
    count = min(options.count, len(asked))
    drawn = random.Random(options.seed).sample(asked, count)

    started = time.monotonic()
    counted: Counter[str] = Counter()
    results = run(drawn, options.workers, options.passed)
    for number, (mutant, seen) in enumerate(results, start=1):
        if mutant.name in equivalent:
            result = "noticed though listed" if seen else "equivalent"
        else:
            result = "noticed" if seen else "not noticed"
        counted[result] += 1
        if result in WRONG:
            print(f"{result}: {mutant.name}")
        if not number % 20 and number < count:
            print(f"{number} of {count} mutants")
    minutes = (time.monotonic() - started) / 60
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = (used.ru_utime + used.ru_stime) / 60
    print(f"{count} mutants in {minutes:.1f} minutes, {busy:.1f} of the processor")
    print(", ".join(f"{counted[result]} {result}" for result in sorted(counted)))
    if counted.keys() & set(WRONG):
        sys.exit(
            "mutate: write a test that notices, or say in tests/equivalent_mutants.yml "
            "why it is the same"
        )


if __name__ == "__main__":
    main()
