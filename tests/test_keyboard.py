"""All that a page does can be done without a mouse, and its notes close on Escape."""

import pytest
from browsing import visiting
from promises import opened

VGG = "architectures/vgg/"

# Where the focus is, and whether it can be seen there; null when it has left the page.
STOP = """async () => {
  const at = document.activeElement;
  if (at === document.body) return null;
  (window.reached ??= new Set()).add(at);

  const place = at.matches(".md-option") ? at.nextElementSibling : at;
  const { left, right, top, bottom } = place.getBoundingClientRect();
  const within = (value, most) => Math.min(Math.max(value, 1), most - 1);
  const above = document.elementFromPoint(
    within((left + right) / 2, innerWidth), within((top + bottom) / 2, innerHeight));

  const tip = () => at.querySelector(":scope > .md-tooltip");
  for (let turn = 0; at.matches(".md-annotation") && !tip() && turn < 50; turn += 1) {
    await new Promise((done) => setTimeout(done, 20));  // Material brings it when seen
  }
  const form = at.matches("svg a") && at.querySelector("path, polygon, ellipse");
  const ring = getComputedStyle(tip() ?? place);
  return {
    name: `${at.localName} ${at.className.baseVal ?? at.className}`,
    covered: !(place.contains(above) || above.contains(place)),
    ringed: form ? parseFloat(getComputedStyle(form).strokeWidth) > 2
      : ring.outlineStyle !== "none" || at.matches(".md-search__input"),
  };
}"""

MISSED = """() => [...document.querySelectorAll(
    "a[href], button, summary, input, [tabindex='0']")]
  .filter((element) => element.checkVisibility() && element.tabIndex >= 0)
  .filter((element) => element.type !== "radio" && !window.reached.has(element))
  .map((element) => element.outerHTML.slice(0, 100))"""


@pytest.fixture
def visit(browser, address):
    with visiting(browser, address, reduced_motion="reduce") as visit:
        yield visit


def tab_to(page, selector: str, most: int = 100) -> None:
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(to) => document.activeElement.matches(to)", selector):
            return
    raise AssertionError(f"{most} times Tab do not lead to {selector}")


def test_tab_reaches_everything_and_what_has_the_focus_is_seen(visit):
    page = opened(visit, f"en/{VGG}")
    stops = []
    page.keyboard.press("Tab")
    while stop := page.evaluate(STOP):
        stops.append(stop)
        page.keyboard.press("Tab")
        assert len(stops) < 2000, "Tab goes round in circles"
    assert len(stops) > 200
    assert not [stop for stop in stops if stop["covered"] or not stop["ringed"]]
    assert not page.evaluate(MISSED)


def test_the_first_stop_skips_to_the_text(visit):
    page = visit.open(VGG)
    page.keyboard.press("Tab")
    skip = page.locator(".md-skip")
    assert skip.evaluate("(link) => link === document.activeElement")
    assert skip.is_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('article') !== null")


def test_search_opens_and_closes(visit):
    page = visit.open(VGG)
    tab_to(page, ".md-search__input", most=8)
    page.keyboard.type("3x3")
    page.locator("a.md-search-result__link").first.wait_for()
    page.keyboard.press("Escape")
    page.locator("[data-md-toggle=search]:not(:checked)").wait_for(state="attached")


@pytest.mark.parametrize(
    ("folder", "other", "word"), [("", "en/", "English"), ("en/", "", "한국어")]
)
def test_the_language_changes(visit, folder, other, word):
    page = visit.open(folder + VGG)
    tab_to(page, ".language-switch a", most=8)
    assert page.locator(":focus").inner_text() == word
    page.keyboard.press("Enter")
    page.wait_for_url(visit.address + other + VGG)


NOTES = [(".number__value", ".number__why"), (".term__word", ".term__means")]


@pytest.mark.parametrize(("word", "note"), NOTES)
def test_a_note_opens_on_focus_and_closes_on_escape(visit, word, note):
    page = visit.open(VGG)
    shown = page.locator(f"{note}:visible")
    assert shown.count() == 0
    tab_to(page, word)
    assert shown.count() == 1
    described = page.locator(":focus").get_attribute("aria-describedby")
    assert described == shown.get_attribute("id")
    page.keyboard.press("Escape")
    assert shown.count() == 0
    assert page.locator(":focus").get_attribute("aria-describedby") == described
    tab_to(page, word)
    assert shown.count() == 1, "the next one opens again"


def test_the_link_in_a_note_is_reached_and_left(visit):
    page = visit.open(VGG)
    tab_to(page, ".number__value")
    tab_to(page, ".number__why a", most=1)
    page.keyboard.press("Escape")
    assert page.locator(".number__why:visible").count() == 0
    assert page.locator(".number__value:focus").count() == 1


