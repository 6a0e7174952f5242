"""Every page in a browser: nothing foreign, no error, no page wider than a phone."""

import pytest
from browsing import visiting

from tools import pages

PAGES = [
    folder + pages.address(path) for folder in ("", "en/") for path in pages.paths("ko")
]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_on_a_phone(browser, address, path):
    with visiting(browser, address, width=360, scheme="dark") as visit:
        page = visit.open(path)
        page.wait_for_load_state("networkidle")
        assert not visit.foreign()
        assert not visit.errors
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 360
