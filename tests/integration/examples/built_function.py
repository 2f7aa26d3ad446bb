"""A function of a built template, run as Lambda would: its own handler, variables, layers and order of import paths."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from authorizer.clock import stopwatch
from authorizer.tools.invocation import Invocation, read_invocation
from tests.integration.examples.built_layer import python
from tests.integration.sam_project import read

if TYPE_CHECKING:
    from collections.abc import Mapping

CHILD = Path(__file__).with_name("invocation_child.py")
PATIENCE = 30  # seconds, with the interpreter's start; usually 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltFunction:
    """What Lambda needs to know of a function."""

    handler: str
    runtime: str
    import_paths: tuple[Path, ...]  # the function's folder, then the layers
    variables: Mapping[str, str] = field(repr=False)

    def invoke(self, event: Mapping[str, Any], *, runtime: tuple[Path, ...] = (), **variables: str) -> Invocation:
        """What comes of one event in a fresh environment; `runtime` is what Lambda's own Python has beside the layers."""
        began = stopwatch()
        done = subprocess.run(
            [python(self.runtime), "-B", "-P", "-S", str(CHILD), self.handler],
            input=json.dumps(event).encode(),
            env=self._environment(runtime) | variables,
            cwd=self.import_paths[0],
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        return read_invocation(done.stdout, done.stderr, stopwatch() - began)

    def _environment(self, runtime: tuple[Path, ...]) -> dict[str, str]:
        return {
            "PATH": os.defpath,
            "PYTHONPATH": os.pathsep.join(map(str, (*self.import_paths, *runtime))),
            "LAMBDA_TASK_ROOT": str(self.import_paths[0]),
            "AWS_REGION": "eu-west-1",
            "AWS_DEFAULT_REGION": "eu-west-1",
            **self.variables,
        }


def built_function(template: Path, name: str, values: Mapping[str, str]) -> BuiltFunction:
    """The function of this name. `values` says what each `Ref` is: a layer's ARN is the folder of the layer."""
    document = read(template)
    everywhere: Mapping[str, Any] = document.get("Globals", {}).get("Function", {})
    own: Mapping[str, Any] = document["Resources"][name]["Properties"]
    layers = [Path(_value(layer, values), "python") for layer in own.get("Layers", everywhere.get("Layers", ()))]
    variables = {
        **everywhere.get("Environment", {}).get("Variables", {}),
        **own.get("Environment", {}).get("Variables", {}),
    }
    return BuiltFunction(
        handler=own["Handler"],
        runtime=own.get("Runtime", everywhere.get("Runtime")),
        import_paths=(_code(template.parent, name, own), *layers),
        variables={name: _value(value, values) for name, value in variables.items()},
    )


def _code(folder: Path, name: str, properties: Mapping[str, Any]) -> Path:
    """Where the code is; inline code is written out, as CloudFormation does."""
    if "InlineCode" not in properties:
        return folder / str(properties["CodeUri"])
    written = folder / name
    written.mkdir(exist_ok=True)
    (written / "index.py").write_text(properties["InlineCode"], "utf-8")
    return written


def _value(value: str | Mapping[str, str], values: Mapping[str, str]) -> str:
    return value if isinstance(value, str) else values[value["Ref"]]
