"""Run a network on the meta device and write down what every layer did."""

import copy
from collections.abc import Iterable

import torch
from torch import nn
from torch.nn.modules import module as module_hooks
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import flop_registry

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
    "clone",
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


def on_meta(network: nn.Module) -> nn.Module:
    """Copy a network to the meta device; weights that were shared stay shared."""
    tensors = [*network.parameters(), *network.buffers()]
    memo = {
        id(tensor): nn.Parameter(tensor.to("meta"), tensor.requires_grad)
        if isinstance(tensor, nn.Parameter)
        else tensor.to("meta")
        for tensor in tensors
    }
    return copy.deepcopy(network, memo)


def measure(network: nn.Module, *shapes: Iterable[int]) -> dict:
    """Measure a network for inputs of the given shapes, without real arithmetic.

    Returns plain data:
        params: parameters, a shared one counted once
        macs: multiply-accumulates of one forward pass (1 MAC = 2 FLOPs)
        layers: what ran, in order; layer 0.. are the inputs. Each has its module
            path, kind, settings, params, macs, output shape, and `inputs`, the
            numbers of the layers that it reads
        modules: for every module path, its class and parameters
    """
    network = on_meta(network).eval()
    recorder = Recorder(network)
    with torch.no_grad(), torch.device("meta"):
        inputs = [torch.empty(tuple(shape)) for shape in shapes]
        for tensor in inputs:
            recorder.add(kind="Input", path="", shape=list(tensor.shape))
            recorder.made(tensor)
        with recorder:
            network(*inputs)
    return {
        "input": [list(shape) for shape in shapes],
        "params": sum(p.numel() for p in network.parameters()),
        "macs": sum(layer["macs"] for layer in recorder.layers),
        "layers": recorder.layers,
        "modules": {
            path: {
                "kind": type(module).__name__,
                "params": sum(p.numel() for p in module.parameters()),
            }
            for path, module in network.named_modules()
        },
    }


class Recorder(TorchDispatchMode):
    """Makes a layer of every call of torch's own layers, and of all between."""

    def __init__(self, network: nn.Module):
        super().__init__()
        self.layers: list[dict] = []
        self.paths = {id(module): path for path, module in network.named_modules()}
        self.stack: list[nn.Module] = []
        self.leaf: nn.Module | None = None
        self.leaf_layer: int | None = None
        self.maker: dict[int, int] = {}  # tensor id -> the layer that made it
        self.kept: list[
            torch.Tensor
        ] = []  # an id is only unique while its tensor lives
        self.counted: set[int] = set()

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
            self.leaf = None

    def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        output = operation(*args, **kwargs)
        name = operation.overloadpacket.__name__.rstrip("_")
        given = [x for x in tree_leaves((args, kwargs)) if isinstance(x, torch.Tensor)]
        sources = {self.maker[id(x)] for x in given if id(x) in self.maker}
        if not sources:
            return output
        if self.leaf is None and name in SHAPE_ONLY:
            layer = max(sources)
        elif self.leaf is not None and self.leaf_layer is not None:
            layer = self.leaf_layer
        else:
            layer = self.add(**self.description(name, given))
            if self.leaf is not None:
                self.leaf_layer = layer
        entry = self.layers[layer]
        entry["inputs"] = sorted({*entry["inputs"], *sources} - {layer})
        formula = flop_registry.get(operation.overloadpacket)
        if formula:
            entry["macs"] += formula(*args, **kwargs, out_val=output) // 2
        outputs = [x for x in tree_leaves(output) if isinstance(x, torch.Tensor)]
        if name not in SHAPE_ONLY or self.leaf is not None:
            entry["shape"] = list(outputs[0].shape)
        for tensor in outputs:
            self.made(tensor, layer)
        return output

    def description(self, operation: str, given: list[torch.Tensor]) -> dict:
        if self.leaf is None:
            path = self.paths.get(id(self.stack[-1]), "") if self.stack else ""
            owned = [x for x in given if isinstance(x, nn.Parameter)]
            return {"kind": operation, "path": path, "params": self.count(owned)}
        path = self.paths.get(id(self.leaf), "")
        described = {"kind": type(self.leaf).__name__, "path": path}
        for setting, attributes in SETTINGS.items():
            for attribute in attributes:
                value = getattr(self.leaf, attribute, None)
                if value is not None:
                    described[setting] = list(value) if type(value) is tuple else value
        described["bias"] = getattr(self.leaf, "bias", None) is not None
        return described | {"params": self.count(self.leaf.parameters())}

    def count(self, parameters: Iterable[nn.Parameter]) -> int:
        new = {id(p): p.numel() for p in parameters if id(p) not in self.counted}
        self.counted.update(new)
        return sum(new.values())

    def add(self, kind: str, path: str, **facts) -> int:
        layer = {"kind": kind, "path": path, "params": 0, "macs": 0, "inputs": []}
        self.layers.append(layer | facts)
        return len(self.layers) - 1

    def made(self, tensor: torch.Tensor, layer: int | None = None) -> None:
        self.maker[id(tensor)] = len(self.layers) - 1 if layer is None else layer
        self.kept.append(tensor)
