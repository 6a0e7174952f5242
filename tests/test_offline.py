"""The copy that is read from a folder: whole, searchable, the same each time."""

import re
import zipfile
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from browsing import visiting
from lxml import html
from playwright.sync_api import expect

from tools.pack import pack


def test_every_link_leads_to_a_file(copied_site):
    checked = 0
    for page in copied_site.rglob("*.html"):
        if page.name == "404.html":  # only a server shows it
            continue
        for link in html.parse(page).xpath("//a/@href | //script/@src | //link/@href"):
            address = urldefrag(urljoin(page.as_uri(), link)).url
            parts = urlsplit(address)
            if parts.scheme == "file":
                assert Path(parts.path).is_file(), f"{page}: {link}"
                checked += 1
    assert checked > 1000


@pytest.mark.parametrize(
    ("folder", "page", "query", "found"),
    [
        ("", "architectures/vgg.html", "수용 영역", "ideas/receptive-field.html"),
        ("", "index.html", "컨볼루션을", "basics/counting.html"),
        (
            "en/",
            "notebooks/heads.html",
            "receptive fields",
            "ideas/receptive-field.html",
        ),
        ("en/", "index.html", "25557032", "architectures/resnet.html"),
    ],
)
def test_search_needs_no_server(browser, copied_site, folder, page, query, found):
    with visiting(browser, f"{copied_site.as_uri()}/") as visit:
        opened = visit.open(folder + page)
        opened.locator(".md-search__input").wait_for(state="attached")
        opened.keyboard.press("/")
        opened.keyboard.type(query)
        opened.keyboard.press("End")  # Hangul is typed without a key
        first = opened.locator("a.md-search-result__link").first
        first.wait_for()
        expect(first).to_have_attribute("href", re.compile(f"/{folder}{found}[?#]"))
        assert not visit.errors
        assert not visit.foreign()


def test_it_states_no_policy_that_its_search_could_not_keep(copied_site, site):
    stated = "Content-Security-Policy"
    assert stated not in (copied_site / "index.html").read_text(encoding="utf-8")
    assert stated in (site / "index.html").read_text(encoding="utf-8")


def test_a_zip_holds_every_file_and_no_clock(tmp_path):
    for name in ("one", "two"):
        folder = tmp_path / name / "가"
        folder.mkdir(parents=True)
        (folder / "page.html").write_text("안녕")
        (tmp_path / name / "index.html").write_text("home")
    targets = [tmp_path / "a" / "site.zip", tmp_path / "b" / "site.zip"]
    for name, target in zip(("one", "two"), targets, strict=True):
        target.parent.mkdir()
        pack(tmp_path / name, target)
    assert targets[0].read_bytes() == targets[1].read_bytes()
    with zipfile.ZipFile(targets[0]) as packed:
        assert packed.namelist() == ["site/index.html", "site/가/page.html"]
        assert packed.read("site/가/page.html").decode() == "안녕"
