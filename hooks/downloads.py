"""Every snippet as a file of its own on the site, as a reader gets it."""

from mkdocs.structure.files import File

from markup.facts import SNIPPETS
from markup.snippet import clean


def on_files(files, config) -> None:
    for path in sorted(SNIPPETS.rglob("*.py")):
        address = f"snippets/{path.relative_to(SNIPPETS).as_posix()}"
        code = clean(path.read_text(encoding="utf-8"))
        files.append(File.generated(config, address, content=code))
