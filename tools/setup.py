"""Set up what `make` needs; do nothing, and say nothing, when all of it is there.

The packages of requirements*.txt go into .venv; Graphviz, a Korean font and (for
tests: `setup.py browser`) Chromium come from apt-get or Homebrew. Runs on the
system's Python and needs nothing else.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
PACKAGES = ("requirements.txt", "requirements-torch.txt")
MACOS = sys.platform == "darwin"
# The first starts several times as fast: it has no windows.
SHELL = "chromium-headless-shell"
BROWSERS = (
    SHELL,
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
APPLICATIONS = ("Chromium", "Google Chrome")
APT = "apt-get -qq -o DPkg::Lock::Timeout=300"


def main(root=ROOT, browser=False):
    check_python(sys.version_info)
    programs_ready = shutil.which("dot") and (chromium() or not browser)
    if programs_ready and packages_ready(root):
        return
    with alone_in(root):  # a second `make` waits here, then finds everything done
        install_programs(browser)
        if not packages_ready(root):
            install_packages(root)


def check_python(version):
    if version[:2] < OLDEST:
        found = "{}.{} ({})".format(*version[:2], sys.executable)
        remedy = f"this is {found}; name another, as in make setup PYTHON=python3.12"
        stop("Python {}.{} or newer".format(*OLDEST), remedy)


# Programs and fonts, from the system's package manager


def missing_programs(browser):
    """What is missing, each with the packages that bring it. macOS has its fonts."""
    missing = {}
    if not shutil.which("dot"):
        missing["Graphviz"] = "graphviz"
    if not MACOS and not has_korean_font():
        missing["a Korean font"] = "fontconfig fonts-noto-cjk"
    if not MACOS and not find_spec("ensurepip"):
        missing["Python's venv"] = f"python3.{sys.version_info[1]}-venv"
    if browser and not chromium():
        missing["Chromium"] = "chromium" if MACOS else SHELL
    return missing


def chromium():
    """Where a browser that tests can drive is; None if there is none."""
    applications = [
        f"/Applications/{name}.app/Contents/MacOS/{name}" for name in APPLICATIONS
    ]
    return next(filter(None, map(shutil.which, (*BROWSERS, *applications))), None)


def has_korean_font():
    """Without one, dot takes Hangul for narrower than it is and boxes overflow."""
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=ko"], capture_output=True).stdout)


def install_programs(browser):
    missing = missing_programs(browser)
    if not missing:
        return
    packages = " ".join(missing.values())
    if MACOS:
        remedy = f"brew install {packages}"
        commands = [f"brew install --quiet {packages}"]
    else:
        remedy = f"sudo apt-get install {packages}, or the like of your system"
        commands = [f"{APT} update", f"{APT} install --yes {packages}"]
        if os.geteuid() != 0:
            commands = [f"sudo -n {command}" for command in commands]
    complaint = None
    if shutil.which("brew" if MACOS else "apt-get"):
        say(f"installing {' and '.join(missing)}: {packages}")
        for command in commands:
            complaint = run(*command.split())
        missing = missing_programs(browser)
    if missing:
        stop(" and ".join(missing), remedy, complaint)


# Python packages, in .venv


def recipe(root):
    """What .venv is made from. Its stamp repeats this, word for word."""
    python = "# Python {}.{}\n".format(*sys.version_info)
    texts = [(root / name).read_text(encoding="utf-8") for name in PACKAGES]
    return python + "".join(texts)


def packages_ready(root):
    stamp = root / ".venv/made-from.txt"
    made = stamp.exists() and (root / ".venv/bin/python").exists()
    return made and stamp.read_text(encoding="utf-8") == recipe(root)


def install_packages(root):
    venv = root / ".venv"
    stamp = venv / "made-from.txt"
    if venv.is_symlink():  # another folder's, which `venv --clear` would empty
        remedy = (
            f"it is {venv.resolve()}, made from other requirements: remove the link"
        )
        stop(".venv of its own", remedy)
    say("installing the packages of requirements*.txt into .venv (takes minutes)")
    stamp.unlink(missing_ok=True)
    complaint = run(sys.executable, "-m", "venv", "--clear", venv)
    if complaint:
        stop(".venv", f"see why {sys.executable} cannot make one", complaint)
    pip = [venv / "bin/python", "-m", "pip", "--disable-pip-version-check", "install"]
    # Compiling all of torch takes half a minute; what is imported compiles itself.
    for name in PACKAGES:
        complaint = run(*pip, "--no-compile", "-r", root / name)
        if complaint:
            stop("Python packages", "see what pip lacks and try again", complaint)
    stamp.write_text(recipe(root), encoding="utf-8")


# Small tools


@contextmanager
def alone_in(folder):
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def run(*command):
    """Run a command without a word. The last error it printed; None if it went well."""
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, errors="replace"
        )
    except OSError as error:
        return f"{error.filename}: {error.strerror}"
    if done.returncode == 0:
        return None
    lines = (done.stdout + done.stderr).strip().splitlines() or ["nothing"]
    errors = [line for line in lines if line.lower().startswith(("e: ", "error: "))]
    return (errors or lines)[-1].strip()


def say(what):
    print(f"setup: {what}", flush=True)


def stop(missing, remedy, complaint=None):
    sys.exit(f"setup: {missing}: {remedy}" + (f" ({complaint})" if complaint else ""))


if __name__ == "__main__":
    try:
        main(browser=sys.argv[1:] == ["browser"])
    except KeyboardInterrupt:
        sys.exit("setup: interrupted: run it again")
