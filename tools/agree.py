"""`make agree PAGE=architectures/vgg`: a person has compared a page's two languages.

The text of each section is recorded as it stands now in both languages. From then on
a test fails, and names the section, when one of them is edited and not compared again.
"""

import json
import sys

from tools import pages

RECORD = pages.DOCS / "agreed.json"


def record() -> dict[str, dict[str, list[str]]]:
    return json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}


def fingerprints(path: str) -> dict[str, list[str]]:
    """For every section of a page, the fingerprint of its text in each language."""
    found: dict[str, list[str]] = {}
    for language in pages.LANGUAGES:
        for section in pages.read(pages.DOCS / language / path).sections:
            found.setdefault(section.id, []).append(section.fingerprint())
    return found


def disagreements(path: str) -> list[str]:
    """Sections that changed since a person compared them, and in which language."""
    agreed = record().get(path, {})
    now = fingerprints(path)
    said = []
    for name in {**now, **agreed}:
        before, after = agreed.get(name), now.get(name)
        if before == after:
            continue
        if before is None or after is None or len(before) != len(after):
            said.append(f"#{name} is new or gone")
            continue
        changed = [
            language
            for language, one, other in zip(pages.LANGUAGES, before, after, strict=True)
            if one != other
        ]
        said.append(f"#{name} changed in {' and '.join(changed)}")
    return said


def main(arguments: list[str]) -> None:
    known = sorted({*pages.paths("ko"), *pages.paths("en")})
    lonely = [
        f"docs/{language}/{path} is missing"
        for language in pages.LANGUAGES
        for path in known
        if not (pages.DOCS / language / path).exists()
    ]
    if lonely:
        sys.exit(f"agree: {'; '.join(lonely)}: write it, or remove its twin")
    stems = {path.rpartition(".")[0]: path for path in known}
    if len(arguments) != 1 or arguments[0] not in {*known, *stems}:
        waiting = [path for path in known if disagreements(path)]
        sys.exit(
            "agree: name one page, as in `make agree PAGE=architectures/vgg`; "
            f"pages to compare: {', '.join(waiting) or 'none'}"
        )
    path = stems.get(arguments[0], arguments[0])
    for said in disagreements(path):
        print(f"agreed: {path} {said}")
    everything = record() | {path: fingerprints(path)}
    text = json.dumps(everything, indent=1, sort_keys=True)
    RECORD.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
