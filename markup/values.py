"""The calls an author may write between {{ and }}, and what they give."""

import ast
import difflib
import operator
import re
import statistics
from dataclasses import dataclass, replace
from fractions import Fraction

from draw import numbers
from markup.facts import NUMBER, Facts, UnknownName, number, spoken

OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: lambda one, other: Fraction(one) / Fraction(other),
    ast.Pow: operator.pow,
}
ARITHMETIC = re.compile(r"[\d\s().+*/-]+")


class CallError(Exception):
    """A call in a page that cannot be answered."""


@dataclass(frozen=True)
class Value:
    """A number, how the reader sees it, and where it comes from.

    `of` is an origin as draw.numbers writes it.
    """

    number: int | float | Fraction
    of: str
    text: str = ""
    worked: str = ""  # the formula in LaTeX that gives the number

    def __int__(self) -> int:
        return int(self.number)

    def shown(self) -> str:
        return self.text or numbers.exact(self.number)


def of_both(left: "Value", right: "Value", how: str) -> str:
    """A result keeps the file of what it was calculated from."""
    file = numbers.parts(left.of)[1] or numbers.parts(right.of)[1]
    return numbers.origin("calc", file, how)


class Calls:
    """The names themselves. Everything public here can be written in a page."""

    def __init__(self, facts: Facts, language: str):
        self._facts = facts
        self._language = language

    def params(self, model: str, part: str = "", file: str | None = None) -> Value:
        """Parameters of a network, or of a part of it by its module path."""
        network = self._facts.network(model, file)
        return Value(self._part(network, part)["params"], self._measured(network, part))

    def macs(self, model: str, part: str = "", file: str | None = None) -> Value:
        """Multiply-accumulates of one forward pass."""
        network = self._facts.network(model, file)
        self._part(network, part)
        inside = [
            layer["macs"]
            for layer in network.measured["layers"]
            if not part or f"{layer['path']}.".startswith(f"{part}.")
        ]
        return Value(sum(inside), self._measured(network, part))

    def memory(self, model: str, file: str | None = None) -> Value:
        """Float32 memory of all layers' outputs in one forward pass, in MiB."""
        network = self._facts.network(model, file)
        size = network.measured["bytes"]
        text = f"{size / 2**20:,.1f} MiB"
        return Value(size, self._measured(network, ""), text)

    def running(self, model: str, file: str | None = None) -> Value:
        """Means and variances that batch norm keeps: no parameters, but Keras adds."""
        network = self._facts.network(model, file)
        norms = [x for x in network.measured["layers"] if x["kind"] == "BatchNorm2d"]
        number = 2 * sum(layer["shape"][1] for layer in norms)
        return Value(number, self._measured(network, ""))

    def biases(self, model: str, file: str | None = None) -> Value:
        """Biases that the convolutions without one would have: one for each filter."""
        network = self._facts.network(model, file)
        layers = [layer for layer in network.measured["layers"] if "kernel" in layer]
        bare = [x["out"] for x in layers if "out" in x and not x["bias"]]
        return Value(sum(bare), self._measured(network, ""))

    def closes(self, value: Value, other: Value) -> Value:
        """What is left between two counts: 0, or the build stops."""
        if value.number != other.number:
            gap = numbers.exact(value.number - other.number)
            raise CallError(f"{value.shown()} and {other.shown()} differ by {gap}")
        return Value(0, self._difference(value, other))

    def depth(self, model: str, file: str | None = None) -> Value:
        """Convolutions and dense layers on the longest path."""
        network = self._facts.network(model, file)
        return Value(network.measured["depth"], self._measured(network, ""))

    def field(self, model: str, part: str = "", file: str | None = None) -> Value:
        """Receptive field after a layer, in input pixels: 212 × 212."""
        network = self._facts.network(model, file)
        extent = self._last(network, part)["field"]["extent"]
        text = " × ".join(f"{size:,}" for size in extent)
        return Value(extent[0], self._measured(network, part), text)

    def latency(self, model: str, file: str | None = None) -> Value:
        """Milliseconds of one forward pass, from the record of `make latency`."""
        network = self._facts.network(model, file)
        took = self._facts.milliseconds(network)
        how = f"{network.name}, {self._facts.timed['date']}"
        return Value(took, numbers.origin("timed", network.file, how), f"{took:,} ms")

    def correlation(self, measure: str) -> Value:
        """How well params or macs order the classifiers as their latencies do.

        Spearman's rank correlation: 1 if both give the same order, 0 if unrelated.
        """
        networks = self._facts.timed_classifiers()
        if measure not in ("params", "macs", "bytes"):
            raise CallError("correlation(…) takes params, macs or bytes")
        counts = [network.measured[measure] for network in networks]
        took = [self._facts.milliseconds(network) for network in networks]
        found = statistics.correlation(ranks(counts), ranks(took))
        how = numbers.origin("calc", "", f"Spearman, n = {len(networks)}")
        return Value(found, how, f"{found:.2f}")

    def shape(self, model: str, part: str, file: str | None = None) -> Value:
        """Output shape of a layer, without the batch."""
        network = self._facts.network(model, file)
        sizes = self._last(network, part)["shape"]
        return Value(sizes[1], self._measured(network, part), numbers.shape(sizes))

    def out(self, trick: str, label: str) -> Value:
        """A number that a trick prints."""
        number = self._facts.printed(trick, label)
        text = "" if number == int(number) else f"{number:,}"  # as it was printed
        of = numbers.origin("printed", f"tricks/{trick}.py", label)
        return Value(number, of, text)

    def run(self, notebook: str, label: str) -> Value:
        """What a notebook's run printed behind a label, with its spread."""
        text = self._facts.of_run(notebook, label)
        of = numbers.origin("run", f"notebooks/{notebook}.ipynb", label)
        return Value(number(NUMBER.match(text)[1]), of, numbers.powered(text))

    def quote(self, name: str) -> Value:
        """A figure that others published, with its source."""
        figure = self._facts.figure(name)
        self._facts.source(figure["source"])
        unit = figure.get("unit", "")
        text = figure.get("text") or numbers.exact(figure["value"], 3)
        where = spoken(figure.get("where", ""), self._language)
        return Value(
            figure["value"],
            numbers.origin("quoted", figure["source"], where),
            f"{spoken(text, self._language)} {unit}".strip(),
        )

    def calc(self, value: Value) -> Value:
        """Arithmetic, as it stands."""
        if value.of == numbers.origin("calc"):
            raise CallError("a number alone is no calculation: measure or quote it")
        return replace(value, worked="")

    def about(self, value: Value) -> Value:
        """Rounded for running text: 1억 3,836만, 138.4 M."""
        if value.of == numbers.origin("calc"):
            raise CallError("a number alone is no measurement: measure or quote it")
        text = numbers.about(value.number, self._language)
        return replace(value, text=text, worked="")

    def ratio(self, one: Value, other: Value, digits: int = 2) -> Value:
        """How many times: 2.26배, 2.26 times."""
        number = Fraction(one.number) / Fraction(other.number)
        text = numbers.times(number, self._language, int(digits))
        return Value(number, self._division(one, other), text)

    def share(self, part: Value, whole: Value, digits: int = 1) -> Value:
        """A part of a whole: 89.4 %."""
        number = Fraction(part.number) / Fraction(whole.number)
        text = numbers.percent(number, int(digits))
        return Value(number, self._division(part, whole), text)

    def formula(self, expression: str, equals: Value | None = None) -> Value:
        """Worked arithmetic; with `equals`, the build stops if the two differ."""
        if not ARITHMETIC.fullmatch(expression):
            raise CallError(f"'{expression}' is not plain arithmetic")
        value = evaluate(ast.parse(expression, mode="eval").body, self)
        if equals is not None and value.number != equals.number:
            raise CallError(
                f"{expression} is {numbers.exact(value.number)}, but the measurement "
                f"gives {equals.shown()}"
            )
        tex = re.sub(r"\*\*\s*(\d+|\([^()]*\))", r"^{\1}", expression)
        tex = tex.replace("*", r" \times ").replace("/", r" \div ")
        return replace(value, of=equals.of if equals else value.of, worked=tex)

    def _last(self, network, part: str) -> dict:
        """The layer that gives a part's output."""
        self._part(network, part)
        for layer in reversed(network.measured["layers"]):
            if not part or f"{layer['path']}.".startswith(f"{part}."):
                return layer
        raise UnknownName(f"'{part}' of {network.name} makes no output")

    def _part(self, network, part: str) -> dict:
        modules = network.measured["modules"]
        if part in modules:
            return modules[part]
        near = difflib.get_close_matches(part, modules, n=3)
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise UnknownName(f"{network.name} has no module '{part}'{hint}")

    def _measured(self, network, part: str) -> str:
        name = network.name
        name = f"{name}()" if network.file.startswith("models/") else name
        whose = f"{name}.{part}" if part else name
        return numbers.origin("measured", network.file, whose)

    def _difference(self, one: Value, other: Value) -> str:
        how = f"{numbers.exact(one.number)} - {numbers.exact(other.number)}"
        return of_both(other, one, how)

    def _division(self, one: Value, other: Value) -> str:
        how = f"{numbers.exact(one.number)} ÷ {numbers.exact(other.number)}"
        return of_both(one, other, how)


