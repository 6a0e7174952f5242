"""Every link and anchor of the built site leads somewhere, wherever it is published."""

import json
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from lxml import html

LINKS = """//a/@href | //a/@*[name()='xlink:href'] | //link/@href | //script/@src
    | //img/@src | //use/@*[name()='xlink:href']
    | //meta[@property='og:url' or @property='og:image']/@content"""


def links(site: Path, root: str) -> tuple[list[str], int]:
    """Links that lead nowhere, and how many lead into the site, served at `root`."""
    pages = {place: html.parse(place) for place in sorted(site.rglob("*.html"))}
    anchors = {
        place: {*page.xpath("//@id"), *page.xpath("//a/@name"), ""}
        for place, page in pages.items()
    }
    found = []
    for place, page in pages.items():
        folder = place.parent.relative_to(site).as_posix()
        here = urljoin(root, f"{folder}/")
        if place.name == "404.html":  # a server shows it at any address
            here = urljoin(here, "some/page/that/is/not/")
        found += [(here, link, place) for link in page.xpath(LINKS)]
    for place in site.rglob("search_index.json"):
        here = urljoin(root, f"{place.parent.parent.relative_to(site).as_posix()}/")
        index = json.loads(place.read_text(encoding="utf-8"))
        found += [(here, entry["location"], place) for entry in index["docs"]]
    dead, inside = [], 0
    for here, link, place in found:
        address, anchor = urldefrag(urljoin(here, link))
        address = address.partition("?")[0]
        if not address.startswith(root):
            continue
        inside += 1
        target = site / unquote(address.removeprefix(root))
        target = target / "index.html" if target.is_dir() else target
        known = anchors.get(target, {""})
        if not target.exists() or unquote(anchor) not in known:
            dead.append(f"{place.relative_to(site)}: {link}")
    return dead, inside


def test_every_link_leads_somewhere(site):
    dead, inside = links(site, "http://127.0.0.1/")
    assert not dead
    assert inside > 5000


def test_every_link_leads_somewhere_below_a_path(published):
    dead, inside = links(published, "https://example.org/diet/")
    assert not dead
    assert inside > 5000


def test_links_stay_below_the_path(published):
    for place in published.rglob("*.html"):
        for link in html.parse(place).xpath(LINKS):
            assert not link.startswith("/") or link.startswith("/diet/"), place


@pytest.mark.parametrize(
    "planted",
    [
        '<a href="nowhere/">x</a>',
        '<a href="#lost">x</a>',
        '<a href="../page/#lost">x</a>',
        '<a href="file.zip">x</a>',
        '<link rel="alternate" href="https://example.org/diet/en/lost/">',
        '<script src="lost.js"></script>',
        '<img src="lost.png" alt="">',
        '<svg><a xlink:href="#lost"></a></svg>',
    ],
)
def test_a_link_that_leads_nowhere_is_seen(tmp_path, planted):
    for folder in ("page", "other"):
        (tmp_path / folder).mkdir()
    good = '<p id="here"><a href="#here">a</a><a href="../page/">b</a></p>'
    (tmp_path / "page" / "index.html").write_text(good)
    (tmp_path / "404.html").write_text('<a href="/diet/page/#here">c</a>')
    other = tmp_path / "other" / "index.html"
    other.write_text(good)
    root = "https://example.org/diet/"
    assert links(tmp_path, root) == ([], 5)
    other.write_text(good + planted)
    dead, _ = links(tmp_path, root)
    assert len(dead) == 1
    (tmp_path / "404.html").write_text('<a href="page/#here">c</a>')
    assert len(links(tmp_path, root)[0]) == 2, "from another address it is lost"
