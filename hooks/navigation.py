"""Navigation from what each page says of itself in its front matter."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml
from mkdocs.exceptions import PluginError

from hooks import notebooks
from markup import strict

SHOWN = re.compile(r'"((?:models|tricks|experiments)/\w+\.py)[":]')


@dataclass(frozen=True)
class Entry:
    """A page before it is built: its path below the language's folder, and its meta."""

    path: str
    meta: dict
    text: str

    @property
    def section(self) -> str:
        return self.path.rpartition("/")[0]

    @cached_property
    def shows(self) -> list[str]:
        """The snippets that its text names."""
        return sorted(set(SHOWN.findall(self.text)))


def entries(docs: Path) -> list[Entry]:
    """Every page of a language in reading order."""
    found = []
    for path in sorted([*docs.rglob("*.md"), *docs.rglob("*.ipynb")]):
        try:
            found.append(entry(docs, path))
        except (ValueError, notebooks.NotebookError) as error:
            where = f"docs/{docs.name}/{path.relative_to(docs).as_posix()}"
            raise PluginError(f"{where}: {error}") from error
    return sorted(found, key=lambda entry: (entry.meta.get("order", 1000), entry.path))


def entry(docs: Path, path: Path) -> Entry:
    text = notebooks.text_at(path)
    return Entry(path.relative_to(docs).as_posix(), front_matter(text), text)


def front_matter(text: str) -> dict:
    if not text.startswith("---\n"):
        raise ValueError("the page has no front matter: begin it with --- lines")
    try:
        meta = strict.load(text[4:].split("\n---", 1)[0])
    except yaml.YAMLError as error:
        raise ValueError(f"front matter: {error}") from error
    if not isinstance(meta, dict):
        raise ValueError("front matter: write lines of `name: value`")
    if not isinstance(meta.get("order"), int):
        raise ValueError("front matter: `order` must be a whole number")
    if not isinstance(meta.get("aliases", []), list):
        raise ValueError("front matter: `aliases` must be a list: [name, name]")
    if not isinstance(meta.get("explains", {}), dict):
        raise ValueError("front matter: write `explains` as {term: heading}")
    together = [name for name in ("year", "network", "trick") if name in meta]
    if len(together) not in (0, 3):
        raise ValueError("front matter: year, network and trick go together")
    return meta


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
