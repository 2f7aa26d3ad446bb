"""`.pyc` files that stay valid on Lambda, which can write none: without them every cold start compiles.

Checked by hash, not by time: archives lose times, and a function may lay another layer over this one, after which the source
of a module is no longer the one that we compiled (PEP 552).
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

ON_LAMBDA: Final = "/opt/python"  # where Lambda mounts the layer; tracebacks name files there
# What an authorizer loads. The rest of Powertools is in the layer as source, for functions that use it.
COMPILED: Final = (
    "authorizer",
    "cryptography/*.py",
    "cryptography/hazmat/*.py",
    "cryptography/hazmat/bindings",
    "cryptography/hazmat/primitives/*.py",
    "cryptography/hazmat/primitives/asymmetric",
    "aws_lambda_powertools/*.py",
    "aws_lambda_powertools/exceptions",
    "aws_lambda_powertools/logging",
    "aws_lambda_powertools/metrics",
    "aws_lambda_powertools/shared",
    "aws_lambda_powertools/tracing",
    "aws_lambda_powertools/utilities/__init__.py",
    "aws_lambda_powertools/utilities/jmespath_utils",
    "aws_lambda_powertools/warnings",
    "jmespath",
    "typing_extensions.py",
)


def interpreter(minor: str) -> str | None:
    """A Python of this minor on this machine, on the PATH or among pyenv's; None when there is none that runs."""
    candidates = [shutil.which(f"python{minor}"), shutil.which("python3"), *map(str, _of_pyenv(minor))]
    return next((python for python in candidates if python and _is(python, minor)), None)


def compile_for(python: str, folder: Path) -> bool:
    """Compiles what is loaded, with the interpreter that will load it; whether all of it compiled."""
    files = sorted({file for pattern in COMPILED for file in _sources(folder, pattern)})
    command = [python, "-m", "compileall", "-q", "-j1", "--invalidation-mode", "checked-hash"]
    command += ["-s", str(folder), "-p", ON_LAMBDA, *map(str, files)]
    return subprocess.run(command, check=False).returncode == 0


def _sources(folder: Path, pattern: str) -> Iterator[Path]:
    for path in folder.glob(pattern):
        yield from path.rglob("*.py") if path.is_dir() else [path]


def _of_pyenv(minor: str) -> list[Path]:
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    return sorted(root.glob(f"versions/{minor}.*/bin/python{minor}"), reverse=True)


def _is(python: str, minor: str) -> bool:
    """Whether it runs and is what its name says: the shims of pyenv run only where a version is chosen."""
    program = "import sys; print('%d.%d' % sys.version_info[:2])"
    done = subprocess.run([python, "-c", program], capture_output=True, text=True, check=False)
    return done.returncode == 0 and done.stdout.strip() == minor
