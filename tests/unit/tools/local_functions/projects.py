"""Templates with code beside them, for tests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from authorizer.tools.template import read_template

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from authorizer.tools.template import Document

ECHO = "import os\n\ndef handler(event, context):\n    return {'event': event, 'pid': os.getpid()}\n"


def function(**properties: Any) -> dict[str, Any]:
    """A function of plain CloudFormation."""
    given = {"Handler": "app.handler", "Runtime": "python3.11", "Role": "role", "Timeout": 5, **properties}
    return {"Type": "AWS::Lambda::Function", "Properties": given}


def sam_function(**properties: Any) -> dict[str, Any]:
    """A function of SAM."""
    given = {"Handler": "app.handler", "Runtime": "python3.11", **properties}
    return {"Type": "AWS::Serverless::Function", "Properties": given}


def document(folder: Path, files: Mapping[str, str] | None = None, **resources: Mapping[str, Any]) -> Document:
    """What is read from a template with these resources, in a folder with these files."""
    for name, text in (files or {}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    template = folder / "template.yaml"
    template.write_text(json.dumps({"Transform": "AWS::Serverless-2016-10-31", "Resources": resources}))
    return read_template(template)
