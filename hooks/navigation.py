"""Navigation from what each page says of itself in its front matter."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from hooks import notebooks


@dataclass(frozen=True)
class Entry:
    """A page before it is built: its path below the language's folder, and its meta."""

    path: str
    meta: dict
    text: str

    @property
    def section(self) -> str:
        return self.path.rpartition("/")[0]


def entries(docs: Path) -> list[Entry]:
    """Every page of a language in reading order."""
    found = []
    for path in sorted([*docs.rglob("*.md"), *docs.rglob("*.ipynb")]):
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".ipynb":
            text = notebooks.as_markdown(notebooks.load(path))[0]
        meta = {}
        if text.startswith("---\n"):
            meta = yaml.safe_load(text[4:].split("\n---", 1)[0]) or {}
        found.append(Entry(path.relative_to(docs).as_posix(), meta, text))
    return sorted(found, key=lambda entry: (entry.meta.get("order", 1000), entry.path))


def on_config(config) -> None:
    """Sections in the order of `extra.sections`, pages by their `order`."""
    pages = entries(Path(config.docs_dir))
    sections: dict[str, str] = config.extra["sections"]
    nav: list = [page.path for page in pages if not page.section]
    for folder, title in sections.items():
        inside = [page.path for page in pages if page.section == folder]
        if inside:
            nav.append({title: inside})
    config.nav = nav
    config.extra["entries"] = pages
