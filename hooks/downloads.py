"""Models and tricks as files of their own on the site, as a reader gets them."""

from mkdocs.structure.files import File

from markup.snippet import clean
from measure.cache import SNIPPETS, measurable


def on_files(files, config) -> None:
    for path in measurable():
        address = f"snippets/{path.relative_to(SNIPPETS).as_posix()}"
        code = clean(path.read_text(encoding="utf-8"))
        files.append(File.generated(config, address, content=code))
