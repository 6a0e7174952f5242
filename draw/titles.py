"""What a box is called, in a language."""

from draw.graph import Node, windowed
from draw.words import WORDS, word


def title(node: Node, language: str) -> str:
    """A box in a line: 3×3 conv /2, or bottleneck ×3."""
    if node.kind == "block":
        name = node.name
    else:
        name = windowed(kind(node, language), node.settings)
    return f"{name} ×{node.repeats}" if node.repeats > 1 else name


def kind(node: Node, language: str) -> str:
    if node.depthwise():
        return word("depthwise conv", language)
    if node.kind == "conv" and node.dilation() > 1:
        return word("dilated conv", language)
    return word(node.kind, language) if node.kind in WORDS else node.kind


def details(node: Node, language: str, lane: int | None = None) -> list[str]:
    """What else decides a box's parameters, a line each."""
    said = []
    if lane is not None:
        said.append(word("group of", language, lane + 1, node.lanes))
    elif node.groups() > 1 and not node.depthwise():
        said.append(word("groups", language, node.groups()))
    if node.kind == "conv" and node.dilation() > 1:
        said.append(word("rate", language, node.dilation()))
    if node.inside:
        name, times = node.inside
        said.append(f"{name} ×{times}")
    return said
