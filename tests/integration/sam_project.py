"""A template in the hands of SAM: checked, built, and transformed as CloudFormation does it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

from authorizer.tools.function_environment import PROJECT

if TYPE_CHECKING:
    from collections.abc import Sequence

EXAMPLES = PROJECT / "examples"
PATIENCE = 120  # seconds; usually 3
UPLOADED = "s3://uploaded/by-sam-deploy"
Document = dict[str, Any]


def validate(template: Path) -> str:
    """What `sam validate --lint` says; an error when it finds something."""
    return _sam("validate", "--lint", "--template-file", str(template))


def build(template: Path, folder: Path) -> Path:
    """The template that `sam build` writes beside the functions that it built. SAM keeps notes in the parent of `folder`."""
    _sam("build", "--template-file", str(template), "--build-dir", str(folder))
    return folder / "template.yaml"


def read(template: Path) -> Document:
    """The template, its short forms written out."""
    document: Document = yaml_parse(template.read_text("utf-8"))
    return document


def transformed(document: Document) -> Document:
    """The resources that CloudFormation gets to see once SAM's transform is applied to a template."""
    copy = deepcopy(document)
    copy.get("Globals", {}).get("Function", {}).pop("CodeUri", None)
    for resource in copy["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function" and "InlineCode" not in resource["Properties"]:
            resource["Properties"]["CodeUri"] = UPLOADED
        if resource["Type"] == "AWS::Serverless::LayerVersion":
            resource["Properties"]["ContentUri"] = UPLOADED
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", "eu-west-1")  # the transform asks which partition it is in
        resources: Document = transform(copy, {}, _NoManagedPolicies())["Resources"]
    return resources


def of_type(resources: Document, kind: str) -> Sequence[Document]:
    """The properties of all resources of a type."""
    return [resource["Properties"] for resource in resources.values() if resource["Type"] == kind]


def authorizer_permissions(resources: Document) -> Sequence[Any]:
    """The functions that authorizers of an API may invoke. Other permissions of API Gateway do not count."""
    return [
        permission["FunctionName"]
        for permission in of_type(resources, "AWS::Lambda::Permission")
        if permission["Action"] == "lambda:InvokeFunction"
        and permission["Principal"] == "apigateway.amazonaws.com"
        and "/authorizers/" in json.dumps(permission["SourceArn"])
    ]


class _NoManagedPolicies:
    """None is given by name, so none has to be looked up in an account."""

    def load(self) -> dict[str, str]:
        raise AssertionError("a managed policy is named")


def _sam(*arguments: str) -> str:
    """Runs the SAM CLI of this environment, which wants some Python on its path."""
    tools = Path(sys.executable).parent
    environment = os.environ | {
        "PATH": os.pathsep.join([str(tools), os.environ.get("PATH", os.defpath)]),
        "SAM_CLI_TELEMETRY": "0",
        "AWS_DEFAULT_REGION": "eu-west-1",
    }
    done = subprocess.run(
        [str(tools / "sam"), *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
