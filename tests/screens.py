"""A few screenshots, and when two are the same but for their fonts."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from browsing import Visit, visiting
from PIL import Image, ImageFilter
from playwright.sync_api import Browser

FOLDER = Path(__file__).parent / "screens"

# Both are seen through squares of so many pixels, in which letters blur to grey.
# Measured on these screens, from 0 to 255: another rasterising differs by 0.4 on
# average and by 5 at most, other fonts (Liberation, DejaVu, a serif) by 2.9 and 32;
# a missing box differs by 95 somewhere, missing bars by 39, the other scheme by 232.
SQUARE = 16
MEAN = 3.5
MOST = 36
STRETCH = 0.05  # of a side


@dataclass(frozen=True)
class Screen:
    """One element of a page, in a colour scheme, in a window of that width."""

    path: str
    element: str
    scheme: str
    width: int = 1280


# What stays as it is while pages and networks are added.
SCREENS = {
    "home-line": Screen("", 'ol.line > li:has([href*="alexnet"])', "light"),
    "pair": Screen("architectures/vgg/", ".pair", "dark"),
    "pair-on-a-phone": Screen("en/architectures/vgg/", ".pair", "light", 360),
    "block": Screen("en/basics/pictures/", "#figure-resnet50-layer1-1 svg", "light"),
    "layers": Screen("en/architectures/vgg/", ".where", "dark"),
    "compare-without": Screen(
        "en/compare/", 'ol.without > li:has([href*="alexnet"])', "dark"
    ),
    "plot": Screen("notebooks/alexnet-parameters/", ".cell-output svg", "dark"),
}


def shot(browser: Browser, address: str, screen: Screen, planted=None, **more):
    """The picture of a screen; `planted` may change the page first."""
    look = {"width": screen.width, "scheme": screen.scheme} | more
    with visiting(browser, address, reduced_motion="reduce", **look) as visit:
        return taken(visit, screen, planted)


def taken(visit: Visit, screen: Screen, planted=None) -> Image.Image:
    page = visit.open(screen.path)
    page.set_viewport_size({"width": screen.width, "height": 2000})
    element = page.locator(screen.element).first
    element.evaluate("e => scrollBy(0, e.getBoundingClientRect().top - 200)")
    if planted:
        planted(element)
    drawn = element.screenshot(scale="css", animations="disabled")
    return Image.open(BytesIO(drawn)).convert("RGB")


def difference(one: Image.Image, other: Image.Image) -> str:
    """In what two pictures differ more than fonts make them; empty if in nothing."""
    for before, now in zip(one.size, other.size, strict=True):
        if abs(now - before) > max(2, STRETCH * before):
            return "is {}×{} px, not {}×{}".format(*other.size, *one.size)
    grid = [max(1, round(side / SQUARE)) for side in one.size]
    apart = np.abs(blurred(one, grid) - blurred(other, grid)).max(axis=2)
    if apart.mean() > MEAN or apart.max() > MOST:
        row, column = np.unravel_index(apart.argmax(), apart.shape)
        where = f"at {column / grid[0]:.0%} across, {row / grid[1]:.0%} down"
        return f"differs by {apart.mean():.1f} on average, by {apart.max():.0f} {where}"
    return ""


def blurred(picture: Image.Image, grid: list[int]) -> np.ndarray:
    soft = picture.filter(ImageFilter.GaussianBlur(SQUARE / 2))
    return np.asarray(soft.resize(grid, Image.Resampling.BOX), dtype=float)


def reference(name: str) -> Path:
    return FOLDER / f"{name}.png"


def renew(name: str, picture: Image.Image) -> bool:
    """Keep a picture as the reference, unless that is the same but for its fonts."""
    place = reference(name)
    if place.exists() and not difference(Image.open(place).convert("RGB"), picture):
        return False
    FOLDER.mkdir(exist_ok=True)
    picture.quantize(64).save(place, optimize=True)
    return True
