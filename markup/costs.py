"""What parameters cost in time: {{ costs() }} and {{ machine() }}."""

from html import escape

from draw import chart, numbers, table
from draw.words import word
from markup.compare import cell, families, homes
from markup.values import Calls

BESIDE = "alexnet"  # the network whose time is 1


def costs(page) -> str:
    """Time against parameters and against MACs, and the numbers behind both."""
    calls = Calls(page.facts, page.language)
    home = {model: page.address(entry.path) for model, entry in homes(page).items()}
    timed = page.facts.timed_classifiers()
    called = families(page, [network.name for network in timed])
    unit = calls.latency(BESIDE)
    rows, across = [], {"params": [], "macs": []}
    for network in timed:
        name = network.name
        params, macs = calls.params(name), calls.macs(name)
        ratio = calls.ratio(calls.latency(name), unit)
        said = (
            f"{word('parameters', page.language)} {params.shown()}",
            f"{word('macs', page.language)} {macs.shown()}",
            f"{word('time', page.language)} {ratio.shown()}",
        )
        for key, value in (("params", params), ("macs", macs)):
            x, y = float(value.number), float(ratio.number)
            link, (family, short) = home.get(name, ""), called[name]
            across[key].append(
                chart.Point(name, x, y, said, link, family=family, short=short)
            )
        rows.append(
            f'<th scope="row"><code>{escape(name)}</code></th>{cell(params)}'
            f"{cell(macs)}{cell(calls.memory(name))}{cell(ratio)}"
        )
    up = word("time", page.language)
    charts = []
    for key, points in across.items():
        name = word({"params": "parameters"}.get(key, key), page.language)
        said = word("correlation", page.language, told(calls.correlation(key)))
        drawing = chart.scatter(
            points,
            page.language,
            title=f"{name}, {up}",
            across=name,
            up=up,
            beside=[other for other in across.values() if other is not points],
        )
        charts.append(f'<div class="charts__one">{drawing}<p>{said}</p></div>')
    heads = ("model", "parameters", "macs", "memory", "time")
    caption = word("costs", page.language)
    behind = table.framed(caption, heads, rows, "", page.language)
    return (
        f'<figure class="charts"><div class="charts__both">{"".join(charts)}</div>'
        f'<details class="diagram__table"><summary>{word("in words", page.language)}'
        f"</summary>{behind}</details></figure>"
    )


def told(value) -> str:
    return numbers.data(value.number, value.shown(), value.of)


def machine(page) -> str:
    """On what, when and how the latencies were measured."""
    timed = page.facts.timed
    said = word(
        "machine",
        page.language,
        *(escape(str(timed[key])) for key in ("date", "cpu", "torch")),
        timed["threads"],
        timed["turns"],
    )
    later = [
        x for x in page.facts.classifiers() if x not in page.facts.timed_classifiers()
    ]
    if later:
        names = ", ".join(f"<code>{escape(network.name)}</code>" for network in later)
        said += f" {word('not timed', page.language, names)}"
    return f'<p class="machine">{said}</p>'
