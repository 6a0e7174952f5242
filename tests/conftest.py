"""The built site, made once for all tests."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from browsing import launch, serving
from filelock import FileLock
from playwright.sync_api import sync_playwright

import cache

MADE = (
    ".venv",
    ".cache",
    "site",
    ".git",
    "__pycache__",
    ".pytest_cache",
    ".ruff_cache",
)


def pytest_addoption(parser):
    parser.addoption(
        "--renew", action="store_true", help="renew the screenshots in tests/screens"
    )


def build(site: Path, **environment: str) -> None:
    """Build both languages, as `make site` does."""
    ran = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", site],
        cwd=cache.ROOT,
        env=clean_environment() | environment,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr


def clean_environment() -> dict[str, str]:
    """As a person's shell: nothing of this test run, no address of a site."""
    ours = ("SITE_URL", "REPO_URL", "PYTEST", "MAKE", "MFLAGS")
    given = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
    return given | {"CNN_DIET_CACHE": str(cache.FOLDER), "NO_MKDOCS_2_WARNING": "1"}


def once(tmp_path_factory, name: str, **environment: str) -> Path:
    """Build one site for all processes that test."""
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    site = shared / name
    with FileLock(shared / f"{name}.lock"):
        if not (shared / f"{name}.done").exists():
            build(site, **environment)
            (shared / f"{name}.done").touch()
    return site


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Path:
    """The site as `make site` builds it, with no address of its own."""
    return once(tmp_path_factory, "site")


@pytest.fixture(scope="session")
def published(tmp_path_factory) -> Path:
    """The site as it is published, below a path."""
    return once(
        tmp_path_factory,
        "diet",
        SITE_URL="https://example.org/diet/",
        REPO_URL="https://github.com/authors/diet",
    )


@pytest.fixture(scope="session")
def copied_site(tmp_path_factory) -> Path:
    """The copy that is read from a folder, as `make zip` packs it."""
    return once(tmp_path_factory, "offline", OFFLINE="true")


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address(site) -> str:
    """Where the built site is served."""
    with serving(site) as address:
        yield address


@dataclass
class Copy:
    """A copy of the project in which a fault can be planted."""

    root: Path

    def path(self, name: str) -> Path:
        return self.root / name

    def add(self, name: str, text: str) -> int:
        """Write a paragraph at the end of a page; gives the number of its line."""
        page = self.path(name)
        before = page.read_text(encoding="utf-8").rstrip("\n") + "\n\n"
        page.write_text(before + text + "\n", encoding="utf-8")
        return before.count("\n") + 1

    def replace(self, name: str, old: str, new: str) -> int:
        page = self.path(name)
        text = page.read_text(encoding="utf-8")
        assert old in text, f"{name} has no {old!r}"
        page.write_text(text.replace(old, new, 1), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            command,
            cwd=self.root,
            env=clean_environment() | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def make_site(self, **environment: str) -> subprocess.CompletedProcess:
        return self.run("make", "site", f"PYTHON={sys.executable}", **environment)

    def test(self, *tests: str) -> subprocess.CompletedProcess:
        return self.run(sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", *tests)


def copied(root: Path) -> Copy:
    """The project as it is, with a good site from before and the same environment."""
    shutil.copytree(cache.ROOT, root, ignore=shutil.ignore_patterns(*MADE))
    (root / ".venv").symlink_to(sys.prefix)
    (root / "site").mkdir()
    (root / "site" / "index.html").write_text("the last good site", encoding="utf-8")
    return Copy(root)


@pytest.fixture
def copy(tmp_path) -> Copy:
    return copied(tmp_path / "copy")


@pytest.fixture(scope="module")
def module_copy(tmp_path_factory) -> Copy:
    return copied(tmp_path_factory.mktemp("module") / "copy")
