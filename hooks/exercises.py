"""When a page is written, all are rendered: the one that asks for all exercises gets
them, and each gets its answers once more, for paper.
"""

from html import escape
from urllib.parse import urljoin, urlsplit

from mkdocs.structure.toc import AnchorLink
from mkdocs.utils import get_relative_url

from markup.exercises import GATHERED, Group, answers, moved, section, together


def on_page_context(context, page, config) -> None:
    inserts = config.extra["inserts"][page.file.src_uri]
    if GATHERED in inserts:
        groups = gathered(page, config)
        inserts[inserts.index(GATHERED)] = together(groups)
        page.toc.items[0].children += [
            AnchorLink(escape(group.title), group.name, 2) for group in groups
        ]
    else:
        body = section(page.content, inserts)
        groups = [] if body is None else [Group(page.title, "", "", body)]
    context["answers"] = answers(page.title, groups, config.extra["language"])


def gathered(here, config) -> list[Group]:
    """The exercises of every page, as seen from this one."""
    groups = []
    for entry in in_reading_order(config):
        page = config.extra["files"].get_file_from_path(entry.path).page
        body = section(page.content, config.extra["inserts"][entry.path])
        if body is not None:
            groups.append(seen_from(here, page, body))
    return groups


def in_reading_order(config) -> list:
    """A section after the other, then the pages that look over them all."""
    sections = [*config.extra["sections"], ""]
    return sorted(config.extra["entries"], key=lambda e: sections.index(e.section))


def seen_from(here, page, body) -> Group:
    """The exercises of a page, to stand on another."""

    def address(link: str) -> str:
        if urlsplit(link).scheme or urlsplit(link).netloc:
            return link
        return get_relative_url(urljoin(f"/{page.url}", link)[1:], here.url)

    name = page.file.src_uri.rpartition(".")[0].replace("/", "-")
    return Group(
        page.title, name, address("#exercises"), moved(body, f"{name}-", address)
    )
