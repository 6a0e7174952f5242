"""Material's search index, given the names by which readers look for things."""

import json
from pathlib import Path

from mkdocs.exceptions import PluginError

from markup import search
from markup.page import GLOSSARY


def pages(config) -> list[search.Listed]:
    language, files = config.extra["language"], config.extra["files"]
    return [
        search.Listed(
            f"docs/{language}/{entry.path}",
            files.get_file_from_path(entry.path).url.removeprefix("./"),
            entry.meta,
        )
        for entry in config.extra["entries"]
    ]


def on_files(config) -> None:
    try:
        search.check(pages(config))
    except search.SearchError as error:
        raise PluginError(f"{error}: one of them must give way") from error


def on_post_build(config) -> None:
    place = Path(config.site_dir) / "search" / "search_index.json"
    index = json.loads(place.read_text(encoding="utf-8"))
    page = config.extra["page"]
    glossary_at = config.extra["files"].get_file_from_path(GLOSSARY.strip("/")).url
    search.complete(index, pages(config), page.facts, page.language, glossary_at)
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    place.write_text(text, encoding="utf-8")
