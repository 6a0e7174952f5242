"""Run a network on the meta device and write down what every layer did."""

import copy
from collections.abc import Iterable
from functools import reduce
from math import prod

import torch
from torch import nn
from torch.nn.modules import module as module_hooks
from torch.nn.parameter import is_lazy
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import flop_registry

from measure.field import Field, two

SHAPE_ONLY = {
    "view",
    "_unsafe_view",
    "t",
    "transpose",
    "permute",
    "expand",
    "detach",
    "alias",
    "slice",
    "select",
    "squeeze",
    "unsqueeze",
    "split",
    "split_with_sizes",
}
SETTINGS = {
    "in": ("in_channels", "in_features"),
    "out": ("out_channels", "out_features"),
    "kernel": ("kernel_size",),
    "stride": ("stride",),
    "padding": ("padding",),
    "dilation": ("dilation",),
    "groups": ("groups",),
    "size": ("output_size",),
}


BYTES = 4  # float32
WINDOWS = {"max_pool2d_with_indices", "avg_pool2d", "max_pool1d", "avg_pool1d"}
DENSE = {"addmm", "mm", "linear", "matmul", "bmm"}


def on_meta(network: nn.Module) -> nn.Module:
    """Copy a network to the meta device; weights that were shared stay shared."""
    tensors = [*network.parameters(), *network.buffers()]
    return copy.deepcopy(network, {id(tensor): shape_of(tensor) for tensor in tensors})


def shape_of(tensor: torch.Tensor) -> torch.Tensor:
    """The same tensor without its values; a lazy layer's has no shape yet, either."""
    if is_lazy(tensor):
        return type(tensor)(requires_grad=tensor.requires_grad, device="meta")
    empty = tensor.detach().to("meta")
    if isinstance(tensor, nn.Parameter):
        return nn.Parameter(empty, tensor.requires_grad)
    return empty


def measure(network: nn.Module, *shapes: Iterable[int]) -> dict:
    """Measure a network for inputs of the given shapes, without real arithmetic.

    Returns plain data:
        params: parameters, a shared one counted once; of these `trainable` and
            `frozen`. `buffers` (running statistics, say) are no parameters
        macs: multiply-accumulates of one forward pass; flops: 2 x macs, a
            multiplication and an addition each counted
        bytes: float32 memory of the outputs of all layers together; what works in
            place or only looks anew at its input adds nothing
        depth: layers that multiply, convolutions and dense ones, on the longest path
        layers: what ran, in order; layer 0.. are the inputs. Each has its module
            path, kind, settings, params, macs, bytes, depth, output shape (channels
            first, also where the network keeps them last), `inputs` (the numbers of
            the layers that it reads), `arriving` (the shape in which each of these
            arrives), `field` (the receptive field's extent, jump and start in input
            pixels) and, where they differ, the `branches` that it joins: the field of
            each input. A Linear with a `kernel` works at every place of maps: it is a
            1x1 convolution
        unused: parameters that this pass does not use, by module path
        training: the layers, and what is unused, of a training pass, where that uses
            some of these; or why the network `refused` it
        modules: for every module path, its class and parameters
    """
    tensors = [*network.parameters(), *network.buffers()]
    if any(is_lazy(tensor) or not tensor.is_meta for tensor in tensors):
        network = on_meta(network)
    recorder = run(network, shapes, training=False)
    unused = recorder.unused(network)
    training = unused and training_pass(network, shapes, unused)
    parameters = list(network.parameters())
    macs = sum(layer["macs"] for layer in recorder.layers)
    return {
        "input": [list(shape) for shape in shapes],
        "params": sum(p.numel() for p in parameters),
        "trainable": sum(p.numel() for p in parameters if p.requires_grad),
        "frozen": sum(p.numel() for p in parameters if not p.requires_grad),
        "buffers": sum(b.numel() for b in network.buffers()),
        "macs": macs,
        "flops": 2 * macs,
        "bytes": sum(layer["bytes"] for layer in recorder.layers),
        "depth": max(layer["depth"] for layer in recorder.layers),
        "layers": recorder.layers,
        "unused": unused,
        **({"training": training} if training else {}),
        "modules": {
            path: {
                "kind": type(module).__name__,
                "params": sum(p.numel() for p in module.parameters()),
            }
            for path, module in network.named_modules()
        },
    }


