"""What every page promises: each check gives the breaches that a browser measures."""

from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from browsing import Visit
from playwright.sync_api import Page

SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
COLOURS = ["color-contrast", "link-in-text-block"]  # all that a scheme can change
BY_COLOUR = {"runOnly": COLOURS}
BY_MARKUP = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "rules": {rule: {"enabled": False} for rule in COLOURS},
}
SCHEMES = {"light": "default", "dark": "slate"}


def opened(visit: Visit, path: str) -> Page:
    """A page with all open that opens on request, and its lists not scrolled."""
    page = visit.open(path)
    page.evaluate(SCRIPT)
    page.evaluate("promises.open()")
    return page


def in_scheme(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.locator(f"body[data-md-color-scheme={SCHEMES[scheme]}]").wait_for()


def barriers(page: Page) -> list[str]:
    """Breaches of WCAG 2.2 AA that axe finds, in both colour schemes. Ends the page."""
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate("(rules) => promises.barriers(rules)", BY_MARKUP)
    for scheme in SCHEMES:
        in_scheme(page, scheme)
        page.evaluate("promises.choose()")
    page.evaluate("promises.leaveChosen()")
    for scheme in reversed(SCHEMES):
        in_scheme(page, scheme)
        breaches = page.evaluate("(rules) => promises.barriers(rules)", BY_COLOUR)
        found += [f"{scheme}: {breach}" for breach in breaches]
    return found


def texts_outside(page: Page) -> list[str]:
    """Texts that leave their box, or that the edge of their picture cuts off."""
    return page.evaluate("promises.textsOutside()")


def wider(page: Page, width: int = 360) -> list[str]:
    """What makes the page scroll sideways on a screen of that width."""
    page.set_viewport_size({"width": width, "height": 800})
    return page.evaluate("promises.wider()")


def complaints(visit: Visit) -> list[str]:
    """Errors in the console, and requests to another host."""
    return visit.errors + [f"asks {address}" for address in visit.foreign()]
