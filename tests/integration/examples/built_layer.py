"""The layer that the examples use, built once for what it is made of, below build/."""

from __future__ import annotations

import fcntl
import platform
import shutil
import time
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from authorizer.tools.function_environment import PROJECT
from layers.bytecode import interpreter
from layers.layer import NOT_IN_LAYER, REQUIREMENTS, Architecture, build

BUILD = PROJECT / "build" / "examples-layer"
KEPT = 3600  # seconds
MACHINE = Architecture.X86_64 if platform.machine() == "x86_64" else Architecture.ARM64


def built_layer() -> Path:
    """The folder that Lambda mounts as /opt. Safe when two processes come at once."""
    BUILD.mkdir(parents=True, exist_ok=True)
    folder = BUILD / digest()
    with (BUILD / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # let go when the file is closed, also by a process that dies
        if not folder.exists():
            _forget_old()
            _make(folder)
    return folder


def digest() -> str:
    """What the layer is made of now: a built one is never changed."""
    package = PROJECT / "authorizer"
    shipped = [path for path in package.rglob("*") if not {*path.relative_to(package).parts} & {*NOT_IN_LAYER}]
    sources = [*shipped, REQUIREMENTS, *(PROJECT / "layers").glob("*.py")]
    total = sha256(MACHINE.value.encode())
    for path in sorted(path for path in sources if path.is_file()):
        total.update(b"%b\0%b\0" % (path.relative_to(PROJECT).as_posix().encode(), path.read_bytes()))
    return total.hexdigest()[:16]


def python(runtime: str) -> str:
    """The interpreter that stands for a runtime; an error, never a skipped test, where there is none."""
    minor = runtime.removeprefix("python")
    found = interpreter(minor)
    if found is None:
        raise RuntimeError(f"no Python {minor}, neither on the PATH nor among pyenv's: pyenv install {minor}")
    return found


def _forget_old() -> None:
    """Layers of earlier contents, which nobody runs any more."""
    for folder in BUILD.glob("*/"):
        if folder.stat().st_mtime < time.time() - KEPT:
            shutil.rmtree(folder)


def _make(folder: Path) -> None:
    """There as a whole or not at all."""
    with TemporaryDirectory(dir=folder.parent) as draft:
        build(MACHINE, Path(draft, "layer"))
        Path(draft, "layer").rename(folder)
