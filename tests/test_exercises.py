"""All exercises on one page: each once, as on its page, with what it leads to."""

import json
import re
from pathlib import Path
from urllib.parse import urljoin

import pytest
from lxml import html
from markdown import Markdown

from markup import rendered
from markup.exercises import Exercises, Group, answers, moved, section, together
from tools import pages

LANGUAGES = [("", "ko"), ("en/", "en")]
OF_A_PAGE = "//li[starts-with(@id, 'exercise-')]"
GATHERED = "//div[@class='gathered']"


def tree(site: Path, address: str) -> html.HtmlElement:
    return html.parse(site / address / "index.html").getroot()


def asked(site: Path, folder: str) -> dict[str, list[html.HtmlElement]]:
    """The exercises of every page of a language that has some, by its address."""
    found = {}
    for path in pages.paths(folder.strip("/") or "ko"):
        address = folder + pages.address(path)
        if items := tree(site, address).xpath(OF_A_PAGE):
            found[address] = items
    return found


def gathered(site: Path, folder: str) -> dict[str, list[html.HtmlElement]]:
    """The same as the page that gathers them has it, in its order."""
    here = f"{folder}exercises/"
    found: dict[str, list] = {}
    for element in tree(site, here).xpath(f"{GATHERED}/*"):
        if element.tag == "h2":
            leads = element.xpath("./a[not(@class)]/@href")[0]
            address, anchor = urljoin(f"/{here}", leads)[1:].split("#")
            assert anchor == "exercises"
            now = found.setdefault(address, [])
        elif element.tag == "ol":
            now += element.xpath("./li")
    return found


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


@pytest.mark.parametrize(("folder", "language"), LANGUAGES)
def test_every_exercise_is_gathered_once_and_word_for_word(site, folder, language):
    own, all_of_them = asked(site, folder), gathered(site, folder)
    assert sum(map(len, own.values())) > 80
    assert {k: list(map(words, v)) for k, v in own.items()} == {
        k: list(map(words, v)) for k, v in all_of_them.items()
    }


def test_pages_stand_in_the_order_of_the_navigation(site):
    for folder, _ in LANGUAGES:
        menu = tree(site, folder).xpath("//nav[contains(@class, 'md-nav--primary')]")[0]
        links = [urljoin(f"/{folder}", a)[1:] for a in menu.xpath(".//a/@href")]
        found = list(gathered(site, folder))
        inside = [a for a in found if "/" in a.removeprefix(folder).strip("/")]
        assert inside == sorted(inside, key=links.index)
        assert found[: len(inside)] == inside, "pages outside folders come last"


def test_the_page_itself_holds_nothing_twice(site):
    for _, language in LANGUAGES:
        path = pages.DOCS / language / "exercises.md"
        assert not pages.blocks(path), "pytest would run the code twice"
        assert "???" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("folder", "language"), LANGUAGES)
def test_numbers_say_where_they_are_from_there_too(site, folder, language):
    page = tree(site, f"{folder}exercises/")
    told = f"{GATHERED}//span[@class='number']"
    assert len(page.xpath(f"{told}/span[@role='note']")) > 100
    for link in page.xpath(f"{told}//a/@href"):
        if not link.startswith("http"):
            assert link.startswith("../"), link
    own = sum(
        len(item.xpath(".//span[@class='number']"))
        for items in asked(site, folder).values()
        for item in items
    )
    assert len(page.xpath(told)) == own


@pytest.mark.parametrize(("folder", "language"), LANGUAGES)
def test_the_contents_beside_the_page_list_the_groups(site, folder, language):
    page = tree(site, f"{folder}exercises/")
    listed = page.xpath(
        "//div[contains(@class, 'md-sidebar--secondary')]//nav//a/@href"
    )
    headings = page.xpath(f"{GATHERED}/h2/@id")
    assert [f"#{name}" for name in headings] == [a for a in listed if a[1:] in headings]