def run(network: nn.Module, shapes: Iterable, training: bool) -> "Recorder":
    """One forward pass; the network's modules keep the modes that they were in."""
    recorder = Recorder(network)
    modes = [(module, module.training) for module in network.modules()]
    network.train(training)
    try:
        with torch.no_grad(), torch.device("meta"):
            inputs = [torch.empty(tuple(shape)) for shape in shapes]
            for tensor in inputs:
                recorder.given(tensor)
            with recorder:
                network(*inputs)
    finally:
        for module, mode in modes:
            module.training = mode
    return recorder


def training_pass(network: nn.Module, shapes: Iterable, unused: dict) -> dict:
    """A training pass, if it uses what an evaluation does not; or why it was refused.

    Batch norm refuses to train on a single value, and a network may need targets: no
    reason not to measure the rest.
    """
    try:
        recorder = run(network, shapes, training=True)
    except Exception as error:
        return {"refused": f"{type(error).__name__}: {error}"}
    still = recorder.unused(network)
    return {"layers": recorder.layers, "unused": still} if still != unused else {}


class Recorder(TorchDispatchMode):
    """Makes a layer of every call of torch's own layers, and of all between."""

    def __init__(self, network: nn.Module):
        super().__init__()
        self.layers: list[dict] = []
        self.paths = {id(module): path for path, module in network.named_modules()}
        self.stack: list[nn.Module] = []
        self.leaf: nn.Module | None = None
        self.leaf_layer: int | None = None
        self.leaf_last = False  # whether the leaf reads maps with channels last
        # The ids of maps whose channels are their last dimension.
        self.last: set[int] = set()
        self.maker: dict[int, int] = {}  # tensor id -> the layer that made it
        # An id is only unique while its tensor lives.
        self.kept: list[torch.Tensor] = []
        self.counted: set[int] = set()
        self.fields: dict[int, Field] = {}  # tensor id -> what its first value sees
        # tensor id -> the parameters that it was made of, and of no input
        self.behind: dict[int, list[nn.Parameter]] = {}

    def __enter__(self):
        self.handles = [
            module_hooks.register_module_forward_pre_hook(self.enter_module),
            module_hooks.register_module_forward_hook(
                self.leave_module, always_call=True
            ),
        ]
        return super().__enter__()

    def __exit__(self, *error):
        for handle in self.handles:
            handle.remove()
        return super().__exit__(*error)

    def enter_module(self, module, args):
        self.stack.append(module)
        torchs_own = type(module).__module__.startswith("torch.nn.")
        if self.leaf is None and torchs_own and not any(module.children()):
            self.leaf, self.leaf_layer = module, None

    def leave_module(self, module, args, output):
        self.stack.pop()
        if module is self.leaf:
            self.leaf, self.leaf_last = None, False

    def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        output = result(operation, args, kwargs)
        name = operation.overloadpacket.__name__.rstrip("_")
        given = [x for x in tree_leaves((args, kwargs)) if isinstance(x, torch.Tensor)]
        sources = {
            self.maker[id(x)]: self.sizes(x) for x in given if id(x) in self.maker
        }
        if not sources:
            if parameters := self.parameters_in(given):
                for tensor in tree_leaves(output):
                    self.behind[id(tensor)] = parameters
                    self.kept.append(tensor)
            return output
        if self.leaf is None and name in SHAPE_ONLY:
            layer = max(sources)
        elif self.leaf is not None and self.leaf_layer is not None:
            layer = self.leaf_layer
        else:
            layer = self.add(**self.description(name, given))
            if self.leaf is not None:
                self.leaf_layer = layer
            elif name == "convolution":
                self.layers[layer] |= of_convolution(*args)
        entry = self.layers[layer]
        for source in sorted({*sources} - {layer, *entry["inputs"]}):
            entry["inputs"].append(source)
            entry["arriving"].append(sources[source])
        formula = flop_registry.get(operation.overloadpacket)
        if formula:
            entry["macs"] += formula(*args, **kwargs, out_val=output) // 2
        outputs = [x for x in tree_leaves(output) if isinstance(x, torch.Tensor)]
        if self.gives_channels_last(name, args, given):
            self.last.update(id(x) for x in outputs if x.dim() == 4)
        shape = self.sizes(outputs[0])
        fields = [self.fields[id(x)] for x in given if id(x) in self.fields]
        each_place = name in DENSE and self.leaf_last  # sees no more than it reads
        field = seen_after("" if each_place else name, args, fields, shape)
        if name not in SHAPE_ONLY or self.leaf is not None:
            entry["shape"] = shape
            if entry["kind"] == "Linear" and id(outputs[0]) in self.last:
                entry["kernel"] = [1, 1]
            if name not in SHAPE_ONLY and not any(outputs[0] is x for x in given):
                entry["bytes"] = BYTES * prod(shape)
            weighted = 1 if entry["macs"] else 0
            before = [self.layers[source]["depth"] for source in entry["inputs"]]
            entry["depth"] = max(before, default=0) + weighted
            self.note(entry, field, fields)
        for tensor in outputs:
            self.made(tensor, layer)
            if field:
                self.fields[id(tensor)] = field
        return output

    def gives_channels_last(self, name: str, args: tuple, given: list) -> bool:
        """Whether maps come out of an operation with their channels behind the places.

        Those that come out of a permutation begin it or end it; all else keeps it.
        """
        if name == "permute":
            return [order % 4 for order in args[1]] == [0, 2, 3, 1]
        kept = any(id(x) in self.last for x in given)
        if self.leaf is not None:  # a dense layer makes rows of them and back
            kept = self.leaf_last = kept or self.leaf_last
        return kept

    def sizes(self, tensor: torch.Tensor) -> list[int]:
        """A tensor's shape, with the channels of maps in front."""
        sizes = list(tensor.shape)
        if id(tensor) in self.last:
            return [sizes[0], sizes[-1], *sizes[1:-1]]
        return sizes

    def note(self, entry: dict, field: Field | None, fields: list[Field]) -> None:
        if field:
            entry["field"] = field.data()
        if self.leaf is None and len({(f.left, f.right) for f in fields}) > 1:
            entry["branches"] = [f.data() for f in fields]

    def given(self, tensor: torch.Tensor) -> None:
        """An input of the network."""
        number = self.add(kind="Input", path="", shape=list(tensor.shape))
        self.made(tensor, number)
        if tensor.dim() > 2:
            self.fields[id(tensor)] = Field.of_input(tensor.shape[2:])
            self.layers[number]["field"] = self.fields[id(tensor)].data()

    def description(self, operation: str, given: list[torch.Tensor]) -> dict:
        if self.leaf is None:
            path = self.paths.get(id(self.stack[-1]), "") if self.stack else ""
            count = self.count(self.parameters_in(given))
            return {"kind": operation, "path": path, "params": count}
        path = self.paths.get(id(self.leaf), "")
        described = {"kind": type(self.leaf).__name__, "path": path}
        for setting, attributes in SETTINGS.items():
            for attribute in attributes:
                value = getattr(self.leaf, attribute, None)
                if value is not None:
                    described[setting] = list(value) if type(value) is tuple else value
        described["bias"] = getattr(self.leaf, "bias", None) is not None
        return described | {"params": self.count(self.leaf.parameters())}

    def parameters_in(self, given: list[torch.Tensor]) -> list[nn.Parameter]:
        """Parameters among tensors, as they are or reshaped, fused and so on."""
        found = []
        for tensor in given:
            owned = isinstance(tensor, nn.Parameter)
            found += [tensor] if owned else self.behind.get(id(tensor), [])
        return found

    def count(self, parameters: Iterable[nn.Parameter]) -> int:
        new = {id(p): p.numel() for p in parameters if id(p) not in self.counted}
        self.counted.update(new)
        return sum(new.values())

    def unused(self, network: nn.Module) -> dict[str, int]:
        """Parameters that no layer used, by the highest module that holds only such."""
        found: dict[str, int] = {}
        for path, module in network.named_modules():
            if any(path.startswith(f"{above}.") or not above for above in found):
                continue
            waiting = [p for p in module.parameters() if id(p) not in self.counted]
            own = [p for p in module.parameters(False) if id(p) not in self.counted]
            if waiting and len(waiting) == len(list(module.parameters())):
                found[path] = sum(p.numel() for p in waiting)
            elif own:
                found[path] = sum(p.numel() for p in own)
        return found

    def add(self, kind: str, path: str, **facts) -> int:
        layer = {"kind": kind, "path": path, "params": 0, "macs": 0, "bytes": 0}
        self.layers.append(layer | {"depth": 0, "inputs": [], "arriving": []} | facts)
        return len(self.layers) - 1

    def made(self, tensor: torch.Tensor, layer: int | None = None) -> None:
        self.maker[id(tensor)] = len(self.layers) - 1 if layer is None else layer
        self.kept.append(tensor)


