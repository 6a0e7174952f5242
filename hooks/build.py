"""The one hook that mkdocs.yml names: which concern is called when, in what order."""

import sys
from pathlib import Path

from mkdocs.plugins import event_priority

ROOT = Path(__file__).resolve().parent.parent
OURS = {"cache", "draw", "hooks", "markup", "measure"}


def load() -> None:
    """Import our code anew: MkDocs loads this file once, also while it serves."""
    for name in [name for name in sys.modules if name.split(".")[0] in OURS]:
        del sys.modules[name]
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    global cards, dates, downloads, editing, exercises, kept, languages, llms
    from hooks import cards, dates, downloads, editing, exercises, kept, languages, llms

    global navigation, notebooks, offline, pages, policy, scripts, search
    from hooks import navigation, notebooks, offline, pages, policy, scripts, search


def on_startup(command, dirty):
    global doing
    doing = command


def on_config(config):
    config.extra["command"] = doing
    if config.theme["language"] == "ko":  # the English build is part of this one
        load()
        kept.on_config()
        editing.on_config()
    languages.on_config(config)
    offline.on_config(config)
    navigation.on_config(config)
    pages.on_config(config)


@event_priority(-100)  # after mkdocs-jupyter has taken its files
def on_files(files, config):
    notebooks.on_files(files, config)
    downloads.on_files(files, config)
    pages.on_files(files, config)
    search.on_files(config)
    kept.on_files(files, config)


def on_nav(nav, config, files):
    editing.on_nav(nav, config, files)


def on_env(env, config, files):
    editing.on_env(env)


@event_priority(-100)  # after mkdocs-jupyter has put its rendering in place
def on_pre_page(page, config, files):
    notebooks.on_pre_page(page)


def on_page_read_source(page, config):
    return notebooks.on_page_read_source(page)


def on_page_markdown(markdown, page, config, files):
    if kept.on_page_markdown(page, config):
        return ""
    return pages.on_page_markdown(markdown, page, config, files)


def on_page_content(html, page, config, files):
    if not kept.taken(page, config):
        pages.on_page_content(html, config)
        kept.on_page_content(html, page, config)
    cards.on_page_content(page, config)


def on_page_context(context, page, config, nav):
    languages.on_page_context(context, page, config)
    dates.on_page_context(context, page, config)
    cards.on_page_context(context, page, config)
    exercises.on_page_context(context, page, config)


def on_post_page(output, page, config):
    notebooks.on_post_page(page, config)
    whole = scripts.on_page(pages.on_post_page(output, page, config), page)
    return policy.on_page(whole, config)


def on_post_template(output, template_name, config):
    return policy.on_page(output, config) if template_name == "404.html" else output


@event_priority(-50)  # after Material has written its index, before it copies it
def on_post_build(config):
    search.on_post_build(config)
    llms.on_post_build(config)
    kept.on_post_build(config)
    languages.on_post_build(config)


def on_serve(server, config, builder):
    languages.on_serve(server)
    server.builder = lambda: editing.follow(builder)
