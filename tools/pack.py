"""`python -m tools.pack FOLDER ZIP`: a folder as a zip, the same bytes each time."""

import sys
import zipfile
from pathlib import Path

DAY = (1980, 1, 1, 0, 0, 0)  # the first that a zip can hold: no clock in it


def pack(folder: Path, target: Path) -> None:
    """Write all files below a folder into a zip that unpacks to one folder."""
    part = target.with_name(f"{target.name}.part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = f"{target.stem}/{path.relative_to(folder).as_posix()}"
            entry = zipfile.ZipInfo(name, DAY)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, path.read_bytes())
    part.replace(target)


if __name__ == "__main__":
    pack(Path(sys.argv[1]), Path(sys.argv[2]))
