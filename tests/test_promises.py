"""What tests/test_every_page.py looks for on every page is found when it is planted."""

import promises
import pytest
from browsing import visiting

VGG = "en/architectures/vgg/"


@pytest.fixture(scope="module")
def visit(browser, address):
    with visiting(browser, address, reduced_motion="reduce") as visit:
        yield visit


STYLED = {
    "article p strong": ("color: #444", "dark: color-contrast"),
    ".layers__all tr:nth-child(9) td": ("color: #777", "light: color-contrast"),
    "article p > a": ("text-decoration: none", "light: link-in-text-block"),
    ".md-sidebar--secondary a": ("padding: 0; font-size: 6px", "target-size"),
}
MARKUP = {
    "<img src='data:,'>": "image-alt",
    "<a href='#'></a>": "link-name",
    "<button></button>": "button-name",
    "<p lang='xx-nowhere'>x</p>": "valid-lang",
    "<ul><p>x</p></ul>": "list",
}


def test_barriers_are_found(visit):
    page = promises.opened(visit, VGG)
    for place, (style, _) in STYLED.items():
        page.locator(place).first.evaluate("(e, style) => e.style = style", style)
    page.locator("article").evaluate(
        "(article, html) => article.insertAdjacentHTML('beforeend', html)",
        "".join(MARKUP),
    )
    found = promises.barriers(page)
    for rule in [rule for _, rule in STYLED.values()] + [*MARKUP.values()]:
        assert any(breach.startswith(rule) for breach in found), rule
    cell = [breach for breach in found if "color-contrast: <td" in breach]
    assert {breach.split(":")[0] for breach in cell} == {"light", "dark"}


def test_points_may_lie_close_only_where_other_links_do_as_well(visit):
    page = promises.opened(visit, "en/ideas/cost/")
    page.evaluate("""() => {
      for (const point of document.querySelectorAll(".chart__points a")) {
        point.href += "#nobody-else-leads-here";
      }
    }""")
    assert any(breach.startswith("target-size") for breach in promises.barriers(page))


def test_an_open_note_has_no_barriers(visit):
    for word in (".number__value", ".term__word"):
        page = promises.opened(visit, "en/basics/measuring/")
        page.locator(word).first.focus()
        assert page.locator(f"{word}:focus + *").is_visible()
        assert not promises.barriers(page)


@pytest.mark.parametrize(
    ("place", "change"),
    [
        (".diagram .box text", "t => t.textContent = 'a name that is far too long'"),
        (".diagram .box text", "t => t.setAttribute('y', -300)"),
        (".diagram .shapes text", "t => t.setAttribute('x', 400)"),
    ],
)
def test_text_that_leaves_its_box_or_its_picture_is_found(visit, place, change):
    page = promises.opened(visit, VGG)
    assert not promises.texts_outside(page)
    page.locator(place).first.evaluate(change)
    assert len(promises.texts_outside(page)) >= 1


def test_larger_letters_leave_their_boxes(visit):
    page = promises.opened(visit, VGG)
    page.evaluate("""() => document.querySelectorAll(".diagram .box text")
      .forEach((text) => text.style.fontSize = "19px")""")
    assert len(promises.texts_outside(page)) > 10


def test_a_cut_plot_is_found(visit):
    page = promises.opened(visit, "notebooks/alexnet-parameters/")
    assert not promises.texts_outside(page)
    page.locator(".cell-output svg").evaluate(
        "svg => svg.setAttribute('viewBox', '0 0 220 214')"
    )
    assert promises.texts_outside(page)


@pytest.mark.parametrize(
    "planted",
    ["<div style='width: 400px'>x</div>", "<p>" + "x" * 60 + "</p>", "<pre>y</pre>"],
)
def test_a_page_that_scrolls_sideways_is_found(visit, planted):
    page = promises.opened(visit, "404.html")
    page.locator("article").evaluate("(at, html) => at.innerHTML += html", planted)
    page.locator("article").evaluate("at => at.style.overflowWrap = 'normal'")
    fits = planted == "<pre>y</pre>"
    assert bool(promises.wider(page)) != fits
    page.set_viewport_size({"width": 1280, "height": 800})


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("console.error('planted')", "planted"),
        ("setTimeout(() => { throw Error('planted') })", "planted"),
        ("new Image().src = 'http://127.0.0.1:9/x.png'", "asks http://127.0.0.1:9/"),
        ("fetch('http://127.0.0.1:9/')", "asks http://127.0.0.1:9/"),
    ],
)
def test_errors_and_foreign_requests_are_found(browser, address, script, found):
    with visiting(browser, address, bypass_csp=True) as visit:
        page = visit.open("404.html")
        assert not promises.complaints(visit)
        page.evaluate(f"() => {{ {script} }}")
        page.wait_for_timeout(200)
        assert any(found in said for said in promises.complaints(visit))


def test_what_is_said_when_a_page_asks_elsewhere_in_spite_of_its_policy(visit):
    page = visit.open("404.html")
    visit.errors.clear()
    page.evaluate("() => { new Image().src = 'http://127.0.0.1:9/x.png' }")
    page.wait_for_timeout(200)
    assert any("Content Security Policy" in error for error in visit.errors)
