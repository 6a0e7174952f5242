"""The lists that compare architectures, from what each page says of itself:

{{ line() }}, {{ compare() }} and {{ without() }}; {{ segmenting() }} for the networks
that answer for every pixel.
"""

import re
from collections.abc import Iterator
from html import escape

from draw import numbers, table
from draw.words import word
from markup.values import Calls, Value

SEGMENTING = "segmentation"  # the folder of the pages about such networks


def architectures(page, segmenting: bool = False) -> Iterator:
    """The pages of this language that present a network, in their order."""
    for entry in page.entries:
        known = entry.meta.get("network") in page.facts.models
        if known and (entry.section == SEGMENTING) == segmenting:
            yield entry


def homes(page) -> dict[str, object]:
    """The page of each model that classifies."""
    return {
        model: entry
        for entry in architectures(page)
        for model in entry.meta.get("models", [entry.meta["network"]])
    }


def families(page, names: list[str]) -> dict[str, tuple[str, str]]:
    """What a chart calls each model: the title of its page, and what it adds to it."""
    own = homes(page)
    paths = [own[name].path for name in names if name in own]
    found = {}
    for name in names:
        title = own[name].meta["title"] if name in own else name
        related = name in own and paths.count(own[name].path) > 1
        found[name] = title, short(name, title) if related else ""
    return found


def short(name: str, title: str) -> str:
    """What a model's name says beyond the title of its page: resnet50 says 50."""
    signs = "_?".join(re.findall(r"[a-z\d]", title.lower()))
    rest = re.sub(rf"^{signs}_?", "", name)
    return re.sub(r"(?<!\d)(\d)_(\d+)(?!\w)", r"\1.\2", rest).replace("_", "-")


def line(page) -> str:
    """The architectures in order of their year, each with its trick and its count."""
    pages = [*architectures(page), *architectures(page, segmenting=True)]
    found = sorted(pages, key=lambda entry: entry.meta["year"])
    counts = [page.facts.network(e.meta["network"]).measured["params"] for e in found]
    items = []
    for entry, count in zip(found, counts, strict=True):
        meta = entry.meta
        value = Calls(page.facts, page.language).params(meta["network"])
        shown = numbers.about(count, page.language)
        items.append(
            f'<li><span class="line__year">{meta["year"]}</span>'
            f'<a class="line__name" href="{page.address(entry.path)}">'
            f"{escape(meta['title'])}</a><p>{escape(meta['trick'])}</p>"
            f"{bar(count, max(counts))}{numbers.data(count, shown, value.of)}</li>"
        )
    return f'<ol class="line">{"".join(items)}</ol>'


def compare(page) -> str:
    """Every model of every architecture in one table that can be sorted."""
    return models(page, architectures(page), "top1", "all models")


def segmenting(page) -> str:
    """The same for the networks that answer for every pixel."""
    return models(page, architectures(page, segmenting=True), "miou", "pixel models")


def models(page, entries: Iterator, accuracy: str, caption: str) -> str:
    calls = Calls(page.facts, page.language)
    rows = []
    for entry in entries:
        meta = entry.meta
        leads = f'<a href="{page.address(entry.path)}">{escape(meta["title"])}</a>'
        for model in meta.get("models", [meta["network"]]):
            figure = f"{model}.torchvision.{accuracy}"
            quoted = calls.quote(figure) if figure in page.facts.figures else None
            rows.append(
                f'<th scope="row"><code>{escape(model)}</code></th><td>{leads}</td>'
                f"<td>{meta['year']}</td>{cell(calls.params(model))}"
                f"{cell(calls.macs(model))}"
                f"{cell(quoted) if quoted else '<td>-</td>'}"
                f'<td class="layers__words">{escape(meta["trick"])}</td>'
            )
    heads = ("model", "architecture", "year", "parameters", "macs", accuracy, "trick")
    return table.framed(word(caption, page.language), heads, rows, "", page.language)


def without(page) -> str:
    """Each network beside itself with its trick switched off, counted whole."""
    calls = Calls(page.facts, page.language)
    items = []
    for entry in architectures(page):
        meta = entry.meta
        if not (switched := meta.get("without")):
            continue
        network = calls.params(meta["network"])
        others = {name: calls.params(name) for name in switched}
        longest = max(value.number for value in (network, *others.values()))
        sides = [
            f"<p>{word('as it is', page.language)} {told(network)}</p>"
            f"{bar(network.number, longest)}"
        ]
        for name, value in others.items():
            ratio = told(calls.ratio(value, network))
            sides.append(
                f"<p>{escape(switched[name])} {told(value)} ({ratio})</p>"
                f"{bar(value.number, longest, 'without__bar')}"
            )
        leads = f'<a href="{page.address(entry.path)}">{escape(meta["title"])}</a>'
        name = f'<p class="line__name">{leads}</p>'
        items.append(f"<li>{name}{''.join(sides)}</li>")
    return f'<ol class="without">{"".join(items)}</ol>'


def told(value: Value) -> str:
    return numbers.data(value.number, value.shown(), value.of)


def cell(value: Value) -> str:
    return f"<td>{told(value)}</td>"


def bar(count: float, longest: float, kind: str = "") -> str:
    width = 100 * count / longest
    return (
        f'<svg class="line__bar {kind}" viewBox="0 0 100 4" aria-hidden="true" '
        f'preserveAspectRatio="none"><rect width="{width:.2f}" height="4"/></svg>'
    )
