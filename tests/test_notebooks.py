"""Notebooks run once, are kept by content, and run alone when downloaded."""

import json
import sys
from pathlib import Path

import pytest

import cache
from hooks import notebooks
from tools import pages
from tools.caches import without_pages

NAMES = sorted(path.stem for path in (pages.DOCS / "ko").rglob("*.ipynb"))
RUN = "from hooks import notebooks; notebooks.execute(['1'])"


def downloaded(site: Path, name: str) -> dict:
    (place,) = site.glob(f"notebooks/{name}/*.ipynb")
    return json.loads(place.read_text(encoding="utf-8"))


def code_in(notebook: dict) -> list[str]:
    return [notebooks.text_of(cell) for cell in notebooks.code_cells(notebook)]


@pytest.mark.parametrize("name", NAMES)
def test_the_code_of_both_languages_is_the_same(name):
    korean, english = (
        notebooks.load(pages.DOCS / language / f"notebooks/{name}.ipynb")
        for language in pages.LANGUAGES
    )
    assert code_in(korean) == code_in(english)
    for notebook in (korean, english):
        assert not any(cell["outputs"] for cell in notebooks.code_cells(notebook))


@pytest.mark.parametrize("name", NAMES)
def test_a_download_runs_alone_and_gives_the_outputs_of_its_page(site, name):
    """By itself in an empty folder; a second run, so that both must be the same."""
    notebook = downloaded(site, name)
    code = code_in(notebook)
    assert code == code_in(downloaded(site / "en", name))
    source = pages.DOCS / "ko" / f"notebooks/{name}.ipynb"
    first = notebooks.kept(source)
    again = cache.kept(
        first.with_name(f"again-{first.name}"),
        lambda: json.dumps(notebooks.execute(code)),
    )
    for number, (one, other) in enumerate(
        zip(notebooks.run(source), json.loads(again), strict=True), 1
    ):
        assert one == other, f"{name}: code cell {number} differs from run to run"


def test_a_warm_build_starts_no_kernel_and_imports_no_torch(copy):
    """The build of `site` has filled the cache; here neither could be had."""
    folder = copy.path("broken")
    folder.mkdir()
    for name in ("ipykernel_launcher", "torch"):
        (folder / f"{name}.py").write_text(f"raise ImportError('no {name} here')")
    broken = {"PYTHONPATH": str(folder)}
    ran = copy.run(sys.executable, "-c", RUN, **broken)
    assert "NotebookError: Kernel died" in ran.stdout

    caches = str(without_pages(copy.path("caches")))
    build = (sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", "x")
    ran = copy.run(*build, CNN_DIET_CACHE=caches, **broken)
    assert ran.returncode == 0, ran.stdout
    assert "must run" not in ran.stdout


def test_a_change_of_a_snippet_runs_only_the_notebooks_that_use_it(tmp_path):
    one, other = (tmp_path / f"{name}.ipynb" for name in ("one", "other"))
    for path, source in ((one, "print(1)"), (other, "print(2)")):
        cell = {"cell_type": "code", "id": "a", "metadata": {}, "outputs": []}
        path.write_text(json.dumps({"cells": [cell | {"source": source}]}))
    before = [notebooks.kept(path) for path in (one, other)]
    text = one.read_text(encoding="utf-8")
    one.write_text(text.replace("print(1)", "print(3)"), encoding="utf-8")
    after = [notebooks.kept(path) for path in (one, other)]
    assert before[0] != after[0]
    assert before[1] == after[1]
    asked = '# --8<-- \\"experiments/digits.py\\"'
    one.write_text(text.replace("print(1)", asked), encoding="utf-8")
    (source,) = [notebooks.code_of(c) for c in notebooks.load(one)["cells"]]
    assert "load_digits" in source, "the snippet's own code is part of the key"


def test_what_a_run_prints_can_be_called():
    outputs = [
        [{"name": "stdout", "text": "plain, accuracy: 32.3 ± 1.2 %\nratio: 1.7e-22\n"}],
        [{"name": "stdout", "text": "parameters: 67,906\n"}, {"data": {}}],
    ]
    assert notebooks.printed(outputs) == {
        "plain, accuracy": "32.3 ± 1.2 %",
        "ratio": "1.7e-22",
        "parameters": "67,906",
    }


def test_colab_opens_the_notebook_of_the_published_site(site, published):
    address = "https://colab.research.google.com/github/authors/diet/blob/notebooks/"
    for folder in ("", "en/"):
        page = f"{folder}notebooks/alexnet-parameters/"
        text = (published / page / "index.html").read_text(encoding="utf-8")
        assert f'href="{address}{page}alexnet-parameters.ipynb"' in text
        assert (published / page / "alexnet-parameters.ipynb").exists()
        text = (site / page / "index.html").read_text(encoding="utf-8")
        assert "colab" not in text
