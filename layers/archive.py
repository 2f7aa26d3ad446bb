"""The layer as one file, for those who publish it without SAM: the same content always makes the same bytes.

`python -m layers.archive arm64 FILE` builds the layer and packs it.
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from layers import layer

if TYPE_CHECKING:
    from collections.abc import Sequence

_TIME: Final = (1980, 1, 1, 0, 0, 0)  # the first that the format knows


def archive(folder: Path, file: Path) -> None:
    """Packs `folder`, whose name is the first part of every path, as Lambda unpacks it to /opt."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as opened:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder.parent).as_posix(), _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o755 if path.suffix == ".so" else 0o644) << 16
            opened.writestr(entry, path.read_bytes(), compresslevel=9)


def main(arguments: Sequence[str]) -> int:
    """The command."""
    architecture, file = arguments[0], Path(arguments[1])
    with TemporaryDirectory() as folder:
        status = layer.main([architecture, folder])
        if status == 0:
            file.parent.mkdir(parents=True, exist_ok=True)
            archive(Path(folder) / "python", file)
            sys.stdout.write(f"{file}: {file.stat().st_size / 1e6:.2f} MB\n")
    return status


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
