"""What other programs are told of a page: previews of links, dates, citations."""

import io
import json
import re
import subprocess
from pathlib import Path

import pytest
from lxml import html
from PIL import Image

from draw import card
from hooks import dates
from tools import pages

ADDRESS = "https://example.org/diet/"


def each(site: Path) -> list[tuple[str, str, html.HtmlElement]]:
    """Every page with its address and its language."""
    return [
        (
            page.parent.relative_to(site).as_posix().removeprefix(".").strip("/"),
            "en" if page.relative_to(site).parts[0] == "en" else "ko",
            html.parse(page),
        )
        for page in sorted(site.rglob("index.html"))
    ]


def test_a_link_to_a_page_has_a_preview(published):
    titles = set()
    for address, language, tree in each(published):
        said = {
            tag.get("property"): tag.get("content")
            for tag in tree.xpath("//meta[starts-with(@property, 'og:')]")
        }
        (described,) = tree.xpath("//meta[@name='description']/@content")
        assert said["og:description"] == described
        assert said["og:locale"] == {"ko": "ko_KR", "en": "en_US"}[language]
        assert said["og:url"].rstrip("/") == (ADDRESS + address).rstrip("/")
        place = published / said["og:image"].removeprefix(ADDRESS)
        assert place.parent == published / address
        picture = Image.open(place)
        assert picture.size == (1200, 630), address
        colours = picture.convert("RGB").getcolors(1 << 20)
        assert len(colours) > 20, f"{address}: an empty card"
        titles.add((language, said["og:title"]))
    assert len(titles) == 2 * len(pages.paths("ko")), "two pages share a title"


def test_structured_data(published):
    for address, language, tree in each(published):
        (text,) = tree.xpath("//script[@type='application/ld+json']/text()")
        known = json.loads(text)
        assert known["@type"] == "LearningResource"
        assert known["inLanguage"] == language
        assert known["url"].rstrip("/") == (ADDRESS + address).rstrip("/")
        assert known["description"] and known["name"]


def test_without_an_address_nothing_claims_one(site):
    assert not list(site.rglob("card.png"))
    for address, _, tree in each(site):
        assert not tree.xpath("//meta[@property='og:image' or @property='og:url']")
        (text,) = tree.xpath("//script[@type='application/ld+json']/text()")
        assert "url" not in json.loads(text), address


def ink(text: str) -> bytes:
    return bytes(card.font(60, True).getmask(text))


def test_a_card_writes_hangul():
    missing = ink("\U0010fffd")  # no font has it: the sign for what is not there
    drawn = [ink(sign) for sign in "가파뷁"]
    assert missing not in drawn
    assert len(set(drawn)) == 3


def test_long_words_stay_on_a_card():
    made = card.png("긴 제목입니다 " * 20, "설명입니다 " * 80, "사이트", [], "ko")
    edge = Image.open(io.BytesIO(made)).convert("RGB").crop((1137, 20, 1200, 630))
    assert edge.getcolors() == [(63 * 610, (255, 255, 255))]


def test_a_page_says_how_to_cite_it(published):
    keys = []
    for address, _, tree in each(published):
        (entry,) = tree.xpath("//details[contains(@class, 'cite')]//code")
        text = entry.text_content()
        assert text.count("{") == text.count("}")
        fields = dict(re.findall(r"^  (\w+) = \"?\{(.+?)\}\"?,?$", text, re.MULTILINE))
        assert {"author", "title", "howpublished", "url"} <= set(fields), text
        assert fields["url"].rstrip("/") == (ADDRESS + address).rstrip("/")
        keys.append(text.split(",")[0])
    assert len(set(keys)) == len(keys)


def git(folder: Path, *arguments: str, day: str = "2024-05-06") -> None:
    stamp = f"{day}T07:08:09+00:00"
    who = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org"}
    who |= {"GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org"}
    who |= {"GIT_AUTHOR_DATE": stamp, "GIT_COMMITTER_DATE": stamp, "PATH": "/usr/bin"}
    subprocess.run(["git", *arguments], cwd=folder, env=who, check=True)


def test_a_page_changed_when_its_file_was_last_committed(tmp_path):
    page = tmp_path / "docs" / "ko" / "시작.md"
    page.parent.mkdir(parents=True)
    (page.parent / "other.md").write_text("one")
    page.write_text("one")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "one")
    page.write_text("two")
    git(tmp_path, "commit", "--quiet", "-am", "two", day="2025-06-07")
    found = dates.changed(tmp_path)
    assert found["docs/ko/other.md"] == "2024-05-06"
    assert found["docs/ko/시작.md"] == "2025-06-07"


def test_outside_a_repository_no_date_is_claimed(tmp_path):
    assert dates.changed(tmp_path) == {}


def test_the_date_stands_under_the_page(site):
    known = dates.changed()
    for address, language, tree in each(site):
        shown = tree.xpath("//p[@class='page-foot']/time/@datetime")
        path = address.removeprefix("en").strip("/") or "index"
        file = f"docs/{language}/{path}"
        day = known.get(f"{file}.md") or known.get(f"{file}.ipynb")
        assert shown == ([day] if day else []), address


@pytest.mark.parametrize("folder", ["", "en"])
def test_llms_txt_lists_every_page_once(site, published, folder):
    text = (site / folder / "llms.txt").read_text(encoding="utf-8")
    assert text.startswith("# CNN ")
    links = re.findall(r"^- \[[^]]+\]\(([^)]*)\): .{20}", text, re.MULTILINE)
    assert len(links) == len(set(links)) == len(pages.paths("ko"))
    for link in links:
        assert (site / folder / link / "index.html").exists(), link
    text = (published / folder / "llms.txt").read_text(encoding="utf-8")
    assert f"({ADDRESS}{folder}{'/' if folder else ''}compare/)" in text
