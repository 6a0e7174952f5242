"""`make serve` builds both languages and follows what is edited."""

import socket
import subprocess
import sys
import time
from urllib.error import URLError
from urllib.request import urlopen

import pytest

WAIT = 400  # seconds; only a page that never comes takes so long


def read(address: str) -> str:
    with urlopen(address, timeout=WAIT) as answer:
        return answer.read().decode()


def until(address: str, text: str) -> None:
    """Wait for a page to show a text, as a reader who reloads it."""
    end = time.monotonic() + WAIT
    seen = ""
    while time.monotonic() < end:
        try:
            seen = read(address)
        except URLError:
            seen = ""
        if text in seen:
            return
        time.sleep(0.2)
    pytest.fail(f"{address} never showed {text!r}")


@pytest.fixture
def served(copy):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    from conftest import clean_environment

    log = copy.path("serve.log").open("w")
    server = subprocess.Popen(
        [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", f"127.0.0.1:{port}"],
        cwd=copy.root,
        env=clean_environment(),
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    yield copy, f"http://127.0.0.1:{port}/"
    server.terminate()
    server.wait(WAIT)
    log.close()


def test_serve_follows_pages_snippets_hooks_and_configuration(served):
    copy, address = served
    until(address, "파라미터를 줄이려고")
    until(f"{address}en/", "what did each network do")

    def whole_builds() -> int:
        log = copy.path("serve.log").read_text(encoding="utf-8")
        return log.count("Documentation built in")

    at_first = whole_builds()
    copy.replace("docs/en/index.md", "Where to begin", "Where to set out")
    until(f"{address}en/", "Where to set out")

    assert whole_builds() == at_first

    copy.replace("docs/en/architectures/vgg.md", "title: VGG", "title: VGGs")
    until(f"{address}en/compare/", ">VGGs<")
    while whole_builds() != at_first + 2:  # one build makes both languages
        time.sleep(0.2)

    copy.replace("snippets/tricks/stacked_3x3.py", "or two 3x3 that", "or a pair that")
    until(f"{address}architectures/vgg/", "or a pair that")
    until(f"{address}snippets/tricks/stacked_3x3.py", "or a pair that")
    until(f"{address}en/architectures/vgg/", "or a pair that")

    copy.replace("snippets/models/vgg.py", "one convolution a stage", "one a stage")
    until(f"{address}en/architectures/vgg/", "one a stage: 5x5")

    copy.replace("docs/en/exercises.md", "the headings lead", "their headings lead")
    until(f"{address}en/exercises/", "their headings lead")
    assert 'id="architectures-vgg-exercise-1"' in read(f"{address}en/exercises/")
    assert whole_builds() == at_first + 2

    copy.replace("markup/finish.py", '"measured": "measured"', '"measured": "weighed"')
    until(f"{address}en/architectures/vgg/", "weighed")

    copy.replace("mkdocs.en.yml", "CNN Parameter Diet", "CNN Parameter Regimen")
    until(f"{address}en/", "CNN Parameter Regimen")