def result(operation, args: tuple, kwargs: dict):
    """What an operation gives; torch is slow to find the two most common shapes."""
    match operation.overloadpacket.__name__:
        case "relu":
            return torch.empty_like(args[0])
        case "native_batch_norm":
            return torch.empty_like(args[0]), torch.empty(0), torch.empty(0)
    return operation(*args, **kwargs)


def of_convolution(given, weight, bias, stride, padding, dilation, turned, _, groups):
    """The settings of a convolution that no module holds."""
    channels = [weight.shape[0], weight.shape[1] * groups]
    return {
        "kind": f"Conv{'Transpose' if turned else ''}{weight.dim() - 2}d",
        "in": channels[0] if turned else channels[1],
        "out": channels[1] if turned else channels[0],
        "kernel": list(weight.shape[2:]),
        "stride": list(stride),
        "padding": list(padding),
        "dilation": list(dilation),
        "groups": groups,
        "bias": bias is not None,
    }


def seen_after(
    operation: str, args: tuple, fields: list[Field], shape: list[int]
) -> Field | None:
    """The receptive field of an operation's output."""
    if not fields:
        return None
    field = reduce(Field.joined, fields)
    if operation == "convolution":
        _, weight, _, stride, padding, dilation, transposed, *_ = args
        grow = field.spread if transposed else field.window
        kernel = two(weight.shape[2:])
        one_dimensional = weight.dim() == 3
        stride, dilation = (pair(x, one_dimensional, 1) for x in (stride, dilation))
        padding = pair(padding, one_dimensional, 0)
        return grow(kernel, stride, padding, dilation, shape[2:])
    if operation in WINDOWS:
        kernel = pair(args[1])
        stride = pair(args[2]) if len(args) > 2 and args[2] else kernel
        padding = pair(args[3]) if len(args) > 3 else (0, 0)
        dilation = pair(args[4]) if "max" in operation and len(args) > 4 else (1, 1)
        return field.window(kernel, stride, padding, dilation, shape[2:])
    if operation == "slice" and len(shape) > 2:
        return after_slice(field, shape, *args)
    if operation in DENSE:
        return field.whole()
    if operation in ("mean", "_adaptive_avg_pool2d", "adaptive_max_pool2d"):
        size = tuple(shape[2:]) if len(shape) > 2 else (1, 1)
        if size == field.size:
            return field
        if size == (1, 1):
            return field.whole()
        window = tuple(-(-a // b) for a, b in zip(field.size, size, strict=True))
        stride = tuple(a // b for a, b in zip(field.size, size, strict=True))
        return field.window(window, stride, (0, 0), (1, 1), size)
    if operation == "max_unpool2d":
        return field.resized(shape[2:])
    if operation.startswith("upsample"):
        reach = 4 if "cubic" in operation else 1 if "nearest" in operation else 2
        reached = field.window((reach, reach), (1, 1), (0, 0), (1, 1), field.size)
        return reached.resized(shape[2:])
    return field


def after_slice(field, shape, given, dim=0, start=None, end=None, step=1) -> Field:
    axis = dim % given.dim() - given.dim() + 2  # height is 0, width 1
    if axis < 0:
        return field
    first = start or 0
    return field.sliced(axis, first % given.shape[dim], step, shape[2:])


def pair(value, one_dimensional: bool = False, height: int = 1) -> tuple[int, int]:
    """Height and width of a setting that may be one number."""
    values = [value] if isinstance(value, int) else list(value)
    if one_dimensional:
        return height, values[-1]
    return values[0], values[-1]
