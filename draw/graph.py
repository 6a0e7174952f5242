"""From a measurement's layers to the few nodes that a reader should see."""

from dataclasses import dataclass, field

KINDS = {
    "Input": "input",
    "Conv2d": "conv",
    "Linear": "dense",
    "MaxPool2d": "max pool",
    "AvgPool2d": "average pool",
    "AdaptiveAvgPool2d": "average pool",
    "mean": "average pool",
    "BatchNorm2d": "norm",
    "add": "add",
    "cat": "concat",
}
# What is part of the box before it: it changes values, not how many there are.
FOLDED = {
    "ReLU",
    "relu",
    "BatchNorm2d",
    "LocalResponseNorm",
    "Flatten",
    "Unflatten",
    "Dropout",
    "clone",
}
MOST_LANES = 4


@dataclass
class Node:
    """A box: one layer with what follows it, or a run of like layers."""

    kind: str
    shape: list[int]
    params: int
    macs: int
    inputs: list[int]
    paths: list[str]
    settings: dict
    repeats: int = 1
    lanes: int = 1
    folded: list[str] = field(default_factory=list)

    def like(self, other: "Node") -> bool:
        """Whether two neighbours can be one box with a count."""
        return (
            self.kind == other.kind == "conv"
            and self.shape == other.shape
            and all(
                self.settings[name] == other.settings[name]
                for name in ("kernel", "stride", "groups")
            )
        )


def fold(measured: dict, repeats: bool = False) -> list[Node]:
    """The nodes of a network in order; with `repeats`, runs of like layers are one."""
    layers = measured["layers"]
    readers = [[] for _ in layers]
    for number, layer in enumerate(layers):
        for source in layer["inputs"]:
            readers[source].append(number)

    nodes: list[Node] = []
    place: dict[int, int] = {}  # layer -> node
    for number, layer in enumerate(layers):
        sources = sorted({place[source] for source in layer["inputs"]})
        alone = len(sources) == 1 and len(readers[layer["inputs"][0]]) == 1
        unchanged = alone and layer["shape"] == nodes[sources[0]].shape
        resized = layer["kind"] == "AdaptiveAvgPool2d" and unchanged
        if alone and (layer["kind"] in FOLDED or resized):
            before = nodes[sources[0]]
            before.params += layer["params"]
            before.macs += layer["macs"]
            before.paths.append(layer["path"])
            before.folded.append(layer["kind"])
            place[number] = sources[0]
            continue
        node = Node(
            kind=KINDS.get(layer["kind"], layer["kind"].lower()),
            shape=layer["shape"],
            params=layer["params"],
            macs=layer["macs"],
            inputs=sources,
            paths=[layer["path"]],
            settings=layer,
        )
        last = nodes[-1] if nodes else None
        if repeats and sources == [len(nodes) - 1] and node.like(last):
            last.params += node.params
            last.macs += node.macs
            last.paths += node.paths
            last.repeats += 1
            place[number] = sources[0]
            continue
        node.lanes = lanes(node, nodes)
        place[number] = len(nodes)
        nodes.append(node)
    return nodes


def lanes(node: Node, before: list[Node]) -> int:
    """Groups run side by side; a pooling keeps to the lane it is in."""
    if node.kind == "conv" and 1 < node.settings.get("groups", 1) <= MOST_LANES:
        return node.settings["groups"]
    if node.kind.endswith("pool") and len(node.inputs) == 1:
        return before[node.inputs[0]].lanes
    return 1


def windowed(name: str, settings: dict) -> str:
    """A layer's name with its kernel, and its stride where it is more than one."""
    if not (kernel := settings.get("kernel")):
        return name
    sides = kernel if isinstance(kernel, list) else [kernel, kernel]
    stride = settings.get("stride", 1)
    stride = stride[0] if isinstance(stride, list) else stride
    step = f" /{stride}" if stride > 1 else ""
    return f"{'×'.join(map(str, sides))} {name}{step}"
