"""Lists that stand on lines of their own: {{ sources() }} and {{ line() }}."""

from html import escape

from draw import numbers
from markup.facts import spoken
from markup.values import Calls


def sources(page) -> str:
    """The sources that the page's front matter names."""
    items = []
    for name in page.meta.get("sources", []):
        source = {
            key: escape(spoken(text, page.language))
            for key, text in page.facts.source(name).items()
        }
        who = source.get("authors", "")
        year = f" ({source['year']})" if "year" in source else ""
        said = f"{who}{year}. " if who or year else ""
        where = f". {source['where']}" if "where" in source else ""
        items.append(
            f'<li>{said.lstrip()}<a href="{source["url"]}">{source["title"]}</a>'
            f"{where}.</li>"
        )
    return f"<ul>{''.join(items)}</ul>"


def line(page) -> str:
    """The architectures in order of their year, each with its trick and its count."""
    known = page.facts.models
    found = [entry for entry in page.entries if entry.meta.get("network") in known]
    counts = [page.facts.network(e.meta["network"]).measured["params"] for e in found]
    items = []
    for entry, count in zip(found, counts, strict=True):
        meta = entry.meta
        value = Calls(page.facts, page.language).params(meta["network"])
        shown = numbers.about(count, page.language)
        width = 100 * count / max(counts)
        items.append(
            f'<li><span class="line__year">{meta["year"]}</span>'
            f'<a class="line__name" href="{page.address(entry.path)}">'
            f"{escape(meta['title'])}</a><p>{escape(meta['trick'])}</p>"
            f'<svg class="line__bar" viewBox="0 0 100 4" preserveAspectRatio="none" '
            f'aria-hidden="true"><rect width="{width:.2f}" height="4"/></svg>'
            f"{numbers.data(count, shown, value.of)}</li>"
        )
    return f'<ol class="line">{"".join(items)}</ol>'


BLOCKS = {"sources()": sources, "line()": line}
