"""What can be changed in a snippet so that it builds or computes something else."""

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from measure.cache import SNIPPETS, measurable

OPERATORS = {  # as it is written, and what is written instead
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "+"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "//"),
    ast.Pow: ("**", "*"),
    ast.And: ("and", "or"),
    ast.Or: ("or", "and"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
    ast.Not: ("not ", ""),
}


@dataclass(frozen=True)
class Mutant:
    """One change of a file in snippets/."""

    file: str  # below snippets/
    start: int  # in bytes
    end: int
    new: str
    name: str  # the same as long as its line is the same

    def text(self) -> bytes:
        source = (SNIPPETS / self.file).read_bytes()
        return source[: self.start] + self.new.encode() + source[self.end :]


def files() -> list[Path]:
    return [*measurable(), *sorted(SNIPPETS.glob("experiments/*.py"))]


def mutants(path: Path) -> list[Mutant]:
    """Every mutant of a file, in order.

    Of an experiment these are its operators: its numbers are seeds and rates.
    """
    source = path.read_bytes()
    file = path.relative_to(SNIPPETS).as_posix()
    numbers = path.parent.name != "experiments"
    found = []
    seen: Counter[str] = Counter()
    for start, end, new in sorted(Finder(source, numbers).changes()):
        line = source[source.rfind(b"\n", 0, start) + 1 :].split(b"\n")[0]
        old = source[start:end].decode()
        name = f"{file}: {line.decode().strip()}: {old.strip()} -> {new or 'nothing'}"
        seen[name] += 1
        if seen[name] > 1:
            name += f" ({seen[name]})"
        found.append(Mutant(file, start, end, new, name))
    return found


class Finder:
    """Where a source has sizes and operators, and what may stand there instead."""

    def __init__(self, source: bytes, numbers: bool) -> None:
        self.source = source
        self.numbers = numbers
        lengths = [len(line) for line in source.splitlines(keepends=True)]
        self.lines = [sum(lengths[:number]) for number in range(len(lengths))]

    def changes(self) -> Iterator[tuple[int, int, str]]:
        """Where each begins and ends, and the new text."""
        waiting: list[ast.AST] = [ast.parse(self.source)]
        while waiting:
            node = waiting.pop()
            if no_part(node):
                continue
            if isinstance(node, ast.Constant) and self.numbers:
                yield from self.number(node)
            yield from self.operators(node)
            if place(node):
                waiting.append(node.value)
            else:
                waiting += ast.iter_child_nodes(node)

    def number(self, node: ast.Constant) -> Iterator[tuple[int, int, str]]:
        if isinstance(node.value, bool):
            yield *self.span(node), str(not node.value)
        elif isinstance(node.value, int):
            yield *self.span(node), str(node.value + 1)

    def operators(self, node: ast.AST) -> Iterator[tuple[int, int, str]]:
        if isinstance(node, ast.BinOp):
            yield from self.operator(node.op, node.left, node.right)
        elif isinstance(node, ast.AugAssign):
            yield from self.operator(node.op, node.target, node.value)
        elif isinstance(node, ast.BoolOp):
            for left, right in zip(node.values, node.values[1:], strict=False):
                yield from self.operator(node.op, left, right)
        elif isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            for op, left, right in zip(node.ops, sides, sides[1:], strict=False):
                yield from self.operator(op, left, right)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            old, new = OPERATORS[ast.Not]
            start, _ = self.span(node)
            yield start, start + len(old), new

    def operator(
        self, op: ast.AST, left: ast.expr, right: ast.expr
    ) -> Iterator[tuple[int, int, str]]:
        if type(op) in OPERATORS:
            old, new = OPERATORS[type(op)]
            _, before = self.span(left)
            after, _ = self.span(right)
            start = self.source.index(old.encode(), before, after)
            yield start, start + len(old), new

    def span(self, node: ast.expr) -> tuple[int, int]:
        start = self.lines[node.lineno - 1] + node.col_offset
        return start, self.lines[node.end_lineno - 1] + node.end_col_offset


def no_part(node: ast.AST) -> bool:
    """Whether it belongs to no network: a check, words, an input or a seed."""
    match node:
        case ast.Raise() | ast.Assert() | ast.JoinedStr() | ast.keyword(arg="strict"):
            return True
        case ast.Assign(targets=[ast.Name("INPUT" | "INPUTS")]):
            return True
        case ast.Call(func=ast.Attribute(attr="manual_seed")):
            return True
    return False


def place(node: ast.AST) -> bool:
    """Whether it names a place or a type, as `sizes[0]` and `shape[2:]` do."""
    return isinstance(node, ast.Subscript) and not any(
        isinstance(part, ast.BinOp) for part in ast.walk(node.slice)
    )
