"""Every page in a browser keeps what the site promises of all its pages.

As published, below a path: with all that a page holds only if it knows its address.
"""

import promises
import pytest
from browsing import serving, visiting

from tools import pages

SCREEN = {"width": 1280, "height": 800}
PAGES = [
    folder + pages.address(path) for folder in ("", "en/") for path in pages.paths("ko")
]


@pytest.fixture(scope="session")
def reader(browser, published):
    """One reader for all pages: what is kept from page to page need not load again."""
    with (
        serving(published.parent) as host,
        visiting(browser, f"{host}{published.name}/", reduced_motion="reduce") as visit,
    ):
        yield visit


@pytest.mark.parametrize("path", [*PAGES, "404.html", "en/404.html"])
def test_a_page_keeps_its_promises(reader, path):
    reader.page.set_viewport_size(SCREEN)
    reader.requests.clear()
    reader.errors.clear()
    page = promises.opened(reader, path)
    broken = promises.texts_outside(page)
    broken += promises.wider(page) + promises.texts_outside(page)
    page.set_viewport_size(SCREEN)
    broken += promises.barriers(page) + promises.complaints(reader)
    assert not broken, "\n".join(broken)
