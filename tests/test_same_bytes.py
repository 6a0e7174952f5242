"""Two builds of the same sources give the same bytes."""

import shutil
from pathlib import Path

import cache
from tools.determinism import build, differences


def test_differences_are_seen(tmp_path):
    for name, text in (("one", "a"), ("other", "b")):
        (tmp_path / name / "deep").mkdir(parents=True)
        (tmp_path / name / "same.html").write_text("same")
        (tmp_path / name / "deep" / "page.html").write_text(text)
    (tmp_path / "other" / "new.html").write_text("")
    found = differences(tmp_path / "one", tmp_path / "other")
    assert found == ["deep/page.html", "new.html"]


def test_a_build_from_empty_caches_gives_the_same_bytes(tmp_path):
    """All but the runs of notebooks, which `make determinism` repeats as well."""
    sites: list[Path] = []
    for seed, caches in ((1, cache.FOLDER), (2, tmp_path / "caches")):
        runs = caches / "runs"
        if not runs.exists():
            shutil.copytree(cache.FOLDER / "runs", runs)
        sites.append(tmp_path / f"site{seed}")
        build(sites[-1], caches, seed)
    assert not differences(*sites)
