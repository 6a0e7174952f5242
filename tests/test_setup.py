"""What `make setup` says and leaves when something is missing. No network."""

import os
import shutil
import subprocess
import sys
from itertools import pairwise

import pytest

from tools import setup

STAMP = ".venv/made-from.txt"


def script(path, *lines):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]), encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """The only folder on PATH, with dot and a Korean font."""
    folder = tmp_path / "bin"
    script(folder / "dot")
    script(folder / "fc-list", "echo NotoSansCJK")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(setup, "MACOS", False)
    monkeypatch.setattr(setup, "find_spec", lambda name: name)
    return folder


@pytest.fixture
def clone(tmp_path):
    root = tmp_path / "clone"
    root.mkdir()
    for name in setup.PACKAGES:
        (root / name).write_text("a==1\n", encoding="utf-8")
    return root


@pytest.fixture
def python(tmp_path, monkeypatch):
    """A Python that makes a .venv of itself and logs what it is asked for."""

    def make(pip="exit 0"):
        path = tmp_path / "python"
        script(
            path,
            f'echo "$*" >> "{tmp_path}/calls"',
            'case "$2" in',
            f'  venv) /bin/mkdir -p "$4/bin"; /bin/cp "{path}" "$4/bin/python" ;;',
            f"  pip) {pip} ;;",
            "esac",
        )
        monkeypatch.setattr(sys, "executable", str(path))

    make.calls = lambda: (tmp_path / "calls").read_text().splitlines()
    return make


def stopped(capsys, act, *arguments):
    """The one line on which `act` stops."""
    with pytest.raises(SystemExit) as stop:
        act(*arguments)
    assert isinstance(stop.value.code, str)  # Python prints it and exits with 1
    assert "\n" not in stop.value.code
    assert capsys.readouterr().err == ""
    return stop.value.code


def test_set_up_once(clone, programs, python, capsys):
    python()
    setup.main(clone)
    assert len(capsys.readouterr().out.splitlines()) == 1
    assert len(python.calls()) == 3  # venv, pip, pip for torch
    setup.main(clone)
    assert capsys.readouterr().out == ""
    assert len(python.calls()) == 3


def test_other_pins_set_up_anew(clone, programs, python):
    python()
    setup.main(clone)
    (clone / "requirements.txt").write_text("a==2\n", encoding="utf-8")
    setup.main(clone)
    assert len(python.calls()) == 6


def test_failing_pip_leaves_no_stamp(clone, programs, python, capsys):
    python(pip="echo Collecting a; echo 'ERROR: no a==1' >&2; echo bye >&2; exit 1")
    line = stopped(capsys, setup.main, clone)
    assert line.startswith("setup: Python packages: ")
    assert line.endswith("(ERROR: no a==1)")
    assert not (clone / STAMP).exists()


def test_failing_upgrade_leaves_no_stamp(clone, programs, python, capsys):
    python()
    setup.main(clone)
    (clone / "requirements.txt").write_text("a==2\n", encoding="utf-8")
    python(pip="exit 1")
    stopped(capsys, setup.main, clone)
    assert not (clone / STAMP).exists()


def test_an_environment_of_another_folder_is_not_emptied(
    clone, programs, python, tmp_path, capsys
):
    python()
    setup.main(clone)
    borrower = tmp_path / "borrower"
    borrower.mkdir()
    (borrower / ".venv").symlink_to(clone / ".venv")
    for name in setup.PACKAGES:
        shutil.copy(clone / name, borrower)
    capsys.readouterr()
    setup.main(borrower)  # made from the same: it may be used
    assert len(python.calls()) == 3
    (borrower / "requirements.txt").write_text("a==2\n", encoding="utf-8")
    line = stopped(capsys, setup.main, borrower)
    assert line.startswith("setup: .venv of its own: ") and "remove the link" in line
    assert (clone / STAMP).exists() and len(python.calls()) == 3


