"""From the boxes of every layer to those of a strip: blocks, and runs of the same."""

from draw.graph import Node, within

CONTAINERS = {"Sequential", "ModuleList", "ModuleDict"}


def contracted(
    nodes: list[Node], modules: dict, part: str = "", opened: tuple[str, ...] = ()
) -> list[Node]:
    """One box for the layers of a block that run one after the other."""
    groups: list[tuple[str, list[int]]] = []
    for number, node in enumerate(nodes):
        whole = "" if node.kind == "input" else block(node.path, modules, part, opened)
        if whole and groups and groups[-1][0] == whole:
            groups[-1][1].append(number)
        else:
            groups.append((whole, [number]))
    place = {number: at for at, (_, group) in enumerate(groups) for number in group}
    return [joined(whole, group, nodes, place, modules) for whole, group in groups]


def joined(
    whole: str, group: list[int], nodes: list[Node], place: dict, modules: dict
) -> Node:
    first, last = nodes[group[0]], nodes[group[-1]]
    inside = [nodes[number] for number in group]
    inputs = {
        place[source]: shape
        for node in inside
        for source, shape in node.inputs.items()
        if source not in group
    }
    if len(group) == 1:
        first.inputs = inputs
        return first
    kind, inner = modules[whole]["kind"], repeated(whole, modules)
    stage = inner if kind in CONTAINERS else ""
    below = len(children(whole, modules))
    return Node(
        kind="block",
        shape=last.shape,
        params=sum(node.params for node in inside),
        macs=sum(node.macs for node in inside),
        inputs=inputs,
        name=stage or kind,
        inside=(inner, below) if inner and not stage else None,
        path=whole,
        repeats=below if stage else 1,
    )


def repeated(path: str, modules: dict) -> str:
    """The class of the blocks that a module consists of, if it is one class only."""
    below = children(path, modules)
    kinds = {modules[child]["kind"] for child in below}
    blocks = len(below) > 1 and all(children(child, modules) for child in below)
    return kinds.pop() if blocks and len(kinds) == 1 and not kinds & CONTAINERS else ""


def children(path: str, modules: dict) -> list[str]:
    start = f"{path}." if path else ""
    return [
        name
        for name in modules
        if name.startswith(start) and name != path and "." not in name[len(start) :]
    ]


def block(path: str, modules: dict, part: str, opened: tuple[str, ...]) -> str:
    """The outermost module around a layer, below `part`, that a reader sees as one."""
    names = path.split(".")
    for length in range(1, len(names) + 1):
        candidate = ".".join(names[:length])
        if candidate == part or not within(candidate, part) or candidate in opened:
            continue
        if not children(candidate, modules):
            return ""
        plain = modules[candidate]["kind"] in CONTAINERS
        if not plain or repeated(candidate, modules):
            return candidate
    return ""


def runs(nodes: list[Node]) -> list[Node]:
    """Like neighbours as one box with a count."""
    readers = [0] * len(nodes)
    for node in nodes:
        for source in node.inputs:
            readers[source] += 1
    kept: list[Node] = []
    place: dict[int, int] = {}
    for number, node in enumerate(nodes):
        last = kept[-1] if kept else None
        follows = [*node.inputs] == [number - 1] and readers[number - 1] == 1
        if last and follows and like(node, last):
            last.params += node.params
            last.macs += node.macs
            last.repeats += node.repeats
            last.until = node.path
            place[number] = len(kept) - 1
            continue
        node.inputs = {place[source]: shape for source, shape in node.inputs.items()}
        place[number] = len(kept)
        kept.append(node)
    return kept


def like(one: Node, other: Node) -> bool:
    if one.kind == other.kind == "block":
        return (one.name, one.shape, one.params) == (
            other.name,
            other.shape,
            other.params // other.repeats,
        )
    settings = ("kernel", "stride", "groups", "dilation")
    return (
        one.kind == other.kind == "conv"
        and one.shape == other.shape
        and all(one.settings.get(name) == other.settings.get(name) for name in settings)
    )
