"""template.yaml as CloudFormation gets it: after SAM's transform, by SAM's own translator."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from samcli.yamlhelper import yaml_parse
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

if TYPE_CHECKING:
    from pathlib import Path

REGION = "eu-west-1"


def transformed(file: Path, **parameters: str) -> dict[str, Any]:
    """The resources, with local code replaced by addresses that pass for uploaded ones."""
    template = yaml_parse(file.read_text("utf-8"))
    for resource in template["Resources"].values():
        for name in ("CodeUri", "ContentUri"):
            if name in resource.get("Properties", {}):
                resource["Properties"][name] = "s3://artifacts/code"
    template.get("Globals", {}).get("Function", {}).pop("CodeUri", None)
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"].setdefault("CodeUri", "s3://artifacts/code")
    defaults = {name: str(value.get("Default", "")) for name, value in template.get("Parameters", {}).items()}
    with patch.dict(os.environ, {"AWS_DEFAULT_REGION": REGION}):
        result = Translator({}, Parser()).translate(template, defaults | parameters)
    resources: dict[str, Any] = result["Resources"]
    return resources
