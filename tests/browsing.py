"""Built pages, opened in Debian's Chromium as a reader would."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright

from tools.setup import chromium

# Of its own accord, Chromium would ask its maker for updates and lists.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def launch(playwright: Playwright) -> Browser:
    place = chromium()
    assert place, "no Chromium on this machine: `make test` brings it"
    return playwright.chromium.launch(executable_path=place, args=QUIET)


class Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextmanager
def serving(site: Path) -> Iterator[str]:
    """The address of a folder that is served while the block runs."""
    handler = partial(Silent, directory=site)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@dataclass
class Visit:
    """A page that is open, and what happened since."""

    page: Page
    address: str
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self):
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self.listen)

    def listen(self, message) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def open(self, path: str) -> Page:
        """Open a page by its path on the site, such as en/compare/."""
        self.page.goto(self.address + path)
        return self.page

    def foreign(self) -> list[str]:
        """Requests to another host."""
        ours = (self.address, "data:", "blob:")
        return [url for url in self.requests if not url.startswith(ours)]


@contextmanager
def visiting(
    browser: Browser, address: str, width: int = 1280, scheme: str = "light", **more
) -> Iterator[Visit]:
    """A new reader: nothing stored, a screen of that width, that colour scheme."""
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, **more
    )
    try:
        yield Visit(context.new_page(), address)
    finally:
        context.close()
