"""The words of the field: one for each thing, explained where it first occurs."""

import pytest
from lxml import html

from markup import glossary
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
def test_a_term_has_its_tooltip_once_a_page(site, folder):
    tree = html.parse(site / folder / "architectures/vgg/index.html")
    tips = tree.xpath("//article//abbr")
    titles = [tip.get("title") for tip in tips]
    assert len(titles) == len(set(titles)) > 5
    language = "en" if folder else "ko"
    means = {entry["means"][language] for entry in glossary.entries().values()}
    assert set(titles) <= means
    assert not tree.xpath("//h1//abbr | //h2//abbr | //code//abbr | //summary//abbr")


def test_an_everyday_word_has_no_tooltip(site):
    for path in sorted(site.rglob("index.html")):
        for tip in html.parse(path).xpath("//article//abbr"):
            before = "".join(tip.xpath("preceding-sibling::node()[1][self::text()]"))
            assert not before.lower().endswith(("code ", "코드 ")), path
            assert tip.text.lower() != "training set", path


@pytest.mark.parametrize("folder", ["", "en/"])
def test_the_page_has_every_term(site, folder):
    tree = html.parse(site / folder / "glossary/index.html")
    names = [name.removeprefix("term-") for name in tree.xpath("//tr/@id")]
    assert sorted(names) == sorted(glossary.entries())
    assert not tree.xpath("//article//abbr"), "it explains itself"


def test_pages_keep_to_the_preferred_words():
    for path in pages.paths("ko"):
        for section in pages.read(pages.DOCS / "ko" / path).sections:
            assert not list(glossary.avoided(section.text)), f"{path}#{section.id}"
