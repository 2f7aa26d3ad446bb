"""A function of a built template on the runtime emulator: its own handler, variables, layers and order of import paths."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from authorizer.tools.emulator import Emulator
from authorizer.tools.function_environment import FunctionEnvironment
from layers.environment import environment
from tests.integration.sam_project import read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authorizer.tools.invocation import Invocation


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltFunction:
    """What Lambda needs to know of a function."""

    handler: str
    runtime: str
    import_paths: tuple[Path, ...]  # the function's folder, then the layers
    variables: Mapping[str, str] = field(repr=False)

    def invoke(self, event: Mapping[str, Any], *, runtime: tuple[Path, ...] = (), **variables: str) -> Invocation:
        """What comes of one event in a fresh environment; `runtime` is what Lambda's own Python has beside the layers."""
        functions = FunctionEnvironment(
            variables={**self.variables, **variables, "PYTHONDONTWRITEBYTECODE": "1"},  # /opt cannot be written to
            task_root=self.import_paths[0],
            import_paths=(*self.import_paths, *runtime),
            python=str(environment("lambda", self.runtime.removeprefix("python"))),
            with_project=False,
        )
        with Emulator(self.handler, functions) as running:
            return running.invoke(json.dumps(event).encode())


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