def ranks(values: list[float]) -> list[float]:
    """The place of each value in their order; equal values share the mean place."""
    return [
        sum(other < value for other in values)
        + (sum(other == value for other in values) - 1) / 2
        for value in values
    ]


NAMES = [name for name in vars(Calls) if not name.startswith("_")]
CALL = re.compile(r"\{\{\s*([a-z_]+)\((?:(?!\}\}).)*\)\s*\}\}")


def answer(text: str, calls: Calls) -> Value:
    """Answer one `{{ … }}`."""
    inside = text.strip()[2:-2].strip()
    try:
        tree = ast.parse(inside, mode="eval").body
    except SyntaxError as error:
        raise CallError(f"{text} is not a call: {error.msg}") from error
    try:
        value = evaluate(tree, calls)
    except (ArithmeticError, AttributeError, SyntaxError, ValueError) as error:
        raise CallError(f"{text}: {error}") from error
    if not isinstance(value, Value):
        raise CallError(f"{text} gives no number")
    return value


def evaluate(node: ast.expr, calls: Calls):
    """Names of Calls, numbers, texts and arithmetic; nothing else."""
    match node:
        case ast.Constant(value=int() | float() as number):
            return Value(number, numbers.origin("calc"))
        case ast.Constant(value=str() as text):
            return text
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            one, other = evaluate(left, calls), evaluate(right, calls)
            if not (isinstance(one, Value) and isinstance(other, Value)):
                raise CallError("arithmetic needs numbers")
            number = OPERATORS[type(op)](one.number, other.number)
            if isinstance(number, Fraction) and number.denominator == 1:
                number = int(number)
            return Value(number, of_both(one, other, ast.unparse(node)))
        case ast.Call(func=ast.Name(id=name)):
            if name not in NAMES:
                near = difflib.get_close_matches(name, NAMES, n=1)
                hint = f"; did you mean {near[0]}(…)?" if near else ""
                raise CallError(f"there is no call '{name}'{hint}")
            given = [evaluate(argument, calls) for argument in node.args]
            named = {k.arg: evaluate(k.value, calls) for k in node.keywords}
            try:
                return getattr(calls, name)(*given, **named)
            except TypeError as error:
                raise CallError(f"{name}(…): {error}") from error
    raise CallError(f"'{ast.unparse(node)}' cannot stand in a call")
