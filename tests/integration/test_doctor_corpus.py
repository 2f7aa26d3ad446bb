"""Templates of other people, as they are: none ends in a traceback, and each error that the doctor finds is argued here."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from authorizer.tools.doctor.examination import examined
from authorizer.tools.doctor.view import View
from authorizer.tools.function_environment import PROJECT
from authorizer.tools.template import read_template
from authorizer.tools.template_check.finding import Severity
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.long

ARGUED = {
    # template: (error, why it is none of ours)
    "good/functions/sub_needed.yaml": {"api_key_disabled": "CloudFormation makes keys that are not enabled by default"},
    "good/resources/properties/hard_coded_arn_properties.yaml": {
        "identity_sources_missing_with_cache": "an authorizer of nothing but a URI; API Gateway refuses to create it"
    },
    "good/transform/list_transform_many.yaml": {"transform_unknown": "nobody here can run that transform"},
    "good/transform_serverless_api.yaml": {"body_elsewhere": "its OpenAPI document is not in the archive"},
    "integration/cfn-gather.yaml": {
        "cognito_identity_source_missing": "a user pool authorizer without IdentitySource, which CloudFormation requires",
        "cognito_pool_arn_malformed": "userpool/pool is no id of a user pool",
        "native_authorization_type_mismatch": "the resource is called MethodBadAuth, and it is",
    },
}
STARTERS = ("python", "nodejs", "golang", "ruby", "dotnet", "java-maven", "java-gradle")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
    command += ["--no-build-isolation", "--require-hashes", "-r", str(PROJECT / "requirements" / "corpus.txt")]
    run = subprocess.run([*command, "-d", str(folder)], capture_output=True, text=True, check=False, timeout=300)
    archives = list(folder.glob("*.tar.gz"))
    if run.returncode or not archives:
        pytest.skip("the package index cannot be reached, from which the templates come")
    with tarfile.open(archives[0]) as archive:
        archive.extractall(folder, filter="data")
    return next(folder.glob("*/test/fixtures/templates"))


def templates(folder: Path) -> Iterator[Path]:
    return (one for one in sorted(folder.rglob("*")) if one.suffix in (".yaml", ".yml", ".json", ".template"))


def errors(file: Path) -> set[str] | None:
    """The codes of errors; None for a file without an API, or one that is refused with a hint."""
    try:
        document = read_template(file)
        if not document.apis:
            return None
        found = examined(View(document=document)).findings
    except CommandError:
        return None
    return {one.code for one in found if one.severity is Severity.ERROR}


def test_errors_in_templates_of_others_are_argued(corpus: Path) -> None:
    read = {file.relative_to(corpus).as_posix(): errors(file) for file in templates(corpus)}
    assert len(read) >= 200
    assert sum(codes is not None for codes in read.values()) >= 8
    assert {name: codes for name, codes in read.items() if codes} == {
        name: set(reasons) for name, reasons in ARGUED.items()
    }


@pytest.mark.parametrize("name", STARTERS)
def test_starter_of_sam_init_has_no_error(name: str, tmp_path: Path) -> None:
    from cookiecutter.main import cookiecutter  # what `sam init` runs; it comes with SAM CLI

    spec = find_spec("samcli")
    assert spec is not None
    assert spec.submodule_search_locations
    starter = Path(spec.submodule_search_locations[0], "lib", "init", "templates", f"cookiecutter-aws-sam-hello-{name}")
    cookiecutter(str(starter), no_input=True, output_dir=str(tmp_path), extra_context={"project_name": "app"})
    assert errors(tmp_path / "app" / "template.yaml") == set()


@pytest.mark.parametrize("file", sorted((PROJECT / "examples").rglob("*.yaml")), ids=lambda one: one.parent.name)
def test_example_of_this_project_has_no_error(file: Path) -> None:
    assert not errors(file)
