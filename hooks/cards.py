"""The picture that others show beside a link to a page, if the site has an address."""

import functools
import inspect
from pathlib import Path

import cache
from draw import card
from draw.scene import MOST_BOXES, Scene, SceneError
from markup.facts import UnknownName
from markup.fences import scenes

NAME = "card.png"
USUAL = {"pair": "tricks/stacked_3x3.py", "without": "one_5x5", "with": "two_3x3"}


def on_page_content(page, config) -> None:
    """Find what to draw now: MkDocs reads all pages before it writes the first."""
    if config.site_url:
        config.extra.setdefault("drawn", {})[page.url] = shown(config.extra["page"])


def shown(page) -> list[Scene]:
    """A page's network; else its first picture that is small enough."""
    own = [{"network": page.meta["network"]}] if "network" in page.meta else []
    for options in (*own, *page.diagrams(), USUAL):
        try:
            found = scenes(options, page)
        except (KeyError, SceneError, UnknownName):  # a fence that is reported itself
            continue
        if all(len(scene.nodes) <= MOST_BOXES for scene in found):
            return found
    return []


def on_page_context(context, page, config) -> None:
    if not config.site_url:
        return
    context["card"] = f"{config.site_url}{page.url}{NAME}"
    place = Path(config.site_dir) / page.url / NAME
    cache.write(place, drawn(page, config))


def drawn(page, config) -> bytes:
    said = (
        config.site_name if page.is_homepage else page.title,
        page.meta["description"],
        config.site_name,
        config.extra["drawn"][page.url],
        config.extra["language"],
    )
    kept = cache.FOLDER / "cards" / f"{cache.key(code(), repr(said))}.png"
    if not kept.exists():
        cache.write(kept, card.png(*said))
    return kept.read_bytes()


@functools.cache
def code() -> str:
    return inspect.getsource(card)
