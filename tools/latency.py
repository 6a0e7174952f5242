"""`make latency`: time what pages compare and renew docs/latency.json.

These are all classifiers, for the charts, and what a page asks `latency(...)` of.
Nothing else writes that record. Run it on a machine that does nothing else.
"""

import json
import re
import sys
from pathlib import Path

import cache
from hooks import notebooks
from markup.facts import Facts
from measure.cache import SNIPPETS
from measure.speed import record
from tools import pages

RECORD = cache.ROOT / "docs" / "latency.json"
CALL = re.compile(r'latency\("(\w+)"(?:, file="([\w/.]+)")?\)')


def asked() -> dict[Path, set[str]]:
    """The networks that pages compare, by their files."""
    facts = Facts()
    found: dict[Path, set[str]] = {}
    named = [
        facts.network(name, file or None)
        for page in sorted(pages.DOCS.glob("*/**/*"))
        if page.suffix in (".md", ".ipynb")
        for name, file in CALL.findall(notebooks.text_at(page))
    ]
    for network in facts.classifiers() + named:
        found.setdefault(SNIPPETS / network.file, set()).add(network.name)
    return found


def main() -> None:
    sys.path.insert(0, str(SNIPPETS))
    made = record(asked())
    networks = made.pop("networks")
    made["networks"] = {}
    text = json.dumps(made, indent=1)
    blocks = ",\n".join(
        f"  {json.dumps(file)}: {{\n"
        + ",\n".join(
            f"   {json.dumps(name)}: {json.dumps(entry)}"
            for name, entry in entries.items()
        )
        + "\n  }"
        for file, entries in networks.items()
    )
    RECORD.write_text(
        text.replace('"networks": {}', f'"networks": {{\n{blocks}\n }}') + "\n"
    )
    print(f"renewed {RECORD.relative_to(cache.ROOT)}")


if __name__ == "__main__":
    main()
