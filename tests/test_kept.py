"""Rendered pages are kept, and rendered anew when anything that they use changes."""

import json
import subprocess
import sys

import pytest

from conftest import clean_environment
from tools.caches import without_pages

VGG = "docs/en/architectures/vgg.md"
USED_BY_ALL = {
    "quoted figure": ("docs/quoted.yml", "Very Deep Convolutional", "Quite Deep"),
    "model": ("snippets/models/vgg.py", "one convolution a stage", "one a stage"),
    "code": ("markup/finish.py", "measured", "weighed"),
    "configuration": ("mkdocs.yml", "tables: {}", "tables: {} "),
}
USED_BY_ITS_LANGUAGE = {
    "front matter": (VGG, "title: VGG", "title: VGGs"),
    "shown snippet": (VGG, "## The problem", '"models/alexnet.py"\n\n## The problem'),
}
ADDRESSES = {
    "published": {"SITE_URL": "https://example.org/diet/"},
    "copied": {"OFFLINE": "true"},
}
WORLDS = """
import json, os, pathlib, sys
from mkdocs.commands.build import get_files
from mkdocs.config import load_config

def world(name):
    config = load_config(name)
    config.plugins.on_startup(command="build", dirty=False)
    config = config.plugins.on_config(config)
    config.plugins.on_files(get_files(config), config=config)
    return config.extra["shelf"].world

def both():
    return world("mkdocs.yml"), world("mkdocs.en.yml")

edits, addresses = json.load(sys.stdin)
found = {"as it was": both()}
for name, (file, old, new) in edits.items():
    path = pathlib.Path(file)
    before = path.read_text(encoding="utf-8")
    assert old in before, (file, old)
    path.write_text(before.replace(old, new, 1), encoding="utf-8")
    found[name] = both()
    path.write_text(before, encoding="utf-8")
for name, environment in addresses.items():
    os.environ.update(environment)
    found[name] = both()
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def worlds(module_copy) -> dict[str, list[str]]:
    """What all pages use, as one name for Korean and one for English, by the edit."""
    ran = subprocess.run(
        [sys.executable, "-c", WORLDS],
        cwd=module_copy.root,
        env=clean_environment(),
        input=json.dumps([USED_BY_ALL | USED_BY_ITS_LANGUAGE, ADDRESSES]),
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])


@pytest.mark.parametrize("edit", [*USED_BY_ALL, *ADDRESSES])
def test_all_pages_are_rendered_anew(edit, worlds):
    for before, after in zip(worlds["as it was"], worlds[edit], strict=True):
        assert before != after


@pytest.mark.parametrize("edit", USED_BY_ITS_LANGUAGE)
def test_all_pages_of_a_language_are_rendered_anew(edit, worlds):
    korean, english = worlds["as it was"]
    assert worlds[edit][0] == korean
    assert worlds[edit][1] != english


def test_a_text_is_its_page_s_alone(copy):
    folder = without_pages(copy.root / "caches")
    pages = folder / "pages"

    def build() -> int:
        """How many pages a build renders."""
        before = len(list(pages.glob("*")))
        ran = copy.make_site(CNN_DIET_CACHE=str(folder))
        assert ran.returncode == 0, ran.stdout
        return len(list(pages.glob("*"))) - before

    assert build() == len(list(copy.path("site").rglob("index.html")))
    copy.add(VGG, "One more sentence.")
    assert build() == 1
    built = copy.path("site/en/architectures/vgg/index.html")
    assert "One more sentence." in built.read_text(encoding="utf-8")

    copy.add(VGG, "[nowhere](nowhere.md)")  # a page with a fault is not kept
    for _ in range(2):
        ran = copy.make_site(CNN_DIET_CACHE=str(folder))
        assert ran.returncode != 0
        assert "nowhere.md" in ran.stdout
