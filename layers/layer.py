"""The content of the layer for one architecture: this package, what it needs, and `.pyc` files that Lambda can use.

One layer serves every runtime: of all that we need only cffi's extension module belongs to one Python minor, and Python
finds its own by its file name, as it does `.pyc` files. `python -m layers.layer arm64 FOLDER` writes the folder.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from enum import Enum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from authorizer.version import VERSION
from layers import bytecode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PROJECT: Final = Path(__file__).resolve().parents[1]
REQUIREMENTS: Final = PROJECT / "requirements" / "runtime.txt"
MINORS: Final = ("3.12", "3.13", "3.14")  # template.yaml offers the runtimes of the same names
NOT_IN_LAYER: Final = ("tools", "testing", "__pycache__")
# cffi's Python code and its parser compile C declarations, which happened when `cryptography` was built; commands and stub
# files are of no use in a function. Licences stay.
LEFT_OUT: Final = ("bin", "cffi", "pycparser", "pycparser-*.dist-info")
LEFT_OUT_ANYWHERE: Final = ("__pycache__", "*.pyi", "RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "sboms")
STAMP: Final = "layer.txt"


def stamp() -> str:
    """Names the version and the digest of all that the layer is made of."""
    sources = (path for path in (PROJECT / "authorizer").rglob("*") if path.is_file())
    kept = [path for path in sources if not set(path.relative_to(PROJECT / "authorizer").parts) & set(NOT_IN_LAYER)]
    total = hashlib.sha256()
    for path in sorted([*kept, REQUIREMENTS, Path(__file__).resolve(), Path(bytecode.__file__).resolve()]):
        total.update(path.relative_to(PROJECT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return f"lambda-authorizers {VERSION} {total.hexdigest()}\n"


class Architecture(Enum):
    """Processors of Lambda, by the name that Lambda gives them, and the wheels that run there.

    All runtimes since Python 3.12 are Amazon Linux 2023, whose glibc is 2.34.
    """

    X86_64 = "x86_64"
    ARM64 = "arm64"

    @property
    def platforms(self) -> tuple[str, ...]:
        machine = "x86_64" if self is Architecture.X86_64 else "aarch64"
        return (*(f"manylinux_2_{glibc}_{machine}" for glibc in (34, 28, 17)), f"manylinux2014_{machine}")


class LayerError(Exception):
    """The layer cannot be built."""


def build(architecture: Architecture, folder: Path) -> Sequence[str]:
    """Writes `folder`/python; the minors for which it has `.pyc` files. Raises `LayerError`."""
    target = folder / "python"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for minor in MINORS:
        with TemporaryDirectory() as wheels:
            _install(architecture, minor, Path(wheels))
            _prune(Path(wheels))
            _merge(Path(wheels), target)
    shutil.copytree(PROJECT / "authorizer", target / "authorizer", ignore=shutil.ignore_patterns(*NOT_IN_LAYER))
    shutil.copyfile(PROJECT / "LICENSE", target / "authorizer" / "LICENSE")
    (target / "authorizer" / STAMP).write_text(stamp(), "utf-8")
    compiled = [
        minor for minor in MINORS if (python := bytecode.interpreter(minor)) and bytecode.compile_for(python, target)
    ]
    _settle(target)
    return compiled


def _install(architecture: Architecture, minor: str, target: Path) -> None:
    """Exactly the pinned wheels, whatever this machine is."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-compile"]
    command += ["--root-user-action=ignore", "--no-deps", "--require-hashes", "--requirement", str(REQUIREMENTS)]
    command += ["--only-binary=:all:", "--implementation=cp", f"--python-version={minor}", f"--target={target}"]
    command += [f"--platform={platform}" for platform in architecture.platforms]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise LayerError(f"pip could not fetch the wheels for {architecture.value} and Python {minor}\n{done.stdout}")


def _prune(folder: Path) -> None:
    for pattern in LEFT_OUT:
        _remove(sorted(folder.glob(pattern)))
    for pattern in LEFT_OUT_ANYWHERE:
        _remove(sorted(folder.rglob(pattern)))


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _merge(source: Path, target: Path) -> None:
    """Adds what is not there yet. Two minors that need different files of one name cannot share a layer."""
    for path in sorted(path for path in source.rglob("*") if path.is_file()):
        place = target / path.relative_to(source)
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)
        elif path.name != "WHEEL" and place.read_bytes() != path.read_bytes():
            raise LayerError(
                f"{place.relative_to(target)} differs between Python minors: the layer needs one per minor"
            )


def _settle(folder: Path) -> None:
    """The same modes everywhere, so that the same content makes the same archive."""
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() or path.suffix == ".so" else 0o644)


def main(arguments: Sequence[str]) -> int:
    """The command."""
    architecture, folder = Architecture(arguments[0]), Path(arguments[1])
    try:
        compiled = build(architecture, folder)
    except LayerError as error:
        sys.stderr.write(f"error: {error}\nhint: the wheels are pinned in {REQUIREMENTS.relative_to(PROJECT)}\n")
        return 2
    for minor in sorted(set(MINORS) - set(compiled)):
        sys.stdout.write(  # SAM shows this stream, and the other only when a build fails
            f"warning: no Python {minor} here, so the layer has no .pyc files for it: every cold start of a "
            f"python{minor} function compiles the modules it loads\n"
            f"hint: install Python {minor} and build again, or deploy with a Runtime out of {', '.join(compiled)}\n"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
