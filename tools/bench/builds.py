"""How long builds take: warm, cold, grown, and beside plain Material."""

import os
import pstats
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml
from mkdocs.utils.yaml import yaml_load

import cache
from tools.caches import without_pages

TURNS = 3
BUILD = (sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir")
LEFT_OUT = (".venv", ".cache", "site", ".git", "__pycache__")
# What of Material's configuration is ours, and does nothing in a plain site.
OURS = ("hooks", "extra_css", "extra_javascript", "extra", "nav", "validation")
# Functions in which a part of a build is spent, by their file and name.
PARTS = {
    "Markdown, without figures": ("markdown/core.py", "convert"),
    "figures": ("markup/fences.py", "formatted"),
    "calls and checks of typed numbers": ("markup/page.py", "prepare"),
    "second look at the rendered page": ("markup/page.py", "inspect"),
    "inserts and notes on numbers": ("markup/finish.py", "__call__"),
    "notebooks": ("hooks/notebooks.py", "on_files"),
    "Material's search index": ("search/plugin.py", "add_entry_from_context"),
    "templates": ("jinja2/environment.py", "render"),
}


def builds() -> dict:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        ours = copied(root / "ours")
        run(ours, root / "warm up")
        plain = plain_sites(root / "plain", root / "warm up")
        anew = without_pages(root / "no page kept")
        warm, rendered, beside = [], [], []
        for turn in range(TURNS):  # in turns: what else the machine does hits all
            warm.append(run(ours, root / f"site{turn}"))
            shutil.rmtree(anew / "pages", ignore_errors=True)
            rendered.append(run(ours, root / f"new{turn}", CNN_DIET_CACHE=str(anew)))
            beside.append(sum(run(p, root / f"{p.name}{turn}") for p in plain))
        pages = len(list((root / "site0").rglob("index.html")))
        shutil.rmtree(anew / "pages")
        share = profile(ours, root / "profiled", anew)
        cold = run(ours, root / "cold", CNN_DIET_CACHE=str(root / "caches"))
        runs = cache.FOLDER / "runs"
        shutil.copytree(runs, root / "known" / "runs")
        known = run(ours, root / "known site", CNN_DIET_CACHE=str(root / "known"))
        return {
            "pages": pages,
            "warm": compared(warm, beside, pages),
            "warm, each page rendered anew": compared(rendered, beside, pages),
            "cold, seconds": cold,
            "cold but for the notebooks' runs, seconds": known,
            "shares of a warm build, each page rendered anew": share,
            "grown": grown(ours, root),
        }


def compared(ours: list[float], plain: list[float], pages: int) -> dict[str, float]:
    return {
        "seconds": min(ours),
        "milliseconds a page": 1000 * min(ours) / pages,
        "against plain Material": min(ours) / min(plain),
    }


def copied(root: Path) -> Path:
    shutil.copytree(cache.ROOT, root, ignore=shutil.ignore_patterns(*LEFT_OUT))
    return root


def run(root: Path, site: Path, **environment: str) -> float:
    """Seconds of one build."""
    given = os.environ | {"CNN_DIET_CACHE": str(cache.FOLDER)} | environment
    started = time.perf_counter()
    subprocess.run([*BUILD, site], cwd=root, env=given, check=True)
    return time.perf_counter() - started


def plain_sites(folder: Path, built: Path) -> list[Path]:
    """The same Markdown and the same notebooks, with outputs, in plain Material."""
    sites = []
    for language, part in (("ko", ""), ("en", "en")):
        root = folder / language
        with (cache.ROOT / "mkdocs.yml").open(encoding="utf-8") as file:
            config = yaml_load(file)
        for name in OURS:
            config.pop(name, None)
        config["docs_dir"] = "docs"
        config["theme"].pop("custom_dir")
        config["theme"].pop("favicon")
        config["theme"]["language"] = language
        extensions = config["markdown_extensions"]
        extensions["pymdownx.snippets"]["base_path"] = [str(cache.ROOT / "snippets")]
        shutil.copytree(cache.ROOT / "docs" / language, root / "docs")
        for notebook in (root / "docs").rglob("*.ipynb"):
            place = notebook.relative_to(root / "docs").with_suffix("")
            shutil.copy(built / part / place / notebook.name, notebook)
        text = yaml.safe_dump(config, allow_unicode=True)
        (root / "mkdocs.yml").write_text(text, encoding="utf-8")
        sites.append(root)
    return sites


def profile(root: Path, site: Path, caches: Path) -> dict[str, float]:
    """Which share of a build is spent in what; the parts may lie in one another."""
    record = root / "profile"
    command = ["-m", "cProfile", "-o", str(record), "-m", "mkdocs", "build", "--quiet"]
    subprocess.run(
        [sys.executable, *command, "--site-dir", site],
        cwd=root,
        env=os.environ | {"CNN_DIET_CACHE": str(caches)},
        check=True,
    )
    stats = pstats.Stats(str(record))
    found = {}
    for part, (file, name) in PARTS.items():
        found[part] = sum(
            times[3] / stats.total_tt
            for (where, _, function), times in stats.stats.items()
            if where.endswith(file) and function == name
        )
    found["Markdown, without figures"] -= found["figures"]
    return found


def grown(root: Path, folder: Path) -> dict[str, float]:
    """Seconds of a warm build with each page that is no notebook 1, 2 and 4 times."""
    found = {}
    have = 1
    for times in (1, 2, 4):
        for number in range(have, times):
            for page in sorted((root / "docs").rglob("*.md")):
                if not re.search(r"-copy\d$", page.stem) and page.stem != "index":
                    copy = page.with_name(f"{page.stem}-copy{number}.md")
                    copy.write_text(titled(page, number), encoding="utf-8")
        have = times
        run(root, folder / f"grown{times}")
        took = run(root, folder / f"grown{times} again")
        pages = len(list((folder / f"grown{times}").rglob("index.html")))
        found[f"{times}x, {pages} pages"] = took
    return found


def titled(page: Path, number: int) -> str:
    """A copy has a title of its own, and no other name that two pages would claim."""
    text = page.read_text(encoding="utf-8")
    text = re.sub(r"(?m)^(aliases|explains): .*\n", "", text)
    return re.sub(r'(?m)^title: "?(.*?)"?$', rf'title: "\g<1> {number}"', text, count=1)
