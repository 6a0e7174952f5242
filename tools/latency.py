"""`make latency`: time every network of snippets/ and renew docs/latency.json.

Nothing else writes that record. Run it on a machine that does nothing else.
"""

import json
import sys

import cache
from measure.cache import SNIPPETS, measurable
from measure.speed import record

RECORD = cache.ROOT / "docs" / "latency.json"


def main() -> None:
    sys.path.insert(0, str(SNIPPETS))
    made = record(measurable())
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
