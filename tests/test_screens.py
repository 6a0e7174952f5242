"""Parts of the site look as they did; `make update` renews how they looked."""

import pytest
from PIL import Image
from screens import FOLDER, SCREENS, difference, reference, renew, shot


@pytest.mark.parametrize("name", SCREENS)
def test_it_looks_as_it_did(browser, address, name, request, tmp_path):
    now = shot(browser, address, SCREENS[name])
    if request.config.getoption("renew"):
        if renew(name, now):
            print(f"renewed {reference(name)}")
        return
    before = Image.open(reference(name)).convert("RGB")
    place = tmp_path / f"{name}.png"
    now.save(place)
    found = difference(before, now)
    assert not found, f"{found}: see {place}; if it is meant to, run `make update`"


def test_no_reference_is_left_over():
    assert {place.stem for place in FOLDER.glob("*.png")} == set(SCREENS)


STYLED = """(_, style) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  document.adoptedStyleSheets = [sheet];
}"""


def styled(text: str):
    return lambda element: element.evaluate(STYLED, text)


def without_its_last_box(element) -> None:
    element.evaluate("e => [...e.querySelectorAll('.strength-4')].at(-1).remove()")


@pytest.fixture(scope="module")
def before(browser, address):
    return {
        name: shot(browser, address, SCREENS[name]) for name in ("pair", "home-line")
    }


@pytest.mark.parametrize(
    ("name", "planted"),
    [
        ("pair", without_its_last_box),
        ("pair", styled(".diagram svg text { font-size: 24px }")),
        ("pair", styled(".diagram svg .bar { fill: none }")),
        ("pair", styled(".pair { --strength-4: none }")),
        ("home-line", styled(".line li { font-size: 200% }")),
        ("home-line", styled(".line__bar rect { fill: none }")),
    ],
)
def test_what_went_wrong_is_seen(browser, address, before, name, planted):
    assert difference(before[name], shot(browser, address, SCREENS[name], planted))


@pytest.mark.parametrize("name", ["pair", "home-line"])
def test_the_other_scheme_is_seen(browser, address, before, name):
    other = {"light": "dark", "dark": "light"}[SCREENS[name].scheme]
    assert difference(before[name], shot(browser, address, SCREENS[name], scheme=other))


@pytest.mark.parametrize("name", ["pair", "home-line"])
def test_how_letters_are_drawn_is_not_seen(browser, address, before, name):
    finer = shot(browser, address, SCREENS[name], device_scale_factor=2)
    assert finer.tobytes() != before[name].tobytes()
    assert not difference(before[name], finer)
    wider = styled("text, li { letter-spacing: 0.02em }")
    assert not difference(before[name], shot(browser, address, SCREENS[name], wider))


def test_a_reference_is_renewed_only_when_it_looks_different(
    browser, address, before, tmp_path, monkeypatch
):
    monkeypatch.setattr("screens.FOLDER", tmp_path / "screens")
    assert renew("pair", before["pair"])
    finer = shot(browser, address, SCREENS["pair"], device_scale_factor=2)
    assert not renew("pair", finer)
    assert renew("pair", shot(browser, address, SCREENS["pair"], without_its_last_box))
