"""Which network uses which trick, read off the networks themselves: {{ matrix() }}."""

from collections import Counter
from html import escape

from draw import numbers, table
from draw.words import word
from markup.compare import architectures
from markup.facts import Network

KINDS = ("1x1", "3x3", "larger", "grouped", "depthwise", "gates", "dense", "norm")
COUNTED = ("add", "cat")  # layers without parameters of their own
CONVOLUTIONS = ("Conv1d", "Conv2d", "Conv3d", "ConvTranspose2d")
NORMS = ("BatchNorm2d", "LayerNorm", "native_layer_norm", "GroupNorm")
# may follow an average
FLAT = ("Linear", "Flatten", "Dropout", "ReLU", "Hardswish", *NORMS)


def matrix(page) -> str:
    """Each architecture's parameters by the kind of layer, its sums and its average."""
    entries = list(architectures(page))
    networks = [page.facts.network(entry.meta["network"]) for entry in entries]
    counts = [parameters(network) for network in networks]
    kinds = [name for name in KINDS if any(count[name] for count in counts)]
    rows = []
    for entry, network, count in zip(entries, networks, counts, strict=True):
        total = network.measured["params"]
        shares = "".join(share(count[name], total) for name in kinds)
        sums = "".join(times(network, name) for name in COUNTED)
        average = word("yes", page.language) if averages(network) else "-"
        leads = (
            f'<a href="{page.address(entry.path)}">{escape(entry.meta["title"])}</a>'
        )
        rows.append(f'<th scope="row">{leads}</th>{shares}<td>{average}</td>{sums}')
    heads = ("architecture", *kinds, "averaged", "additions", "concatenations")
    return table.framed(word("matrix", page.language), heads, rows, "", page.language)


def parameters(network: Network) -> Counter:
    """A network's parameters by kind of layer."""
    found, layers = Counter(), network.measured["layers"]
    gates = in_gates(layers)
    for number, layer in enumerate(layers):
        name = "gates" if number in gates else kind(layer)
        if layer["params"] and name:
            found[name] += layer["params"]
    return found


def in_gates(layers: list[dict]) -> set[int]:
    """The layers, by number, that make factors of averages, one for each map.

    Followed back from where maps are multiplied by one value each, up to the average.
    """
    waiting = [
        number
        for layer in layers
        if layer["kind"] == "mul" and not all(map(single, layer["arriving"]))
        for number in singles(layer)
    ]
    found = set()
    while waiting:
        number = waiting.pop()
        if number not in found:
            found.add(number)
            waiting += singles(layers[number])
    return found


def singles(layer: dict) -> list[int]:
    """The layers from which one value for each map arrives."""
    sources = zip(layer["inputs"], layer["arriving"], strict=True)
    return [number for number, shape in sources if single(shape)]


def single(shape: list[int]) -> bool:
    """Whether the maps, if there still are any, have one value each."""
    return all(side == 1 for side in shape[2:])


def kind(layer: dict) -> str | None:
    """Under which trick a layer's parameters stand."""
    if layer["kind"] == "Linear":  # with a kernel, it works at every place
        return "1x1" if "kernel" in layer else "dense"
    if layer["kind"] in NORMS:
        return "norm"
    if layer["kind"] not in CONVOLUTIONS:
        return None
    groups, largest = layer["groups"], max(layer["kernel"])
    if groups > 1:
        return "depthwise" if groups == layer["in"] else "grouped"
    return {1: "1x1", 3: "3x3"}.get(largest, "larger")


def averages(network: Network) -> bool:
    """Whether each map is averaged to one value before the last layers."""
    for layer in reversed(network.measured["layers"]):
        if layer["kind"] not in FLAT:
            spread = layer["arriving"] and layer["arriving"][0][2:]
            return layer["shape"][2:] == [1, 1] and spread != [1, 1]
    return False


def share(count: int, total: int) -> str:
    if not count:
        return "<td>-</td>"
    return f"<td>{numbers.data(count / total, numbers.percent(count / total))}</td>"


def times(network: Network, kind: str) -> str:
    found = sum(layer["kind"] == kind for layer in network.measured["layers"])
    return f"<td>{numbers.data(found, str(found)) if found else '-'}</td>"
