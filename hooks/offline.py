"""A copy that is read from a folder, without a server: `make zip`.

Material's own plugin does the rest, but would fetch this worker from elsewhere.
"""

WORKER = "javascripts/vendor/iframe-worker.js"


def on_config(config) -> None:
    if config.plugins["material/offline"].config.enabled:
        config.extra["polyfills"] = [WORKER]
