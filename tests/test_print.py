"""A printed page is a handout: no buttons, light, whole, answers on a last sheet."""

import re
from contextlib import ExitStack

import pytest
from browsing import serving, visiting
from lxml import html

from tools import pages

EACH = [
    f"{folder}{path}/"
    for folder in ("", "en/")
    for path in ("architectures/vgg", "notebooks/heads", "compare", "exercises")
]
SHEET = 673  # how wide the text of an A4 sheet is, in CSS pixels: 178 mm
HIGH = 986  # and how high: 261 mm
FOR_A_SCREEN = (
    ".md-header, .md-footer, .md-sidebar, .md-top, .md-skip, .md-clipboard, "
    ".md-content__button, .headerlink, .page-foot, .number__why, .md-search, "
    ".filename a, details.success, details.diagram__table, details.layers__long, "
    "details.plot, .layers__all > summary"
)


@pytest.fixture
def printed(browser, address):
    """Opens a page as paper shows it, with scripts or without."""

    def opened(path: str, scripts: bool = False, scheme: str = "default"):
        visit = visiting(browser, address, SHEET, java_script_enabled=scripts)
        page = readers.enter_context(visit).open(path)
        page.evaluate("name => document.body.dataset.mdColorScheme = name", scheme)
        page.emulate_media(media="print")
        return page

    with ExitStack() as readers:
        yield opened


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("path", EACH)
def test_nothing_is_printed_that_only_a_screen_can_use(printed, path, scripts):
    page = printed(path, scripts)
    page.locator(".number__value").first.focus()  # its note would show
    assert page.locator(FOR_A_SCREEN).count() > 10
    seen = "all => all.filter(e => e.checkVisibility()).map(e => e.outerHTML)"
    assert not page.eval_on_selector_all(FOR_A_SCREEN, seen)
    drawn = """all => all.map(
        e => getComputedStyle(e, "::after").content).filter(c => c.startsWith('"'))"""
    assert not page.eval_on_selector_all(".layers thead button", drawn)


@pytest.mark.parametrize("path", EACH)
def test_answers_are_on_the_last_sheet(printed, path):
    page = printed(path)
    under = page.locator("article details.success").count()
    sheet = page.locator(".answers")
    assert sheet.is_visible()
    assert sheet.locator(":scope > ol > li").count() == under > 0
    assert (
        page.evaluate(
            "getComputedStyle(document.querySelector('.answers')).breakBefore"
        )
        == "page"
    )
    assert page.locator("article > *").last.get_attribute("class") == "answers"
    page.emulate_media(media="screen")
    assert not sheet.is_visible()
    assert not page.locator(".handout").is_visible()


@pytest.mark.parametrize("path", EACH)
def test_no_answer_is_lost_or_changed(site, path):
    tree = html.parse(site / path / "index.html").getroot()
    for note in tree.xpath("//span[@role='note']"):
        note.drop_tree()
    for summary in tree.xpath("//details[contains(@class, 'success')]/summary"):
        summary.drop_tree()
    said = tree.xpath("//details[contains(@class, 'success')]")
    sheet = tree.xpath("//section[@class='answers']/ol/li")
    words = [
        [" ".join(e.text_content().split()) for e in part] for part in (said, sheet)
    ]
    assert words[0] == words[1]


@pytest.mark.parametrize("path", EACH)
def test_a_reader_in_the_dark_prints_in_light(printed, path):
    """Everything has the colours that a reader in the light prints."""
    colours = """() => [...new Set(
        [...document.querySelectorAll("body, article *")].map(e => {
            const style = getComputedStyle(e);
            return [style.color, style.backgroundColor, style.fill, style.stroke];
        }).map(String))].sort()"""
    dark, light = printed(path, scheme="slate"), printed(path)
    assert dark.evaluate(colours) == light.evaluate(colours)
    page = "getComputedStyle(document.body).backgroundColor"
    assert dark.evaluate(page) == "rgb(255, 255, 255)"


