"""What stands in a paragraph of its own: {{ sources() }}, {{ compare() }} and such."""

import re
from html import escape

from markup import calculator, compare, costs, exercises, glossary, matrix, overview
from markup.facts import spoken


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


BLOCKS = {
    "sources()": sources,
    "overview()": overview.overview,
    "line()": compare.line,
    "compare()": compare.compare,
    "segmenting()": compare.segmenting,
    "matrix()": matrix.matrix,
    "without()": compare.without,
    "costs()": costs.costs,
    "machine()": costs.machine,
    "exercises()": exercises.exercises,
    "glossary()": glossary.glossary,
    "calculator()": calculator.calculator,
}

# All others may tell of any page and any network.
ALONE = {"sources()", "machine()", "exercises()", "glossary()", "calculator()"}
CALL = re.compile(r"\{\{\s*(\w+\(\))\s*\}\}")


def tells_of_others(text: str) -> bool:
    """Whether a page's text lists what other pages are about."""
    return not ALONE.issuperset(CALL.findall(text))
