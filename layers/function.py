"""The code of a function: its settings, checked. All else comes from the layer.

`python -m layers.function FOLDER` writes the folder; it needs what requirements/build.txt names. Wrong settings end it with
status 2, and so the build and the deployment.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools import config_check
from authorizer.tools.terminal import CANNOT_TELL
from authorizer.version import VERSION
from layers.layer import NOT_IN_LAYER, PROJECT, REQUIREMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SETTINGS: Final = "authorizer*.toml"  # authorizer.toml, and one for each stage that differs: authorizer.dev.toml
LAYER_STAMP: Final = "layer.txt"


def build(folder: Path, project: Path = PROJECT) -> int:
    """Writes the settings files and the key files that they name; the status of `authorizer config check`."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = sorted(project.glob(SETTINGS))
    wrong = [status for file in settings if (status := config_check.check(file, quiet=True))]
    if wrong or not settings:
        return max(wrong, default=CANNOT_TELL)
    for file in {*settings, *(named for one in settings for named in _key_files(one))}:
        target = folder / file.relative_to(project)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    (folder / LAYER_STAMP).write_text(f"lambda-authorizers {VERSION} {_digest()}\n", "utf-8")
    return 0


def _key_files(settings: Path) -> Iterator[Path]:
    """`jwks_file` and `keys.snapshot` of every issuer, which the functions read beside the settings."""
    document: dict[str, Any] = tomllib.loads(settings.read_text("utf-8"))
    for issuer in document.get("issuer", ()):
        for name in (issuer.get("jwks_file"), issuer.get("keys", {}).get("snapshot")):
            if name:
                yield settings.parent / name


def _digest() -> str:
    """Of all that the layer is made of. SAM publishes a version, which an alias then points to, only when a function's own
    code changed: with this in it, a new layer is a change."""
    sources = (path for path in (PROJECT / "authorizer").rglob("*") if path.is_file())
    kept = [path for path in sources if not set(path.relative_to(PROJECT / "authorizer").parts) & set(NOT_IN_LAYER)]
    total = hashlib.sha256()
    for path in sorted([*kept, REQUIREMENTS, *(PROJECT / "layers").glob("*.py")]):
        total.update(path.relative_to(PROJECT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def main(arguments: Sequence[str]) -> int:
    """The command."""
    return build(Path(arguments[0]))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
