"""A picture in a file of its own: the page's styles come along."""

import re
from pathlib import Path

from draw import picture
from draw.scene import Scene

ROOM = "picture"
STYLES = Path(__file__).parent.parent / "theme" / "stylesheets" / "site.css"


def svg(scene: Scene, language: str, name: str) -> str:
    """A picture as an SVG file that follows the reader's colour scheme."""
    return wrapped(picture.svg(scene, language, name=name))


def wrapped(drawn: str) -> str:
    return (
        drawn.replace(' class="shrinks"', "", 1)
        .replace("<svg", f'<svg xmlns="http://www.w3.org/2000/svg" class="{ROOM}"', 1)
        .replace(">", f"><style>{styles()}</style>", 1)
    )


def styles() -> str:
    css = STYLES.read_text(encoding="utf-8")
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    light, dark = (
        re.search(rf"\[data-md-color-scheme{which}\] \{{(.*?)\}}", css, re.DOTALL)[1]
        for which in ("", '="slate"')
    )
    rules = [
        rule.replace(".diagram svg", f".{ROOM}")
        for rule in re.findall(r"[^{}]+\{[^{}]*\}", css)
        if re.match(r"\s*(?:\.diagram svg|\.strength-)", rule)
    ]
    paper = "background: var(--md-default-bg-color, #fff); font-family: sans-serif;"
    text = (
        f".{ROOM} {{{light}{paper}}}"
        f"@media (prefers-color-scheme: dark) {{.{ROOM} {{{dark}}}}}{''.join(rules)}"
    )
    return " ".join(text.split())
