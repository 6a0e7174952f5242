"""Files of their own on the site: models and tricks, and the whole site as a zip."""

from pathlib import Path

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

from markup.snippet import alone
from measure.cache import SNIPPETS, measurable

ZIP = "cnn-parameter-diet.zip"


def on_files(files, config) -> None:
    for path in measurable():
        address = f"snippets/{path.relative_to(SNIPPETS).as_posix()}"
        files.append(File.generated(config, address, content=alone(path)))
    if config.extra["zip"] and config.extra["language"] == "ko":
        files.append(File.generated(config, ZIP, content=packed(config.extra["zip"])))


def packed(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except FileNotFoundError as error:
        raise PluginError(f"ZIP={path}: no such file: run `make zip` first") from error
