"""The home page's picture, parameters against accuracy: {{ overview() }}."""

from html import escape

from draw import chart, numbers, table
from draw.words import word
from markup.compare import cell, families, homes
from markup.values import CallError, Calls, Value

WIDE = chart.Frame(
    688, 510, font=12, largest=17, left=50, top=42, beside=28, between=32
)
NARROW = chart.Frame(330, 480, largest=12, left=42, top=34, beside=24, between=32)
TABLE = "overview-table"


def overview(page) -> str:
    """Every model whose accuracy is quoted, as a circle and as a row of the table."""
    calls = Calls(page.facts, page.language)
    known, own = page.facts.accuracies(), homes(page)
    home = own | {name: showing(page, name) for name in known if name not in own}
    shown = [name for name in home if name in known]
    called = families(page, shown)
    points, rows = [], []
    for name in shown:
        entry = home[name]
        title, address = entry.meta["title"], page.address(entry.path)
        params, macs = in_use(page.facts.network(name), calls), calls.macs(name)
        top1 = calls.quote(known[name])
        points.append(
            chart.Point(
                name,
                float(params.number),
                float(top1.number),
                tuple(said(page, name, params, macs, top1)),
                address,
                float(macs.number),
                *called[name],
            )
        )
        rows.append(
            f'<th scope="row"><code>{escape(name)}</code></th>'
            f'<td><a href="{address}">{escape(title)}</a></td>'
            f"{cell(params)}{table.counted(macs.number)}{cell(top1)}"
        )
    drawing = chart.scatter(
        points,
        page.language,
        title=word("overview", page.language),
        across=word("parameters", page.language),
        up=word("accuracy", page.language),
        area=word("area", page.language),
        rising=chart.Axis,
        frames=(WIDE, NARROW),
    )
    heads = ("model", "architecture", "parameters", "macs", "top1")
    caption = word("in the picture", page.language)
    behind = table.framed(caption, heads, rows, "", page.language)
    return (
        '<figure class="charts overview">'
        f'<a class="chart__skip" href="#{TABLE}">'
        f"{word('to the table', page.language)}</a>{drawing}"
        f'<details class="diagram__table" id="{TABLE}">'
        f"<summary>{word('in words', page.language)}</summary>{behind}</details>"
        "</figure>"
    )


def showing(page, name: str):
    """The page that shows a model's code, as long as none is about the model."""
    file = page.facts.network(name).file
    for entry in page.entries:
        if file in entry.shows:
            return entry
    raise CallError(
        f"docs/quoted.yml has {page.facts.accuracies()[name]}, but no page is about "
        f"{name}: add it to the `models` of one"
    )


def in_use(network, calls: Calls) -> Value:
    """Parameters without heads that only training uses, as the accuracy is reached."""
    params = calls.params(network.name)
    unused = sum(network.measured["unused"].values())
    if not unused:
        return params
    how = f"{params.shown()} - {numbers.exact(unused)}"
    of = numbers.origin("calc", network.file, how)
    return Value(params.number - unused, of)


def said(page, name: str, params: Value, macs: Value, top1: Value):
    """What a point says below its name, line by line."""
    yield f"{word('parameters', page.language)} {params.shown()}"
    if left := page.facts.network(name).measured["params"] - params.number:
        yield word("in use", page.language, numbers.exact(left))
    yield f"{word('macs', page.language)} {macs.shown()}"
    yield f"{word('top1', page.language)} {top1.shown()}"