@pytest.mark.parametrize(("folder", "language"), LANGUAGES)
def test_search_finds_an_exercise_on_its_own_page_alone(site, folder, language):
    place = site / folder / "search" / "search_index.json"
    index = json.loads(place.read_text(encoding="utf-8"))["docs"]
    found = {"ko": "9×9 하나를", "en": "replace one 9×9"}[language]
    places = [entry["location"] for entry in index if found in entry["text"]]
    assert places == ["architectures/vgg/#exercises"]
    own = [entry for entry in index if entry["location"].startswith("exercises/")]
    assert own, "the page itself is found by its title"
    assert sum(len(entry["text"]) for entry in own) < 1000


def test_exercises_get_ids_in_their_section_only():
    md = Markdown(extensions=["attr_list", "pymdownx.details", Exercises()])
    made = md.convert(
        "## One {#one}\n\n1. a\n\n"
        '## Exercises {#exercises}\n\n1.  b\n\n    ??? success "A"\n        x\n\n'
        "2.  c\n\n"
        "## Sources {#sources}\n\n1. d\n"
    )
    assert re.findall(r'<li id="([^"]+)">\s*(?:<p>)?(\w)', made) == [
        ("exercise-1", "b"),
        ("exercise-2", "c"),
    ]
    assert words(section(made, [])) == "b A x c"
    assert section("<h2 id='one'>One</h2>", []) is None


ELSEWHERE = """<h2 id="exercises">E</h2><ol><li id="exercise-1">
<a href="#exercise-1">here</a> <a href="#top">up</a> <a href="../x/#y">x</a>
<svg aria-labelledby="t d"><title id="t">T</title><desc id="d">D</desc>
<path fill="url(#t)"/></svg>
<details class="success"><summary>A</summary><p>one <data value="1" data-of="calc;;">1
</data></p></details></li><li id="exercise-2">to discuss</li>
<li id="exercise-3"><details class="success"><summary>A</summary><p>three</p></details>
</li></ol>"""


def test_what_moves_takes_its_ids_and_links_along():
    body = section(ELSEWHERE, [])
    copy = moved(body, "a-b-", lambda link: f"<{link}>")
    assert copy.xpath(".//a/@href") == ["#a-b-exercise-1", "<#top>", "<../x/#y>"]
    assert copy.xpath(".//*/@aria-labelledby") == ["a-b-t a-b-d"]
    assert copy.xpath(".//*[local-name()='path']/@fill") == ["url(#a-b-t)"]
    assert all(name.startswith("a-b-") for name in copy.xpath(".//@id"))
    assert body.xpath(".//@id")[0] == "exercise-1", "the original stays"


def test_answers_keep_the_numbers_of_their_exercises():
    group = Group("A & B", "a", "../a/#exercises", section(ELSEWHERE, []))
    sheet = html.fragment_fromstring(answers("A & B", [group], "en"))
    assert sheet.xpath("./h2/text()") == ["Answers: A & B"]
    assert sheet.xpath("./ol/li/@value") == ["1", "3"]
    assert not sheet.xpath("./h3 | .//summary | .//@data-of")
    both = answers("All", [group, group], "ko")
    assert both.count("<h3>A &amp; B</h3>") == 2
    assert answers("A", [Group("A", "", "", html.fromstring("<div/>"))], "en") == ""
    assert 'href="../a/#exercises">A &amp; B</a>' in together([group])


def test_exercises_that_would_not_be_found_are_named():
    answer = '<details class="success"><summary>A</summary></details>'
    lost = f'<h2 id="practice">Practice</h2><ol><li>q{answer}</li></ol>'
    (fault,) = rendered.faults(lost, {"practice"})
    assert fault[0] == "Practice"
    assert "{#exercises}" in fault[1]
    (fault,) = rendered.faults('<h2 id="exercises">E</h2><ul></ul>', {"exercises"})
    assert "numbered list" in fault[1]
    fine = f'<h2 id="exercises">E</h2><ol><li id="exercise-1">q{answer}</li></ol>'
    assert not list(rendered.faults(fine, {"exercises"}))
