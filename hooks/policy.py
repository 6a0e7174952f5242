"""A Content-Security-Policy in each page: only what the site itself holds may run.

Not while serving, whose reload script is the server's, and not in the copy that is
read from a folder, where search runs in a frame.
"""

import base64
import hashlib
import re

RUNS = re.compile(r"<script>(.*?)</script>", re.DOTALL)
STYLES = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)
HEAD = '<meta charset="utf-8">'


def on_page(html: str, config) -> str:
    if (
        config.extra["command"] == "serve"
        or config.plugins["material/offline"].config.enabled
    ):
        return html
    if HEAD not in html:
        raise ValueError(f"the page has no {HEAD} for its policy to follow")
    said = f'<meta http-equiv="Content-Security-Policy" content="{policy(html)}">'
    return html.replace(HEAD, HEAD + said, 1)


def policy(html: str) -> str:
    """What a page may load and run. Attributes may style: plots and tables do."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {hashes(RUNS, html)}".strip(),
            f"style-src 'self' {hashes(STYLES, html)}".strip(),
            "style-src-attr 'unsafe-inline'",
            "img-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def hashes(inline: re.Pattern, html: str) -> str:
    """The inline parts of a page, each by its hash, sorted and once."""
    found = {hashed(text) for text in inline.findall(html)}
    return " ".join(sorted(found))


def hashed(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
