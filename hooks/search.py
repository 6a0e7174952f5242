"""The search index also knows figures as readers type them: 25557032, 1x1."""

import json
import re
from pathlib import Path

COUNT = re.compile(r"\b\d{1,3}(?:,\d{3})+\b")
SIZE = re.compile(r"\b\d+(?:×\d+)+\b")


def on_post_build(config) -> None:
    place = Path(config.site_dir) / "search" / "search_index.json"
    index = json.loads(place.read_text(encoding="utf-8"))
    for entry in index["docs"]:
        if words := typed(f"{entry['title']} {entry['text']}"):
            entry["text"] += f"<p>{' '.join(words)}</p>"
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    place.write_text(text, encoding="utf-8")


def typed(text: str) -> list[str]:
    """The figures of a text in the form in which they are typed, each once."""
    plain = [count.replace(",", "") for count in COUNT.findall(text)]
    sizes = [size.replace("×", "x") for size in SIZE.findall(text)]
    return list(dict.fromkeys(plain + sizes))
