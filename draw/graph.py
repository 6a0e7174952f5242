"""From a measurement's layers to the few boxes that a reader should see."""

from dataclasses import dataclass, field

KINDS = {
    "Input": "input",
    "Conv1d": "conv",
    "Conv2d": "conv",
    "Conv3d": "conv",
    "convolution": "conv",
    "ConvTranspose1d": "transposed conv",
    "ConvTranspose2d": "transposed conv",
    "Linear": "dense",
    "addmm": "dense",
    "mm": "dense",
    "MaxPool2d": "max pool",
    "max_pool2d_with_indices": "max pool",
    "AdaptiveMaxPool2d": "max pool",
    "AvgPool2d": "average pool",
    "avg_pool2d": "average pool",
    "AdaptiveAvgPool2d": "average pool",
    "mean": "average pool",
    "MaxUnpool2d": "unpool",
    "Upsample": "upsample",
    "upsample_nearest2d": "upsample",
    "upsample_bilinear2d": "upsample",
    "BatchNorm2d": "norm",
    "GroupNorm": "norm",
    "LayerNorm": "norm",
    "native_layer_norm": "norm",
    "LocalResponseNorm": "norm",
    "ReLU": "activation",
    "relu": "activation",
    "ReLU6": "activation",
    "hardtanh": "activation",
    "SiLU": "activation",
    "Hardswish": "activation",
    "Hardsigmoid": "activation",
    "Sigmoid": "activation",
    "sigmoid": "activation",
    "GELU": "activation",
    "Tanh": "activation",
    "add": "add",
    "mul": "multiply",
    "cat": "concat",
    "ChannelShuffle": "channel shuffle",
}
COMPUTING = {"conv", "transposed conv", "dense"}
# They change values, not how many there are: part of the box before or after them.
QUIET = {
    *(kind for kind, name in KINDS.items() if name in ("norm", "activation")),
    "Flatten",
    "Unflatten",
    "Dropout",
    "Identity",
    "clone",
    "div",
}
MOST_LANES = 4


@dataclass
class Node:
    """A box: one layer with what belongs to it, a block of layers, or a run of such.

    `inputs` are the boxes that it reads, each with the shape that arrives.
    """

    kind: str
    shape: list[int]
    params: int
    macs: int
    inputs: dict[int, list[int]]
    settings: dict = field(default_factory=dict)
    name: str = ""  # a block's class
    inside: tuple[str, int] | None = None  # the class it repeats, and how often
    path: str = ""  # the module that it is, or that its main layer belongs to
    until: str = ""  # the last module of a run
    repeats: int = 1
    lanes: int = 1
    folded: list[str] = field(default_factory=list)
    skips: set[int] = field(default_factory=set)

    def take(self, layer: dict) -> None:
        self.params += layer["params"]
        self.macs += layer["macs"]
        self.folded.append(layer["kind"])

    def groups(self) -> int:
        return self.settings.get("groups", 1)

    def dilation(self) -> int:
        sides = self.settings.get("dilation", 1)
        return max(sides) if isinstance(sides, list) else sides

    def where(self) -> str:
        """The module's path, of a run from the first to the last."""
        return f"{self.path} … {self.until.split('.')[-1]}" if self.until else self.path

    def depthwise(self) -> bool:
        return self.kind == "conv" and 1 < self.groups() == self.settings.get("in")


def kind(layer: dict) -> str | None:
    """A layer's kind; a dense one at every place of maps is a convolution."""
    if layer["kind"] == "Linear" and "kernel" in layer:
        return "conv"
    return KINDS.get(layer["kind"])


def within(path: str, part: str) -> bool:
    """Whether a module path lies in a part of the network."""
    return not part or path == part or path.startswith(f"{part}.")


def part_of(layers: list[dict], part: str) -> list[dict]:
    """The layers of one module, with inputs for what comes from outside."""
    chosen: list[dict] = []
    place: dict[int, int] = {}
    for number, layer in enumerate(layers):
        if layer["kind"] == "Input" or not within(layer["path"], part):
            continue
        for source, shape in zip(layer["inputs"], layer["arriving"], strict=True):
            if source not in place:
                place[source] = len(chosen)
                outside = {"kind": "Input", "path": "", "shape": shape}
                nothing = {"params": 0, "macs": 0, "inputs": [], "arriving": []}
                chosen.append(outside | nothing)
        place[number] = len(chosen)
        inputs = [place[source] for source in layer["inputs"]]
        chosen.append(layer | {"inputs": inputs})
    return chosen


