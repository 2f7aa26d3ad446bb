"""Virtual environments of pinned requirements, for a Python that the layer is made for. Each is made once, in build/."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Final

from layers.bytecode import interpreter
from layers.layer import MINORS, PROJECT

if TYPE_CHECKING:
    from pathlib import Path

RUNTIME: Final = "3.13"  # the default of template.yaml


class NoInterpreter(Exception):
    """This machine has no Python that the layer is made for."""


def environment(name: str, minor: str) -> Path:
    """The Python of an environment with requirements/`name`.txt and nothing else. Raises `NoInterpreter`."""
    requirements = PROJECT / "requirements" / f"{name}.txt"
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()[:12]
    place = PROJECT / "build" / f"{name}-{minor}-{digest}"
    if not place.exists():
        _put(_made(requirements, minor), place)
    return place / "bin" / "python"


def available() -> list[str]:
    """The minors that the layer is made for and this machine has."""
    return [minor for minor in MINORS if interpreter(minor)]


def _made(requirements: Path, minor: str) -> Path:
    python = interpreter(minor)
    if python is None:
        raise NoInterpreter(f"there is no Python {minor} here; install it, for example with pyenv")
    draft = PROJECT / "build" / f"draft-{os.getpid()}-{requirements.stem}-{minor}"
    shutil.rmtree(draft, ignore_errors=True)
    subprocess.run([python, "-m", "venv", str(draft)], check=True)
    install = ["-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-deps", "--require-hashes"]
    subprocess.run([str(draft / "bin" / "python"), *install, "--requirement", str(requirements)], check=True)
    return draft


def _put(draft: Path, place: Path) -> None:
    """In one step, for another process may do the same. Its scripts would name the draft; `python -m` works."""
    try:
        draft.rename(place)
    except OSError:
        shutil.rmtree(draft)
