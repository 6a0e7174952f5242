"""One build makes both languages: Korean at the root, English in its folder."""

from pathlib import Path
from urllib.parse import urlsplit

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.utils import get_relative_url

ROOT = Path(__file__).resolve().parent.parent
GITHUB = "https://github.com/"
COLAB = "https://colab.research.google.com/github/"
LANGUAGES = {"ko": ("", "한국어"), "en": ("en/", "English")}
WATCHED = [
    "cache.py",
    "docs",
    "draw",
    "hooks",
    "markup",
    "measure",
    "mkdocs.en.yml",
    "mkdocs.yml",
    "snippets",
    "theme",
]


def on_config(config) -> None:
    language = config.theme["language"]
    here = LANGUAGES[language][0]
    root = config.site_url.rstrip("/") + "/" if config.site_url else ""
    if root:
        config.site_url = root + here
    folders = {name: folder for name, (folder, _) in LANGUAGES.items()}
    path = urlsplit(root).path or "/"
    config.extra["language"] = language
    config.extra["roots"] = {k: root + v for k, v in folders.items()} if root else {}
    config.extra["homes"] = {k: path + v for k, v in folders.items()}
    # Material asks whether there is a switch; our own partial knows where it leads
    config.extra["alternate"] = True
    if config.repo_url:
        config.edit_uri = f"edit/main/docs/{language}/"
        config.extra["report"] = f"{config.repo_url.rstrip('/')}/issues/new"
    if config.repo_url.startswith(GITHUB):
        name = config.repo_url.removeprefix(GITHUB).strip("/")
        config.extra["colab"] = f"{COLAB}{name}/blob/notebooks/{here}"


def on_page_context(context, page, config) -> None:
    """Where this page is in each language, for the switch and for hreflang."""
    here = LANGUAGES[config.extra["language"]][0]
    roots = config.extra["roots"]
    context["twins"] = [
        {
            "lang": language,
            "name": name,
            "link": get_relative_url(folder + page.url, here + page.url),
            "url": roots[language] + page.url if roots else "",
        }
        for language, (folder, name) in LANGUAGES.items()
    ]


def on_post_build(config) -> None:
    site = Path(config.site_dir)
    if not config.site_url:
        for name in ("sitemap.xml", "sitemap.xml.gz"):
            (site / name).unlink(missing_ok=True)
    if config.extra["language"] == "ko":
        build_english(config)


def build_english(korean) -> None:
    config = load_config(
        str(ROOT / "mkdocs.en.yml"),
        site_dir=str(Path(korean.site_dir) / LANGUAGES["en"][0]),
        strict=korean.strict,
    )
    config.site_url = korean.extra["roots"].get("ko", "")
    config.plugins.on_startup(command=korean.extra["command"], dirty=False)
    build(config)


def on_serve(server) -> None:
    for path in WATCHED:
        server.watch(str(ROOT / path))
