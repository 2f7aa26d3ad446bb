"""What `sam build` runs: wrong settings end it, key files come along, a new layer is a change of every function."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from authorizer.testing import SigningKey, key_set
from authorizer.tools.function_environment import PROJECT
from layers import function
from layers.environment import RUNTIME
from layers.layer import MINORS, STAMP, Architecture, LayerError, _merge, stamp
from layers.parameters_page import PAGE, page, read_template

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """
[[issuer]]
kind = "jwt"
issuer = "https://issuer.example.com/"
audience = ["orders-api"]
jwks_file = "keys/issuer.json"

[require]
any_valid_token = true
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of somebody with keys in a file."""
    folder = tmp_path / "project"
    (folder / "keys").mkdir(parents=True)
    (folder / "keys" / "issuer.json").write_text(json.dumps(key_set(SigningKey.generate("ES256"))))
    (folder / "authorizer.toml").write_text(GOOD)
    return folder


def test_settings_and_the_keys_that_they_name_are_the_code(project: Path, tmp_path: Path) -> None:
    (project / "authorizer.prod.toml").write_text(GOOD)
    (project / "other.toml").write_text("not ours")
    assert function.build(tmp_path / "code", project) == 0
    names = {path.relative_to(tmp_path / "code").as_posix() for path in (tmp_path / "code").rglob("*.*")}
    assert names == {"authorizer.toml", "authorizer.prod.toml", "keys/issuer.json", "layer.txt"}


@pytest.mark.parametrize("name", ["authorizer.toml", "authorizer.prod.toml"])
def test_wrong_settings_end_the_build(
    name: str, project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / name).write_text(GOOD.replace("audience", "audiance"))
    assert function.build(tmp_path / "code", project) == 2
    printed = capsys.readouterr()
    assert "issuer[0].audiance" in printed.out
    assert printed.err.splitlines()[-1].startswith("hint: ")
    assert list((tmp_path / "code").iterdir()) == []


def test_missing_settings_end_the_build(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert function.build(tmp_path / "code", tmp_path / "empty") == 2


def test_code_names_the_layer_that_it_needs(project: Path, tmp_path: Path) -> None:
    """SAM publishes a version when the code of a function changed: a new layer has to be such a change."""
    function.build(tmp_path / "code", project)
    name, version, digest = (tmp_path / "code" / STAMP).read_text().split()
    assert (name, len(digest)) == ("lambda-authorizers", 64)
    assert version == read_template()["Metadata"]["AWS::ServerlessRepo::Application"]["SemanticVersion"]


@pytest.mark.parametrize(("found", "status"), [(stamp(), 0), ("lambda-authorizers 0.0.9 0\n", 2)], ids=["new", "old"])
def test_layer_out_of_an_old_cache_ends_the_build(found: str, status: int, project: Path, tmp_path: Path) -> None:
    """`sam build --cached` may take the layer that it made from other sources; the functions are always built anew."""
    layer = tmp_path / "build" / "LayerArm64" / "python" / "authorizer"
    layer.mkdir(parents=True)
    (layer / STAMP).write_text(found)
    assert function.build(tmp_path / "build" / "HttpAuthorizer", project) == status


def test_files_that_differ_between_minors_cannot_share_a_layer(tmp_path: Path) -> None:
    for minor, content in (("3.12", "one"), ("3.13", "other")):
        (tmp_path / minor).mkdir()
        (tmp_path / minor / "module.py").write_text(content)
    (tmp_path / "layer").mkdir()
    _merge(tmp_path / "3.12", tmp_path / "layer")
    _merge(tmp_path / "3.12", tmp_path / "layer")
    with pytest.raises(LayerError):
        _merge(tmp_path / "3.13", tmp_path / "layer")


def test_every_layer_and_function_has_a_target() -> None:
    """SAM runs `make build-LOGICAL_ID`."""
    for name, resource in read_template()["Resources"].items():
        if resource.get("Metadata", {}).get("BuildMethod") == "makefile":
            command = ["make", "--makefile", "layers/Makefile", "--dry-run", f"build-{name}", "ARTIFACTS_DIR=/nowhere"]
            assert subprocess.run(command, cwd=PROJECT, capture_output=True, check=False).returncode == 0, name


def test_each_architecture_has_its_wheels() -> None:
    platforms = [set(architecture.platforms) for architecture in Architecture]
    assert platforms[0].isdisjoint(platforms[1])
    assert all(name.endswith(("x86_64", "aarch64")) for names in platforms for name in names)


def test_runtimes_are_the_minors_of_the_layer() -> None:
    parameter = read_template()["Parameters"]["Runtime"]
    assert parameter["AllowedValues"] == [f"python{minor}" for minor in MINORS]
    assert parameter["Default"] == f"python{RUNTIME}"


def test_page_of_parameters_is_that_of_the_template() -> None:
    assert PAGE.read_text("utf-8") == page(), "make docs"


def test_every_parameter_is_asked_for_in_the_order_of_its_group() -> None:
    """`sam deploy --guided` asks in the order of the template, the console in that of the groups."""
    template = read_template()
    groups = template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    assert [name for group in groups for name in group["Parameters"]] == list(template["Parameters"])
