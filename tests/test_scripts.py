"""Our scripts are small, and a page loads only those that it has work for."""

import gzip

from lxml import html

import cache
from hooks.scripts import WORK_ON

FOLDER = cache.ROOT / "theme" / "javascripts"
MOST = 15 * 1024  # bytes, as they travel


def test_a_page_loads_just_what_it_needs(site):
    loaded = set()
    for page in site.rglob("*.html"):
        tree = html.parse(page)
        ours = [
            source.rpartition("/")[2]
            for source in tree.xpath("//script/@src")
            if "javascripts/" in source and "assets/" not in source
        ]
        expected = ["notes.js"] if tree.xpath("//*[@role='note']") else []
        expected += ["tables.js"] if tree.xpath("//*[@class='layers__table']") else []
        if tree.xpath("//*[@class='diagram__frame']"):
            expected += ["pictures.js"]
        if tree.xpath("//*[@class='calculator']"):
            expected += ["counting.js", "calculator.js"]
        assert ours == expected, page
        loaded |= {*ours}
    assert loaded == {name for names in WORK_ON.values() for name in names}


def test_all_of_them_together_are_small():
    files = list(FOLDER.glob("*.js"))
    assert files
    assert sum(len(gzip.compress(path.read_bytes())) for path in files) <= MOST
