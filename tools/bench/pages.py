"""What pages weigh: bytes and requests, as a server with gzip sends them."""

import functools
import gzip
import json
import mimetypes
import os
import shutil
import statistics
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import sync_playwright

import cache
from tools.setup import chromium

LIGHTHOUSE = "lighthouse@12"
SEEN = ("", "en/architectures/vgg/", "notebooks/heads/", "en/compare/")
PATIENCE = 120_000  # milliseconds; the machine may do other things
OURS = cache.ROOT / "theme" / "javascripts"
FLAGS = ("--no-sandbox", "--headless", "--disable-background-networking")


class Gzip(BaseHTTPRequestHandler):
    """Files of a folder, compressed as usual servers do."""

    def __init__(self, *given, site: Path):
        self.site = site
        super().__init__(*given)

    def do_GET(self):
        path = self.site / self.path.split("?")[0].lstrip("/")
        path = path / "index.html" if path.is_dir() else path
        self.send_response(200 if path.is_file() else 404)
        content = packed(path) if path.is_file() else b""
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Cache-Control", "max-age=600")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@functools.cache
def packed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), mtime=0)


@contextmanager
def served(site: Path, port: int) -> Iterator[str]:
    handler = functools.partial(Gzip, site=site)
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def pages(site: Path, port: int) -> dict:
    """Of a site that was built to stand at this port, as its links to itself say."""
    with served(site, port) as address:
        return {
            "weights": weights(site, address),
            "our JavaScript, bytes with gzip": sum(
                len(gzip.compress(file.read_bytes(), mtime=0))
                for file in OURS.glob("*.js")
            ),
            "Lighthouse": lighthouse(address),
        }


def weights(site: Path, address: str) -> dict:
    """Each page as a first visit loads it."""
    found = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=list(FLAGS)
        )
        for file in sorted(site.rglob("index.html")):
            name = file.parent.relative_to(site).as_posix()
            context = browser.new_context()
            page = context.new_page()
            page.set_default_timeout(PATIENCE)
            sent = []
            page.on("response", lambda answer, sent=sent: sent.append(answer))
            page.goto(address + ("" if name == "." else f"{name}/"))
            page.wait_for_load_state("networkidle")
            size = sum(int(x.headers.get("content-length", 0)) for x in sent)
            found[name] = {"bytes": size, "requests": len(sent)}
            context.close()
        browser.close()
    sizes = {name: entry["bytes"] for name, entry in found.items()}
    heaviest = max(sizes, key=sizes.get)
    return {
        "median page, bytes": statistics.median(sizes.values()),
        "heaviest page": heaviest,
        "heaviest page, bytes": sizes[heaviest],
        "pages above 150 KB": sorted(n for n, size in sizes.items() if size > 150_000),
        "most requests": max(entry["requests"] for entry in found.values()),
        "each": found,
    }


def lighthouse(address: str) -> dict | str:
    """Lighthouse's four scores of some pages, or why there are none."""
    if not shutil.which("npm"):
        return "no npm on this machine"
    found = {}
    for path in SEEN:
        ran = subprocess.run(
            [
                *("npm", "exec", "--yes", "--", LIGHTHOUSE, address + path),
                *("--quiet", "--output=json", "--chrome-flags=" + " ".join(FLAGS)),
            ],
            env=os.environ | {"CHROME_PATH": chromium()},
            capture_output=True,
            text=True,
        )
        if ran.returncode:
            return f"Lighthouse failed: {ran.stderr.strip().splitlines()[-1]}"
        told = json.loads(ran.stdout)
        scores = {
            name: round(100 * entry["score"])
            for name, entry in told["categories"].items()
        }
        lost = [
            audit["title"]
            for audit in told["audits"].values()
            if audit.get("score") == 0 and audit["scoreDisplayMode"] == "binary"
        ]
        found[path or "home"] = scores | ({"lost": lost} if lost else {})
        print(f"bench: {path or 'home'}: {scores}", file=sys.stderr)
    return found
