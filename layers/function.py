"""The code of a function: its settings, checked. All else comes from the layer.

`python -m layers.function FOLDER` writes the folder; it needs what requirements/build.txt names. Wrong settings end it with
status 2, and so the build and the deployment.
"""

from __future__ import annotations

import shutil
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from authorizer import config
from authorizer import settings as settings_of
from authorizer.errors import ConfigError
from authorizer.tools import config_check
from authorizer.tools.terminal import CANNOT_TELL, complain, note
from layers.layer import PROJECT, STAMP, stamp

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CACHE_TTL: Final = 300  # seconds; the default of the template's parameter CacheTtl
SETTINGS: Final = "authorizer*.toml"  # authorizer.toml, and one for each stage that differs: authorizer.dev.toml


def build(folder: Path, project: Path = PROJECT) -> int:
    """Writes the settings files and the key files that they name; the status of `authorizer config check`."""
    if any(map(_is_older, folder.parent.glob(f"Layer*/python/authorizer/{STAMP}"))):
        complain("SAM took the layer from its cache, and it is older than the code", "sam build, without --cached")
        return CANNOT_TELL
    folder.mkdir(parents=True, exist_ok=True)
    settings = sorted(project.glob(SETTINGS))
    wrong = [status for file in settings if (status := config_check.check(file, quiet=True))]
    if wrong or not settings:
        return max(wrong, default=CANNOT_TELL)
    for file in settings:
        _note_what_caching_refuses(file)
    for file in {*settings, *(named for one in settings for named in _key_files(one))}:
        target = folder / file.relative_to(project)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    # SAM publishes a version, for the alias to point to, only when a function's own code changed: a new layer changes it.
    (folder / STAMP).write_text(stamp(), "utf-8")
    return 0


def _note_what_caching_refuses(file: Path) -> None:
    """`CacheTtl` is known at the deployment only, but what its default would refuse is known now."""
    try:
        settings_of.read(config.from_file(file).with_value("cache", "ttl", CACHE_TTL, "CacheTtl"))
    except ConfigError as error:
        note(
            f"{file.name}: with CacheTtl at its default, {CACHE_TTL} s, the functions refuse these settings at their start:"
        )
        for problem in error.problems:
            note(f"  {problem}")


def _key_files(settings: Path) -> Iterator[Path]:
    """`jwks_file` and `keys.snapshot` of every issuer, which the functions read beside the settings."""
    document: dict[str, Any] = tomllib.loads(settings.read_text("utf-8"))
    for issuer in document.get("issuer", ()):
        for name in (issuer.get("jwks_file"), issuer.get("keys", {}).get("snapshot")):
            if name:
                yield settings.parent / name


def _is_older(layer: Path) -> bool:
    """Whether a layer beside the function is of other sources. The cache of `sam build --cached` and `sam sync` watches the
    package, not the wheels and the build that go into the layer too."""
    return layer.read_text("utf-8") != stamp()


def main(arguments: Sequence[str]) -> int:
    """The command."""
    return build(Path(arguments[0]))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