def test_failing_venv(clone, programs, capsys, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python3")
    line = stopped(capsys, setup.main, clone)
    assert line.startswith("setup: .venv: ")


def test_old_python(capsys):
    line = stopped(capsys, setup.check_python, (3, 10, 13))
    assert line.startswith("setup: Python 3.11 or newer: this is 3.10 ")
    setup.check_python((3, 11, 0))
    setup.check_python((4, 0, 0))


def test_no_way_to_install_graphviz(clone, programs):
    (programs / "dot").unlink()
    (clone / "tools").mkdir()
    shutil.copy(setup.__file__, clone / "tools")
    done = subprocess.run(
        [sys.executable, "tools/setup.py"],
        cwd=clone,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    how = "brew install" if sys.platform == "darwin" else "apt-get install"
    assert line.startswith("setup: Graphviz: ") and f"{how} graphviz" in line
    assert not (clone / ".venv").exists()


@pytest.mark.parametrize("user", [0, 1000])
def test_apt_brings_graphviz(clone, programs, python, capsys, monkeypatch, user):
    python()
    (programs / "dot").unlink()
    dot = f'/bin/cp "{programs}/fc-list" "{programs}/dot"'
    script(programs / "apt-get", f'case "$*" in *"--yes graphviz") {dot};; esac')
    script(programs / "sudo", f'[ $1 = -n ] && shift && echo > "{clone}/sudo" && "$@"')
    monkeypatch.setattr(os, "geteuid", lambda: user)
    setup.main(clone)
    assert "installing Graphviz: graphviz" in capsys.readouterr().out
    assert (clone / "sudo").exists() == (user != 0)
    assert (clone / STAMP).exists()


def test_apt_that_fails(clone, programs, capsys, monkeypatch):
    (programs / "dot").unlink()
    (programs / "fc-list").unlink()
    monkeypatch.setattr(setup, "find_spec", lambda name: None)
    script(programs / "apt-get", "echo 'E: no such package' >&2", "exit 100")
    script(programs / "sudo", 'shift; "$@"')
    line = stopped(capsys, setup.main, clone)
    assert line.startswith("setup: Graphviz and a Korean font and Python's venv: ")
    assert f" fonts-noto-cjk python3.{sys.version_info[1]}-venv" in line
    assert line.endswith("(E: no such package)")


def test_tests_need_a_browser(clone, programs, python, capsys):
    python()
    setup.main(clone)
    line = stopped(capsys, setup.main, clone, True)
    assert line.startswith("setup: Chromium: ") and "install chromium" in line
    script(programs / "chromium-browser")
    setup.main(clone, browser=True)


def test_homebrew(clone, programs, capsys, monkeypatch):
    monkeypatch.setattr(setup, "MACOS", True)
    (programs / "dot").unlink()
    (programs / "fc-list").unlink()
    script(programs / "brew", "echo 'Error: offline' >&2", "exit 1")
    line = stopped(capsys, setup.main, clone)
    assert line == "setup: Graphviz: brew install graphviz (Error: offline)"


def test_interrupted(clone, programs, python, monkeypatch):
    python()

    def interrupt(*command):
        raise KeyboardInterrupt

    setup.main(clone)
    (clone / "requirements.txt").write_text("a==2\n", encoding="utf-8")
    monkeypatch.setattr(setup, "run", interrupt)
    with pytest.raises(KeyboardInterrupt):
        setup.main(clone)
    assert not (clone / STAMP).exists()


def test_every_package_is_pinned_and_all_but_torch_by_its_hash():
    pinned, torch = (
        (setup.ROOT / name).read_text(encoding="utf-8").splitlines()
        for name in setup.PACKAGES
    )
    (line,) = (line for line in torch if not line.startswith("#"))
    assert line.startswith("torch==")
    for line, after in pairwise([*pinned, ""]):
        if line and not line.startswith(("#", "    --hash=sha256:")):
            assert "==" in line and line.endswith("\\"), line
            assert after.startswith("    --hash=sha256:"), line
