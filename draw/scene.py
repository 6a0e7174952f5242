"""What a picture shows, before it is drawn: its boxes, its total and its words."""

import difflib
from dataclasses import dataclass, field, replace

from draw import numbers
from draw.graph import Node, finished, fold, part_of, within
from draw.stages import contracted, runs
from draw.titles import details, title
from draw.words import word

MOST_BOXES = 25
DISTANCES = ("stages", "layers")


class SceneError(Exception):
    """A picture asks for what the network does not have."""


@dataclass
class Scene:
    """The boxes of a picture; `total` is what a share is a share of."""

    nodes: list[Node]
    total: int
    unused: dict[str, int] = field(default_factory=dict)

    def largest(self) -> int:
        return max((node.params // node.lanes for node in self.nodes), default=0)

    def called(self, names: dict[str, str]) -> "Scene":
        """The same with blocks called by a reader's names instead of their classes'."""
        return replace(self, nodes=[called(node, names) for node in self.nodes])

    def trunk(self) -> set[int]:
        """The boxes of the longest way through: drawn one under the other."""
        before: list[tuple[int, int | None]] = []
        for node in self.nodes:
            ways = [(before[source][0], -source) for source in node.inputs]
            longest, source = max(ways, default=(0, None))
            before.append((longest + 1, None if source is None else -source))
        number = max(range(len(before)), key=lambda at: before[at][0])
        found = set()
        while number is not None:
            found.add(number)
            number = before[number][1]
        return found

    def branches(self) -> list[list[int]]:
        """Boxes that read the same box, and no other: drawn side by side."""
        readers: dict[int, list[int]] = {}
        for number, node in enumerate(self.nodes):
            if len(node.inputs) == 1 and not node.skips:
                readers.setdefault(*node.inputs, []).append(number)
        return [numbers for numbers in readers.values() if len(numbers) > 1]

    def ends(self) -> list[int]:
        """The boxes that no other box reads: the results."""
        read = {source for node in self.nodes for source in node.inputs}
        return [number for number in range(len(self.nodes)) if number not in read]


def called(node: Node, names: dict[str, str]) -> Node:
    name = names.get(node.name, node.name) if node.kind == "block" else node.name
    inside = node.inside and (names.get(node.inside[0], node.inside[0]), node.inside[1])
    return replace(node, name=name, inside=inside)


def scene(
    measured: dict,
    part: str = "",
    distance: str = "",
    opened: tuple[str, ...] = (),
    training: bool = False,
) -> Scene:
    """A network, or one module of it, seen from a distance.

    From `stages`, blocks are one box each, and runs of like boxes one with a count;
    from `layers`, every layer is there. A whole network is seen from `stages` unless
    said otherwise, a part from `layers`. `opened` names blocks to look into.
    """
    modules = measured["modules"]
    for name in (part, *opened):
        named(name, modules)
    if training and "training" not in measured:
        raise SceneError("training uses nothing that an evaluation leaves out")
    if training and "refused" in measured["training"]:
        raise SceneError(f"it does not train: {measured['training']['refused']}")
    chosen = measured["training"] if training else measured
    layers = chosen["layers"]
    if part:
        layers = part_of(layers, part)
        if not layers:
            raise SceneError(f"'{part}' is not used when the network runs")
    nodes = fold(layers)
    distance = distance or ("layers" if part else "stages")
    if distance == "stages":
        nodes = runs(contracted(nodes, modules, part, opened))
        if len(nodes) > MOST_BOXES:
            raise SceneError(
                f"{len(nodes)} boxes are too many for a reader, {MOST_BOXES} the most: "
                "show a part, every layer (distance `layers`), or group layers into "
                "modules of their own"
            )
    unused = {
        path: params for path, params in chosen["unused"].items() if within(path, part)
    }
    return Scene(finished(nodes), modules[part]["params"], unused)


def named(name: str, modules: dict) -> None:
    if name in modules:
        return
    near = difflib.get_close_matches(name, modules, n=3, cutoff=0.4)
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    raise SceneError(f"there is no module '{name}'{hint}")


def described(scene: Scene, language: str) -> str:
    """What the picture shows, in words, for those who cannot see it."""
    nodes = scene.nodes
    straight = all(
        [*node.inputs] == [number - 1] for number, node in enumerate(nodes) if number
    )
    said = [sentence(number, nodes, language, straight) for number in range(len(nodes))]
    total = f"{word('total', language)} {scene.total:,}"
    unused = [
        f"{path}: {word('unused', language)}, {params:,}"
        for path, params in scene.unused.items()
    ]
    return (" → " if straight else "; ").join([*said, *unused]) + f". {total}."


def sentence(number: int, nodes: list[Node], language: str, straight: bool) -> str:
    node = nodes[number]
    text = ", ".join([title(node, language), *details(node, language)])
    if node.params:
        text += f" {node.params:,}"
    if straight:
        return text
    read = reading(node, language)
    return f"{number + 1}. {text}" + (f" ({read})" if read else "")


def reading(node: Node, language: str) -> str:
    """Which boxes a box reads: from 1, skipping from 3."""
    return ", ".join(
        word("skip" if source in node.skips else "from", language, source + 1)
        for source in node.inputs
    )


def counted(node: Node, share: int, total: int) -> str:
    """The line with a box's count, and its share of the whole."""
    part = f" · {numbers.percent(share / total)}" if total > share else ""
    return f"{share:,}{part}"
