"""The words of the field: one for each thing, explained where it first occurs."""

import pytest
from lxml import html

from markup import glossary
from markup.prose import inline
from tools import pages


def test_every_term_is_told_apart():
    entries = glossary.entries()
    assert len(entries) > 40
    for language in ("ko", "en"):
        words = [entry[language].lower() for entry in entries.values()]
        assert len(words) == len(set(words)), language
    preferred = {entry["ko"] for entry in entries.values()}
    for name, entry in entries.items():
        for other in entry.get("avoid", []):
            assert not any(other in word for word in preferred), f"{name}: {other}"


@pytest.mark.parametrize("language", ["ko", "en"])
def test_part_of_a_name_is_not_explained(language):
    said = glossary.explained("LR-ASPP, ASPP", language, set())
    assert said.startswith("LR-ASPP, <abbr ")


@pytest.mark.parametrize("folder", ["", "en/"])
def test_a_term_has_its_note_once_a_page(site, folder):
    tree = html.parse(site / folder / "architectures/vgg/index.html")
    notes = tree.xpath("//article//span[@class='term__means']/text()")
    assert len(notes) == len(set(notes)) > 5
    language = "en" if folder else "ko"
    means = {entry["means"][language] for entry in glossary.entries().values()}
    assert set(notes) <= means
    for word in tree.xpath("//article//span[@class='term__word']"):
        (note,) = word.xpath("following-sibling::span")
        assert word.get("aria-describedby") == note.get("id")
        assert word.get("tabindex") == "0"


def test_no_term_is_in_a_link_or_a_title(site):
    for path in sorted(site.rglob("index.html")):
        tree = html.parse(path)
        holders = "ancestor::a or ancestor::summary or ancestor::code"
        heading = "ancestor::h1 or ancestor::h2 or ancestor::h3 or ancestor::h4"
        assert not tree.xpath(f"//span[@class='term'][{holders} or {heading}]"), path
        assert not tree.xpath("//article//abbr"), path


def test_a_term_is_explained_after_the_link_that_has_it():
    line = "[a `3×3` kernel](x.md) and ![a kernel](y.svg), then a kernel"
    explained = [piece.text for piece in inline(line, 1) if not piece.in_link]
    assert "".join(explained).count("kernel") == 1
    assert "".join(piece.text for piece in inline(line, 1)) == line


def test_an_everyday_word_has_no_note(site):
    for path in sorted(site.rglob("index.html")):
        for term in html.parse(path).xpath("//article//span[@class='term']"):
            before = "".join(term.xpath("preceding-sibling::node()[1][self::text()]"))
            assert not before.lower().endswith(("code ", "코드 ")), path
            assert term[0].text.lower() != "training set", path


@pytest.mark.parametrize("folder", ["", "en/"])
def test_the_page_has_every_term(site, folder):
    tree = html.parse(site / folder / "glossary/index.html")
    names = [name.removeprefix("term-") for name in tree.xpath("//tr/@id")]
    assert sorted(names) == sorted(glossary.entries())
    assert not tree.xpath("//article//span[@class='term']"), "it explains itself"


def test_pages_keep_to_the_preferred_words():
    for path in pages.paths("ko"):
        for section in pages.read(pages.DOCS / "ko" / path).sections:
            assert not list(glossary.avoided(section.text)), f"{path}#{section.id}"
