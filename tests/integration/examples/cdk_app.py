"""examples/attach/cdk: its packages from the npm registry, exactly as its lock file names them, once, below build/."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.integration.real_parts.openid_provider.node import Node, find_node, in_wheel
from tests.integration.sam_project import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.integration.sam_project import Document

APP = EXAMPLES / "attach" / "cdk"
BUILD = EXAMPLES.parent / "build" / "examples-cdk"
LOCKED = ("package.json", "package-lock.json")
SOURCES = (*LOCKED, "cdk.json", "tsconfig.json", "app.ts")
NPM_OPTIONS = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--logs-max=0")
CDK_OPTIONS = ("--no-notices", "--no-version-reporting", "--no-path-metadata", "--no-asset-metadata", "--quiet")
PATIENCE = 300  # seconds, for 60 MB from a registry; usually 13
NOWHERE = "http://127.0.0.1:9"  # the port of the discard service


class CdkApp:
    """A copy of the app in a folder of its own, with the packages that it needs."""

    def __init__(self, folder: Path, without: Sequence[str] = ()) -> None:
        """`without`: regular expressions of what is taken out of app.ts."""
        self._node = in_wheel() or find_node()  # the pinned one: an older Node cannot run TypeScript as it is
        self._folder = folder
        for name in SOURCES:
            shutil.copy(APP / name, folder)
        app = folder / "app.ts"
        for pattern in without:
            changed, count = re.subn(pattern, "", app.read_text("utf-8"))
            assert count, f"{pattern} is not in app.ts"
            app.write_text(changed, "utf-8")
        (folder / "node_modules").symlink_to(_installed(self._node) / "node_modules")

    def check_types(self) -> None:
        """Node ignores types, so that a misspelled property would only be missing from the template."""
        self._run("tsc", {})

    def synthesize(self) -> Path:
        """The template. Nothing is asked of AWS or of anybody else: there is no way out."""
        output = self._folder / "cdk.out"
        away = {"HOME": str(self._folder), "HTTPS_PROXY": NOWHERE, "HTTP_PROXY": NOWHERE, "CI": "true"}
        away |= {"CDK_DISABLE_CLI_TELEMETRY": "true", "CDK_DISABLE_VERSION_CHECK": "true"}
        self._run("cdk", away, "synth", *CDK_OPTIONS, "--output", str(output))
        return output / "Orders.template.json"

    def _run(self, command: str, variables: Mapping[str, str], *arguments: str) -> None:
        program = self._folder / "node_modules" / ".bin" / command
        _run(
            [str(self._node.program), str(program), *arguments], self._folder, {**self._node.environment(), **variables}
        )


def resources(template: Path) -> Document:
    """The resources of a synthesised template."""
    document: Document = json.loads(template.read_text("utf-8"))["Resources"]
    return document


def _installed(node: Node) -> Path:
    """The folder with node_modules for this lock file. Safe when two processes come at once."""
    BUILD.mkdir(parents=True, exist_ok=True)
    folder = BUILD / sha256(b"\0".join((APP / name).read_bytes() for name in LOCKED)).hexdigest()[:16]
    with (BUILD / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # let go when the file is closed, also by a process that dies
        if not folder.exists():
            _install(node, folder)
    return folder


def _install(node: Node, folder: Path) -> None:
    """There as a whole or not at all."""
    with TemporaryDirectory(dir=folder.parent) as draft:
        new = Path(draft, "new")
        new.mkdir()
        for name in LOCKED:
            shutil.copy(APP / name, new)
        _run([*node.npm, "ci", *NPM_OPTIONS, "--cache", str(Path(draft, "cache"))], new, node.environment())
        new.rename(folder)


def _run(command: list[str], folder: Path, environment: Mapping[str, str]) -> None:
    done = subprocess.run(
        command,
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, f"{os.path.basename(command[0])}: {done.stdout}{done.stderr}"