@pytest.mark.parametrize("path", EACH)
def test_all_fits_the_sheet(printed, path):
    page = printed(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= SHEET
    cut = page.evaluate(
        """() => [...document.querySelectorAll("article *")].filter(e => {
            const hides = getComputedStyle(e).overflowX != "visible";
            return hides && e.clientWidth && e.scrollWidth > e.clientWidth + 1;
        }).map(e => e.tagName + "." + e.className)"""
    )
    assert not cut
    high = page.evaluate(
        """() => [...document.querySelectorAll("figure svg, .cell-output svg")].map(
            e => e.getBoundingClientRect().height)"""
    )
    assert not high or max(high) <= HIGH
    split = page.evaluate(
        """() => [...document.querySelectorAll("figure, .cell-output > *")].map(
            e => getComputedStyle(e).breakInside)"""
    )
    assert set(split) <= {"avoid"}
    page.set_viewport_size({"width": 360, "height": 800})  # as if lines were longer
    long = page.evaluate(
        """() => [...document.querySelectorAll("pre > code")].filter(
            e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)"""
    )
    assert not long


def test_what_is_folded_is_open_and_main_tables_are_in(printed):
    page = printed("en/architectures/vgg/")
    folded = page.locator("details.example pre code").first
    assert not page.locator("details.example").first.get_attribute("open")
    assert folded.is_visible()
    assert folded.bounding_box()["height"] > 500
    assert page.locator("details.layers__all td").first.is_visible()
    long = printed("en/architectures/densenet/")
    assert long.locator("details.layers__long").count()
    assert not long.locator("details.layers__long td").first.is_visible()
    assert long.locator(".where__bar").first.is_visible()


def test_a_link_that_leads_away_says_where(printed):
    page = printed("en/architectures/vgg/")
    said = page.evaluate(
        """() => [...document.querySelectorAll("article a")].filter(
            e => e.checkVisibility()).map(
            e => [e.getAttribute("href"), getComputedStyle(e, "::after").content])"""
    )
    away = [content for link, content in said if link.startswith("http")]
    assert len(away) > 3
    assert all("http" in content for content in away)
    assert all("http" not in after for link, after in said if link[:4] != "http")


@pytest.mark.parametrize("path", EACH)
def test_each_sheet_has_a_title_and_a_number(printed, path):
    page = printed(path)
    boxes = page.evaluate(
        """() => [...document.styleSheets].flatMap(sheet => [...sheet.cssRules])
            .filter(rule => rule instanceof CSSPageRule)
            .flatMap(rule => [...rule.cssRules])
            .map(box => [box.name, box.style.content])"""
    )
    title = page.title().split(" - ")[0]
    feet = {name: content for name, content in boxes if content}
    assert title in feet["bottom-left"]
    assert feet["bottom-right"] == 'counter(page) " / " counter(pages)'


def test_a_handout_says_where_it_is_from(published, browser):
    for folder in ("", "en/"):
        with serving(published) as address, visiting(browser, address) as visit:
            page = visit.open(f"{folder}architectures/vgg/")
            page.emulate_media(media="print")
            foot = page.locator(".handout")
            assert foot.is_visible()
            said = foot.inner_text()
            assert said.startswith("VGG. CNN ")
            assert f"https://example.org/diet/{folder}architectures/vgg/" in said
            (date,) = page.locator(".page-foot time").all()
            assert date.get_attribute("datetime") in said
            assert "CC BY 4.0" in said


def test_every_page_has_its_foot_and_every_exercise_page_its_sheet(site):
    for language, folder in (("ko", ""), ("en", "en")):
        for path in pages.paths(language):
            page = html.parse(site / folder / pages.address(path) / "index.html")
            (foot,) = page.xpath("//p[@class='handout']")
            assert "hidden" in foot.attrib
            sheets = page.xpath("//section[@class='answers']")
            answered = page.xpath("//details[contains(@class, 'success')]")
            assert len(sheets) == bool(answered), path
            assert all("hidden" in sheet.attrib for sheet in sheets)


def test_it_prints_on_a4_and_answers_begin_a_sheet(printed):
    page = printed("architectures/vgg/")
    whole = page.pdf(prefer_css_page_size=True)
    assert set(re.findall(rb"/MediaBox \[([^]]+)\]", whole)) == {
        b"0 0 594.95996 841.91998"
    }
    page.evaluate("document.querySelector('.answers').remove()")
    questions = page.pdf(prefer_css_page_size=True)
    assert sheets(whole) == sheets(questions) + 1


def sheets(pdf: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", pdf))