def fold(layers: list[dict]) -> list[Node]:
    """The boxes of a network in order: a convolution with its norm and activation."""
    readers: list[list[int]] = [[] for _ in layers]
    for number, layer in enumerate(layers):
        for source in layer["inputs"]:
            readers[source].append(number)

    def to_computing(number: int) -> bool:
        """Whether a quiet layer leads, alone, to a layer that computes."""
        while len(readers[number]) == 1:
            (number,) = readers[number]
            if kind(layers[number]) in COMPUTING:
                return len(layers[number]["inputs"]) == 1
            if layers[number]["kind"] not in QUIET:
                return False
        return False

    nodes: list[Node] = []
    place: dict[int, int] = {}  # layer -> node
    ahead: dict[int, list[int]] = {}  # quiet layers that wait for the next node
    for number, layer in enumerate(layers):
        sources = layer["inputs"]
        one = sources[0] if len(sources) == 1 else None
        waiting = ahead.get(one, [])
        alone = one is not None and len(readers[one]) == 1
        before = nodes[place[one]] if alone and not waiting else None
        resized = layer["kind"] == "AdaptiveAvgPool2d" and before
        if (layer["kind"] in QUIET and one is not None) or (
            resized and layer["shape"] == before.shape
        ):
            if waiting:
                ahead[number] = [*waiting, number]
                continue
            if before and (before.kind in COMPUTING or not layer["params"]):
                before.take(layer)
                place[number] = place[one]
                continue
            if to_computing(number):
                ahead[number] = [number]
                continue
        node = Node(
            kind=kind(layer) or layer["kind"].lower(),
            shape=layer["shape"],
            params=layer["params"],
            macs=layer["macs"],
            inputs={},
            settings=layer,
            path=layer["path"],
        )
        if waiting:
            for quiet in waiting:
                node.take(layers[quiet])
            first = layers[waiting[0]]
            sources, arriving = first["inputs"], first["arriving"]
        else:
            arriving = layer["arriving"]
        for source, shape in zip(sources, arriving, strict=True):
            made = nodes[place[source]].shape
            flattened = len(shape) != len(made)  # the reader should see the maps
            node.inputs[place[source]] = made if flattened else shape
        place[number] = len(nodes)
        nodes.append(node)
    return nodes


def finished(nodes: list[Node]) -> list[Node]:
    """What only the whole graph tells: lanes side by side, and ways around."""
    for number, node in enumerate(nodes):
        node.lanes = lanes(node, nodes)
        node.skips = skips(number, nodes)
    return nodes


def lanes(node: Node, before: list[Node]) -> int:
    """Groups run side by side; a pooling keeps to the lane it is in."""
    if node.kind == "conv" and 1 < node.groups() <= MOST_LANES:
        return node.groups()
    if node.kind.endswith("pool") and len(node.inputs) == 1:
        (source,) = node.inputs
        return before[source].lanes
    return 1


def skips(number: int, nodes: list[Node]) -> set[int]:
    """The inputs that reach a box directly, around others on the way to it."""
    inputs = nodes[number].inputs
    if len(inputs) < 2:
        return set()
    around: set[int] = set()
    for source in inputs:
        others = {other for other in inputs if other != source}
        seen: set[int] = set()
        while others:
            other = others.pop()
            if other >= source and other not in seen:
                seen.add(other)
                others.update(nodes[other].inputs)
        if source in seen:
            around.add(source)
    return around


def windowed(name: str, settings: dict) -> str:
    """A layer's name with its kernel, and its stride where it is more than one."""
    if not (kernel := settings.get("kernel")):
        return name
    sides = kernel if isinstance(kernel, list) else [kernel, kernel]
    stride = settings.get("stride", 1)
    stride = stride[0] if isinstance(stride, list) else stride
    step = f" /{stride}" if stride > 1 else ""
    return f"{'×'.join(map(str, sides))} {name}{step}"
