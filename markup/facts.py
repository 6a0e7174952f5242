"""What a page may name: measured networks, printed outputs, quoted figures."""

import difflib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

import cache
from markup import strict
from measure.cache import measurements

SNIPPETS = cache.ROOT / "snippets"
QUOTED = cache.ROOT / "docs" / "quoted.yml"
LATENCY = cache.ROOT / "docs" / "latency.json"
COUNT = r"-?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?"
NUMBER = re.compile(rf"({COUNT})( ± {COUNT})?( %)?")


class FactsError(Exception):
    """What pages take their facts from is itself wrong."""


class UnknownName(Exception):
    """A page names something that does not exist."""


def find(name: str, known: dict, what: str):
    if name in known:
        return known[name]
    near = difflib.get_close_matches(str(name), map(str, known), n=3, cutoff=0.4)
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    raise UnknownName(f"there is no {what} '{name}'{hint}")


@dataclass(frozen=True)
class Network:
    name: str
    file: str
    measured: dict


class Facts:
    """Everything that numbers and figures are taken from, read once a build."""

    def __init__(self):
        self.measured = measurements()
        try:
            quoted = strict.load(QUOTED.read_text(encoding="utf-8-sig"))
        except yaml.YAMLError as error:
            raise FactsError(f"docs/quoted.yml: {error}") from error
        self.sources: dict[str, dict] = quoted["sources"]
        self.figures: dict[str, dict] = quoted["figures"]
        faults = [
            *self.lacking(self.sources, "title", "url"),
            *self.lacking(self.figures, "value", "source"),
        ]
        if faults:
            raise FactsError("\n".join(faults))
        self.models = self.by_builder()
        self.ran: dict[str, dict[str, str]] = {}  # what notebooks printed
        self.timed: dict = json.loads(LATENCY.read_text(encoding="utf-8"))

    def lacking(self, entries: dict[str, dict], *needed: str) -> Iterator[str]:
        """What an entry of quoted.yml lacks."""
        for name, entry in entries.items():
            for key in needed:
                if key not in entry:
                    yield f"docs/quoted.yml: {name} has no '{key}'"
            for key, text in entry.items():
                if isinstance(text, dict) and set(text) != {"ko", "en"}:
                    yield f"docs/quoted.yml: {name}: '{key}' needs both ko and en"
            if "source" in entry and entry["source"] not in self.sources:
                yield f"docs/quoted.yml: {name} has an unknown source"

    def by_builder(self) -> dict[str, Network]:
        """Networks of snippets/models by the name of their builder."""
        found: dict[str, Network] = {}
        for file, networks in self.measured.items():
            for name, measured in networks.items():
                if not file.startswith("models/"):
                    continue
                if name in found:
                    both = f"snippets/{found[name].file} and snippets/{file}"
                    raise FactsError(f"{both} both build '{name}': rename one")
                found[name] = Network(name, file, measured)
        return found

    def network(self, name: str, file: str | None = None) -> Network:
        """A model by its builder's name, or a block that a trick's file names."""
        if file is None:
            return find(name, self.models, "model")
        blocks = find(file, self.measured, "snippet")
        return Network(name, file, find(name, blocks, f"block in {file}"))

    def classes(self) -> dict[str, str]:
        """Every class of a module, with a file that builds one."""
        return {
            module["kind"]: file
            for file, networks in self.measured.items()
            for measured in networks.values()
            for module in measured["modules"].values()
        }

    def milliseconds(self, network: Network) -> float:
        """How long a network's forward pass took when docs/latency.json was made."""
        entry = self.timed["networks"].get(network.file, {}).get(network.name)
        if not entry:
            raise UnknownName(f"docs/latency.json lacks {network.name}: make latency")
        if any(entry[key] != network.measured[key] for key in ("params", "macs")):
            raise UnknownName(
                f"{network.name} has changed since it was timed: make latency"
            )
        return entry["milliseconds"]

    def classifiers(self) -> list[Network]:
        """The models whose accuracy torchvision publishes."""
        return [
            network
            for name, network in self.models.items()
            if f"{name}.torchvision.top1" in self.figures
        ]

    def timed_classifiers(self) -> list[Network]:
        """Those of them that stand in docs/latency.json; tests ask for all."""
        timed = self.timed["networks"]
        return [x for x in self.classifiers() if x.name in timed.get(x.file, {})]

    def accuracies(self) -> dict[str, str]:
        """The figure of each model's top-1 on a single crop: torchvision's, if any."""
        single = {
            name.partition(".")[0]: name
            for name, figure in self.figures.items()
            if name.endswith(".top1") and figure.get("crop") == "single"
        }
        theirs = {x.name: f"{x.name}.torchvision.top1" for x in self.classifiers()}
        return {k: v for k, v in (single | theirs).items() if k in self.models}

    def printed(self, trick: str, label: str) -> float:
        """The number that a trick prints behind a label, from its checked .out file."""
        outs = {path.stem: path for path in (SNIPPETS / "tricks").glob("*.out")}
        lines = find(trick, outs, "trick output").read_text(encoding="utf-8")
        text = find(label, labelled(lines), f"label in tricks/{trick}.out")
        return number(NUMBER.match(text)[0])

    def of_run(self, notebook: str, label: str) -> str:
        """What a notebook printed behind a label when it ran: 97.1 ± 0.4 %."""
        ran = find(notebook, self.ran, "notebook that has run")
        return find(label, ran, f"label printed by the notebook {notebook}")

    def figure(self, name: str) -> dict:
        return find(name, self.figures, "quoted figure")

    def source(self, name: str) -> dict:
        return find(name, self.sources, "source")


def labelled(text: str) -> dict[str, str]:
    """The numbers that code prints as `label: number`, with what stands behind them."""
    lines = (line.rpartition(":") for line in text.splitlines())
    found = ((said.strip(), NUMBER.search(rest)) for said, _, rest in lines)
    return {said: number[0] for said, number in found if number}


def number(text: str) -> int | float:
    text = text.replace(",", "")
    return int(text) if re.fullmatch(r"-?\d+", text) else float(text)


def spoken(text, language: str) -> str:
    """A text of quoted.yml, which may stand there in each language."""
    return str(text[language] if isinstance(text, dict) else text)


def snippet(file: str) -> Path:
    path = SNIPPETS / file
    if not path.is_file():
        known = {p.relative_to(SNIPPETS).as_posix(): p for p in SNIPPETS.rglob("*.*")}
        find(file, known, "snippet")
    return path
