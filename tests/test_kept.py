"""Rendered pages are kept, and rendered anew when anything that they use changes."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

import cache
from conftest import clean_environment
from hooks import kept
from hooks.kept import Rendered, Shelf
from tools.caches import without_pages

VGG = "docs/en/architectures/vgg.md"
USED_BY_ALL = {
    "quoted figure": ("docs/quoted.yml", "Very Deep Convolutional", "Quite Deep"),
    "model": ("snippets/models/vgg.py", "one convolution a stage", "one a stage"),
    "code": ("markup/finish.py", "measured", "weighed"),
    "configuration": ("mkdocs.yml", "tables: {}", "tables: {} "),
}
USED_BY_LISTS = {
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

def used(name):
    config = load_config(name)
    config.plugins.on_startup(command="build", dirty=False)
    config = config.plugins.on_config(config)
    config.plugins.on_files(get_files(config), config=config)
    return config.extra["shelf"].world, config.extra["shelf"].pages

def both():
    return used("mkdocs.yml"), used("mkdocs.en.yml")

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
def used(module_copy) -> dict[str, list[list[str]]]:
    """By the edit, for Korean and English: what all pages use, and what lists use."""
    ran = subprocess.run(
        [sys.executable, "-c", WORLDS],
        cwd=module_copy.root,
        env=clean_environment(),
        input=json.dumps([USED_BY_ALL | USED_BY_LISTS, ADDRESSES]),
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])


@pytest.mark.parametrize("edit", [*USED_BY_ALL, *ADDRESSES])
def test_all_pages_are_rendered_anew(edit, used):
    for (world, _), (other, _) in zip(used["as it was"], used[edit], strict=True):
        assert world != other


@pytest.mark.parametrize("edit", USED_BY_LISTS)
def test_pages_that_list_others_are_rendered_anew(edit, used):
    (korean, (world, listed)) = used["as it was"]
    assert used[edit][0] == korean
    assert used[edit][1][0] == world
    assert used[edit][1][1] != listed


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("{{ compare() }}", Shelf("a", "other", "c")),
        ('{{ run("heads", "mean") }}', Shelf("a", "b", "other")),
        ('{{ run ("heads", "mean") }}', Shelf("a", "b", "other")),
        ("plain", Shelf("other", "b", "c")),
    ],
)
def test_a_page_is_kept_by_what_it_uses(text, other):
    def place(shelf: Shelf, text: str) -> Path:
        page = SimpleNamespace(
            file=SimpleNamespace(src_uri="a.md", content_string=text)
        )
        kept.on_page_markdown(page, SimpleNamespace(extra={"shelf": shelf}))
        return shelf.places["a.md"]

    assert place(Shelf("a", "b", "c"), text) != place(other, text)
    if other.world == "a":
        assert place(Shelf("a", "b", "c"), "plain") == place(other, "plain")


@pytest.mark.parametrize("edited", [False, True])
def test_nothing_is_kept_of_a_build_during_which_a_source_changed(
    edited, tmp_path, monkeypatch
):
    monkeypatch.setattr(kept, "FOLDER", tmp_path)
    monkeypatch.setattr(kept, "at_first", kept.sources if not edited else str)
    shelf = Shelf("a", "b", "c")
    shelf.new["a.md"] = Rendered("", [], set(), {}, [], [])
    shelf.places["a.md"] = tmp_path / "a"
    kept.on_post_build(SimpleNamespace(extra={"shelf": shelf}))
    assert [*tmp_path.iterdir()] == ([] if edited else [tmp_path / "a"])


def test_a_page_that_no_build_took_is_removed(tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "FOLDER", tmp_path)
    for name, days in (("new", 6), ("old", 8)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, times=(time.time() - days * 86400,) * 2)
    kept.on_post_build(SimpleNamespace(extra={"shelf": Shelf("a", "b", "c")}))
    assert [*tmp_path.iterdir()] == [tmp_path / "new"]


def test_a_text_is_its_page_s_alone(site, copy):
    """`site` was built from the same sources: its pages are kept."""
    folder = without_pages(copy.root / "caches")
    pages = Path(shutil.copytree(cache.FOLDER / "pages", folder / "pages"))

    def build() -> int:
        """How many pages a build renders."""
        before = len(list(pages.glob("*")))
        ran = copy.make_site(CNN_DIET_CACHE=str(folder))
        assert ran.returncode == 0, ran.stdout
        return len(list(pages.glob("*"))) - before

    assert build() == 0
    copy.add(VGG, "One more sentence.")
    assert build() == 1
    built = copy.path("site/en/architectures/vgg/index.html")
    assert "One more sentence." in built.read_text(encoding="utf-8")

    copy.replace(VGG, "title: VGG", "title: VGGs")
    assert 1 < build() < 10
    assert ">VGGs<" in copy.path("site/en/compare/index.html").read_text("utf-8")

    copy.add(VGG, "[nowhere](nowhere.md)")  # a page with a fault is not kept
    for _ in range(2):
        ran = copy.make_site(CNN_DIET_CACHE=str(folder))
        assert ran.returncode != 0
        assert "nowhere.md" in ran.stdout
