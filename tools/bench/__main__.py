"""Print what was measured, and write all of it to bench.json."""

import datetime
import json
import os
import tempfile
from pathlib import Path

import cache
from measure.speed import processor
from tools.bench.builds import builds, run
from tools.bench.measuring import measuring
from tools.bench.pages import pages
from tools.bench.serving import free_port, serving

TARGET = cache.ROOT / "bench.json"


def main() -> None:
    found = {
        "date": datetime.date.today().isoformat(),
        "processor": processor(),
        "cores": os.cpu_count(),
        "builds": builds(),
        "serving": serving(),
    }
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        port = free_port()
        run(cache.ROOT, site, SITE_URL=f"http://127.0.0.1:{port}/")
        found["pages"] = pages(site, port)
    found["measuring, against torchinfo"] = measuring()
    TARGET.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    tell(found)


def tell(found: dict, depth: int = 0) -> None:
    for name, value in found.items():
        if name == "each":
            continue
        said = f"{value:.3g}" if isinstance(value, float) else value
        if isinstance(value, dict):
            print(f"{'  ' * depth}{name}:")
            tell(value, depth + 1)
        else:
            print(f"{'  ' * depth}{name}: {said}")


if __name__ == "__main__":
    main()
