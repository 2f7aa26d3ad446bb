"""The variables of a stage, put into what names functions and roles by them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authorizer.tools.doctor.deployed.reading import Reading

_VARIABLE: Final = re.compile(r"\$\{stageVariables\.([A-Za-z0-9_]+)\}")
_TYPES: Final = ("::Authorizer", "::Integration", "::Method")


def put_variables(reading: Reading, api: str, stage: str) -> None:
    """Replaces each that the stage has; one that it does not have stays as it is written."""
    own = reading.resources.get(f"{api}/{stage}")
    properties: Mapping[str, Any] = own.properties if own is not None else {}
    variables = properties.get("Variables") or properties.get("StageVariables") or {}
    for name, one in list(reading.resources.items()):
        if one.type.endswith(_TYPES) and api in (one.properties.get("RestApiId"), one.properties.get("ApiId")):
            reading.resources[name] = replace(one, properties=_put(one.properties, variables))


def _put(value: Any, variables: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _put(one, variables) for name, one in value.items()}
    if isinstance(value, str):
        return _VARIABLE.sub(lambda found: variables.get(found[1], found[0]), value)
    return value
