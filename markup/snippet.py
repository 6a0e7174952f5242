"""A snippet as a reader gets it: one file that runs with torch alone."""

import ast
import re
from pathlib import Path

from measure.cache import SNIPPETS

MARKER = re.compile(r"^[ \t]*# -+8<-+ \[(?:start|end):[^\]]+\][ \t]*\n", re.MULTILINE)
ANNOTATION = re.compile(r"[ \t]*# \(\d+\)!?[ \t]*$", re.MULTILINE)
GAP = re.compile(r"\n{4,}")


def clean(code: str) -> str:
    """Without section markers and annotation marks."""
    return GAP.sub("\n\n\n", ANNOTATION.sub("", MARKER.sub("", code)))


def alone(path: Path) -> str:
    """A snippet's code; what it imports from another model file stands in it."""
    file = File(clean(path.read_text(encoding="utf-8")))
    borrowed = file.borrowed()
    if not borrowed:
        return file.code
    imports, taken = file.imports(), []
    for module, names in borrowed.items():
        source = File(clean(module.read_text(encoding="utf-8")))
        imports += [line for line in source.imports() if line not in imports]
        taken.append(f"# from snippets/{module.relative_to(SNIPPETS).as_posix()}")
        taken += source.definitions(names)
    head = [
        f'"""{ast.get_docstring(file.tree)}"""',
        "\n".join(sorted(imports, key=kind)),
    ]
    return "\n\n".join(head) + "\n\n\n" + "\n\n\n".join([*taken, *file.rest()]) + "\n"


def kind(line: str) -> tuple[bool, str]:
    """`import torch` before `from torch import nn`."""
    return not line.startswith("import "), line


class File:
    """The statements of a Python file, each with the comments above it."""

    def __init__(self, code: str):
        self.code = code
        self.tree = ast.parse(code)
        self.lines = code.split("\n")

    def borrowed(self) -> dict[Path, list[str]]:
        """The model files it imports from, and which names of each."""
        return {
            SNIPPETS / f"{node.module.replace('.', '/')}.py": [
                a.name for a in node.names
            ]
            for node in self.tree.body
            if isinstance(node, ast.ImportFrom) and node.module.startswith("models.")
        }

    def imports(self) -> list[str]:
        """The other imports, one a line."""
        return [
            ast.unparse(node)
            for node in self.tree.body
            if isinstance(node, ast.Import | ast.ImportFrom)
            and not getattr(node, "module", "").startswith("models.")
        ]

    def rest(self) -> list[str]:
        """All other statements."""
        skipped = ast.Import | ast.ImportFrom
        return [
            self.text(node)
            for node in self.tree.body[1:]
            if not isinstance(node, skipped)
        ]

    def definitions(self, names: list[str]) -> list[str]:
        """The definitions of some names, and of the names that those use."""
        known = {name: node for node in self.tree.body for name in defined(node)}
        wanted: list[ast.stmt] = []
        waiting = list(names)
        while waiting:
            node = known.get(waiting.pop())
            if node is not None and node not in wanted:
                wanted.append(node)
                waiting += [x.id for x in ast.walk(node) if isinstance(x, ast.Name)]
        return [self.text(node) for node in self.tree.body if node in wanted]

    def text(self, node: ast.stmt) -> str:
        first = min(
            [node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))]
        )
        while self.lines[first - 2].startswith("#"):
            first -= 1
        return "\n".join(self.lines[first - 1 : node.end_lineno])


def defined(node: ast.stmt) -> list[str]:
    """The names that a statement defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [
            x.id for x in ast.walk(ast.Tuple(node.targets)) if isinstance(x, ast.Name)
        ]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    return []
