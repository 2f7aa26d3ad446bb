"""The layers that `sam build` made: the right machine code, byte code that stays valid, nothing that is not needed."""

from __future__ import annotations

import _imp
import json
import re
import shutil
import struct
import subprocess
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from authorizer.tools.function_environment import PROJECT
from authorizer.version import VERSION
from layers.archive import archive
from layers.bytecode import interpreter
from layers.environment import available, environment
from layers.layer import MINORS, Architecture, build
from layers.parameters_page import read_template
from tests.integration.artifact.built_project import BUILT

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.long

LAYERS = {Architecture.X86_64: "LayerX8664", Architecture.ARM64: "LayerArm64"}
MACHINES = {Architecture.X86_64: 62, Architecture.ARM64: 183}  # EM_X86_64, EM_AARCH64 of the ELF specification
MAX_ZIPPED = 8_000_000  # bytes
each_layer = pytest.mark.parametrize("architecture", Architecture, ids=lambda one: one.value)


def folder(architecture: Architecture) -> Path:
    return BUILT.parent / LAYERS[architecture] / "python"


def machine(library: Path) -> int:
    header = library.read_bytes()[:20]
    assert header[:4] == b"\x7fELF"
    return int(struct.unpack_from("<H", header, 18)[0])


@each_layer
def test_every_library_is_for_the_processor_of_its_layer(architecture: Architecture) -> None:
    libraries = list(folder(architecture).rglob("*.so"))
    assert {machine(library) for library in libraries} == {MACHINES[architecture]}
    minors = {match[1] for library in libraries if (match := re.search(r"cpython-3(\d+)-", library.name))}
    assert minors == {minor.partition(".")[2] for minor in MINORS}


@each_layer
def test_layer_holds_the_package_without_tools(architecture: Architecture) -> None:
    package = folder(architecture) / "authorizer"
    assert (package / "reasons.toml").exists()
    assert (package / "decision.schema.json").exists()
    assert not [name for name in ("tools", "testing") if (package / name).exists()]
    names = {path.name for path in folder(architecture).iterdir()}
    assert not names & {"jwt", "boto3", "botocore", "typer", "rich", "pytest", "pycparser", "cffi", "bin"}


@each_layer
def test_licences_are_there(architecture: Architecture) -> None:
    distributions = list(folder(architecture).glob("*.dist-info"))
    assert len(distributions) >= 5
    for place in (*distributions, folder(architecture) / "authorizer"):
        assert [path for path in place.rglob("*") if "LICENSE" in path.name.upper()], place.name


def compiled(architecture: Architecture, minor: str) -> Iterator[Path]:
    yield from folder(architecture).rglob(f"*.cpython-{minor.replace('.', '')}.pyc")


@each_layer
@pytest.mark.parametrize("minor", available())
def test_byte_code_is_valid_by_hash(architecture: Architecture, minor: str) -> None:
    """PEP 552: flags 3 are a hash that Python compares with the source. Times would be lost in the archive."""
    files = list(compiled(architecture, minor))
    assert len(files) > 100
    for file in files:
        content = file.read_bytes()
        source = file.parents[1] / f"{file.name.split('.')[0]}.py"
        assert struct.unpack_from("<I", content, 4)[0] == 0b11
        magic = int.from_bytes(content[:4], "little")  # of the minor that compiled it, which keys the hash
        assert content[8:16] == _imp.source_hash(magic, source.read_bytes())
        assert str(PROJECT).encode() not in content


PROBE = """
import importlib.util, json, os, sys
from authorizer.handler import http
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
import authorizer.jose.fetch
root = os.environ["LAYER"] + os.sep
files = {name: getattr(module, "__file__", None) or "" for name, module in sys.modules.items()}
sources = [path for path in files.values() if path.startswith(root) and path.endswith(".py")]
missing = [path for path in sources if not os.path.exists(importlib.util.cache_from_source(path))]
strangers = [name for name, path in files.items() if "site-packages" in path and not path.startswith(root)]
print(json.dumps({"loaded": len(sources), "missing": missing, "strangers": strangers}))
"""


@pytest.mark.parametrize("minor", available())
def test_a_start_compiles_nothing_and_needs_nothing_else(minor: str) -> None:
    layer = str(folder(Architecture.X86_64))
    settings = {
        "AUTHORIZER_USER_POOL_ID": "eu-west-1_AbCdEfGhI",
        "AUTHORIZER_CLIENT_IDS": "a",
        "AUTHORIZER_TOKEN_USE": "access",
        "AUTHORIZER_ANY_VALID_TOKEN": "true",
    }
    python = str(environment("lambda", minor))
    variables = {"PYTHONPATH": layer, "LAYER": layer, "PYTHONDONTWRITEBYTECODE": "1"} | settings
    done = subprocess.run([python, "-c", PROBE], env=variables, capture_output=True, text=True, check=True)
    report = json.loads(done.stdout)
    assert report["loaded"] > 50
    assert report["missing"] == []
    assert report["strangers"] == []


@pytest.mark.parametrize("minor", available())
def test_byte_code_does_not_stand_in_for_another_layer_s_file(minor: str, tmp_path: Path) -> None:
    """Layers are laid over each other file by file: here one with another Powertools, without byte code, over ours."""
    package = Path("aws_lambda_powertools", "shared")
    shutil.copytree(folder(Architecture.X86_64) / package, tmp_path / package)
    (tmp_path / package.parent / "__init__.py").touch()
    source = tmp_path / package / "version.py"
    (byte_code,) = (source.parent / "__pycache__").glob(f"version.cpython-{minor.replace('.', '')}.pyc")
    assert byte_code.exists()
    source.write_text('VERSION = "another"\n')
    program = "from aws_lambda_powertools.shared.version import VERSION; print(VERSION)"
    python = str(environment("lambda", minor))
    done = subprocess.run(
        [python, "-c", program], env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=True
    )
    assert done.stdout == "another\n"


@each_layer
def test_same_sources_make_the_same_archive(architecture: Architecture, tmp_path: Path) -> None:
    build(architecture, tmp_path)
    again, first = tmp_path / "again.zip", tmp_path / "first.zip"
    archive(tmp_path / "python", again)
    archive(folder(architecture), first)
    assert again.read_bytes() == first.read_bytes()
    assert first.stat().st_size <= MAX_ZIPPED
    with zipfile.ZipFile(first) as opened:
        assert all(name.startswith("python/") for name in opened.namelist())


def test_description_names_the_version() -> None:
    template = read_template()
    layers = [template["Resources"][name]["Properties"] for name in LAYERS.values()]
    assert {layer["Description"] for layer in layers} == {f"lambda-authorizers {VERSION}"}
    assert {layer["RetentionPolicy"] for layer in layers} == {"Retain"}
    assert template["Metadata"]["AWS::ServerlessRepo::Application"]["SemanticVersion"] == VERSION
    runtimes = [f"python{minor}" for minor in MINORS]
    assert template["Parameters"]["Runtime"]["AllowedValues"] == runtimes
    assert all(layer["CompatibleRuntimes"] == runtimes for layer in layers)


def test_shim_that_does_not_run_is_no_interpreter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shim = tmp_path / "python3.99"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    assert interpreter("3.99") is None
