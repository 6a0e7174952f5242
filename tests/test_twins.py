"""The two languages of a page say the same and show the same."""

import pytest

from tools import agree, pages

PATHS = sorted({*pages.paths("ko"), *pages.paths("en")})
SAME_META = (
    "order",
    "year",
    "network",
    "models",
    "sources",
    "aliases",
    "explains",
)


def pair(path: str) -> list[pages.Page]:
    missing = [
        f"docs/{language}/{path} is missing: write it, or remove its twin"
        for language in pages.LANGUAGES
        if not (pages.DOCS / language / path).exists()
    ]
    if missing:
        pytest.fail("; ".join(missing), pytrace=False)
    return [pages.read(pages.DOCS / language / path) for language in pages.LANGUAGES]


@pytest.mark.parametrize("path", PATHS)
def test_twins_have_the_same_place_and_sources(path):
    korean, english = pair(path)
    for name in SAME_META:
        assert korean.meta.get(name) == english.meta.get(name), f"{path}: {name}"
    for name in ("without", "blocks"):
        named = [list(page.meta.get(name, {})) for page in (korean, english)]
        assert named[0] == named[1], f"{path}: {name}"
    for page in (korean, english):
        assert page.meta["title"] and page.meta["description"]


@pytest.mark.parametrize("path", PATHS)
def test_twins_have_the_same_headings(path):
    korean, english = pair(path)
    ids = [[section.id for section in page.sections] for page in (korean, english)]
    assert ids[0] == ids[1], f"{path}: the headings differ"
    assert len(set(ids[0])) == len(ids[0]), f"{path}: a heading id stands twice"


@pytest.mark.parametrize("path", PATHS)
def test_twins_have_the_same_code_numbers_and_pictures(path):
    korean, english = pair(path)
    for one, other in zip(korean.sections, english.sections, strict=True):
        for name, value in one.shared().items():
            assert value == other.shared()[name], f"{path}#{one.id}: {name} differ"


@pytest.mark.parametrize("path", PATHS)
def test_a_person_has_compared_the_twins(path):
    pair(path)
    changed = agree.disagreements(path)
    stem = path.rpartition(".")[0]
    assert not changed, (
        f"{path}: {'; '.join(changed)}: compare the two languages, "
        f"then `make agree PAGE={stem}`"
    )


def test_the_record_names_only_pages_that_exist():
    assert set(agree.record()) <= set(PATHS)
