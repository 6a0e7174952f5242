"""Our own scripts, each on the pages that hold what it works on."""

from mkdocs.utils import get_relative_url

WORK_ON = {
    'role="note"': ("notes.js",),
    'class="layers__table"': ("tables.js",),
    'class="diagram__frame"': ("pictures.js",),
    'class="calculator"': ("counting.js", "calculator.js"),
}


def on_page(html: str, page) -> str:
    needed = [name for sign, names in WORK_ON.items() if sign in html for name in names]
    tags = "".join(
        f'<script src="{address(name, page)}" defer></script>' for name in needed
    )
    return html.replace("</body>", f"{tags}</body>", 1)


def address(name: str, page) -> str:
    return get_relative_url(f"javascripts/{name}", page.url)