@pytest.mark.parametrize(("word", "note"), NOTES)
def test_a_note_under_the_mouse_closes_on_escape(visit, word, note):
    page = visit.open(VGG)
    shown = page.locator(f"{note}:visible")
    page.locator(f"article p {word}").first.hover()
    shown.hover()  # the way from the word to its note does not close it
    assert shown.count() == 1
    page.keyboard.press("Escape")
    assert shown.count() == 0


@pytest.mark.parametrize(("word", "note"), NOTES)
def test_a_note_opens_on_a_tap_within_the_screen(browser, address, word, note):
    with visiting(browser, address, width=360, has_touch=True) as visit:
        page = visit.open(VGG)
        page.locator(f"article p {word}").first.tap()
        place = page.locator(f"{note}:visible").bounding_box()
        assert place["x"] >= 0
        assert place["x"] + place["width"] <= 360


WHOLE = """(note) => {
  const { left, right, top, bottom } = note.getBoundingClientRect();
  return [[left, top], [right, top], [left, bottom], [right, bottom]].every(([x, y]) =>
    note.contains(document.elementFromPoint(
      x + (x === left ? 4 : -4), y + (y === top ? 4 : -4))));
}"""


@pytest.mark.parametrize("width", [1000, 1280])
@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("en/architectures/vgg/", "article p .term__word"),
        (
            "compare/",
            "tr:last-child .number__value, td:nth-last-child(2) .number__value",
        ),
    ],
)
def test_nothing_cuts_a_note_off(browser, address, width, path, words):
    with visiting(browser, address, width=width) as visit:
        page = visit.open(path)
        found = page.locator(f":is({words}):visible").all()[:25]
        assert len(found) > 5
        for word in found:
            word.hover()
            note = page.locator(":is(.number__why, .term__means):visible")
            assert note.evaluate(WHOLE), word.inner_text()
            note.hover()
            assert note.is_visible()


def test_a_note_moves_with_its_word(visit):
    page = visit.open(VGG)
    tab_to(page, ".number__value")
    gaps = []
    for _ in range(2):
        value = page.locator(".number__value:focus").bounding_box()
        note = page.locator(".number__why:visible").bounding_box()
        gaps.append(round(note["y"] - value["y"]))
        page.evaluate("scrollBy(0, 60)")
        page.wait_for_timeout(100)
    assert gaps[0] == gaps[1]


def test_a_column_is_sorted(visit):
    page = visit.open(VGG)
    head = page.locator(".layers__all th:has(button)").nth(3)
    head.locator("button").focus()
    for key, order in (("Enter", "descending"), ("Space", "ascending")):
        page.keyboard.press(key)
        assert head.get_attribute("aria-sort") == order
        cells = page.locator("table:has([aria-sort]) tbody tr > :nth-child(4) data")
        counts = [float(cell.get_attribute("value")) for cell in cells.all()]
        assert counts == sorted(counts, reverse=order == "descending")
        assert len(set(counts)) > 5


def test_the_search_dialog_has_a_name(visit):
    for folder, name in (("", "검색"), ("en/", "Search")):
        page = visit.open(folder)
        assert page.locator("[role=dialog]").get_attribute("aria-label") == name


def test_notes_beside_code_have_a_name(visit):
    for folder, name in (("", "설명 1"), ("en/", "Note 1")):
        page = visit.open(folder + VGG)
        note = page.locator(".md-annotation[aria-label]").first
        note.wait_for()
        assert note.get_attribute("aria-label") == name


MOVING = """() => [...document.querySelectorAll("*")].flatMap((element) =>
  [null, "::before", "::after"].flatMap((part) => {
    const style = getComputedStyle(element, part);
    const lasts = (times) => times.split(",").some((time) => parseFloat(time) > 0);
    const moves = lasts(style.animationDuration) && style.animationName !== "none" ||
      lasts(style.transitionDuration) && style.transitionProperty !== "none" ||
      style.scrollBehavior === "smooth";
    return moves ? [`${element.localName} ${element.className} ${part ?? ""}`] : [];
  }))"""


def test_nothing_moves_for_those_who_asked_for_less(browser, address):
    found = {}
    for motion in ("no-preference", "reduce"):
        with visiting(browser, address, reduced_motion=motion) as visit:
            page = visit.open(VGG)
            page.locator(".md-annotation").first.wait_for()
            found[motion] = page.evaluate(MOVING)
    assert found["no-preference"], "what moves otherwise is found"
    assert not found["reduce"]
