"""Installs oidc-provider from the npm registry: exactly what package-lock.json names, once, below build/."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from authorizer.tools.function_environment import PROJECT

if TYPE_CHECKING:
    from tests.integration.real_parts.openid_provider.node import Node

SOURCE = Path(__file__).parent
FILES = ("package.json", "package-lock.json", "server.mjs")
BUILD = PROJECT / "build" / "openid-provider"
OPTIONS = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--logs-max=0")
PATIENCE = 300  # seconds; usually 2


def install(node: Node, build: Path = BUILD) -> Path:
    """The folder with the server and all that it needs, for these very files. Safe when two processes come at once."""
    build.mkdir(parents=True, exist_ok=True)
    folder = build / digest()
    with (build / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # let go when the file is closed, also by a process that dies
        if not folder.exists():
            _make(node, folder)
    return folder


def digest() -> str:
    """What the files are now: an installation is never changed."""
    return sha256(b"\0".join(Path(SOURCE, name).read_bytes() for name in FILES)).hexdigest()[:16]


def _make(node: Node, folder: Path) -> None:
    """There as a whole or not at all: what breaks off leaves nothing that looks installed."""
    with TemporaryDirectory(dir=folder.parent) as draft:
        new = Path(draft, folder.name)
        new.mkdir()
        for name in FILES:
            shutil.copy(SOURCE / name, new)
        _run_npm(node, new, Path(draft, "cache"))
        new.rename(folder)


def _run_npm(node: Node, folder: Path, cache: Path) -> None:
    command = [*node.npm, "ci", *OPTIONS, "--cache", str(cache)]
    done = subprocess.run(
        command,
        cwd=folder,
        env=node.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"npm ci failed with status {done.returncode}:\n{done.stderr}")
