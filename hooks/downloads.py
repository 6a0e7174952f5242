"""Models and tricks as files of their own on the site, as a reader gets them."""

from mkdocs.structure.files import File

from markup.snippet import alone
from measure.cache import SNIPPETS, measurable


def on_files(files, config) -> None:
    for path in measurable():
        address = f"snippets/{path.relative_to(SNIPPETS).as_posix()}"
        files.append(File.generated(config, address, content=alone(path)))
