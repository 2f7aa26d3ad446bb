"""Runs a function with settings of the test's choice, and says what it decided."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from authorizer.tools.emulator import runs_here
from authorizer.tools.function_environment import FunctionEnvironment
from authorizer.tools.running import run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from authorizer.tools.invocation import Function

ALLOW = "allow"


def function(handler: str, config: str, variables: Mapping[str, str] | None = None) -> AbstractContextManager[Function]:
    """An entry point of `authorizer.handler` with these settings, on the emulator where it runs."""
    environment = FunctionEnvironment(variables={"AUTHORIZER_CONFIG": config, **(variables or {})})
    return run(f"authorizer.handler.{handler}", environment, in_process=not runs_here())


def decide(function: Function, event: Mapping[str, Any]) -> str:
    """`allow`, or the code of the reason. The answer must say the same as the decision line."""
    result = function.invoke(json.dumps(event).encode())
    line = result.decision
    assert line is not None, result.output.decode()
    assert (line["decision"] == "error") == (result.error is not None)
    if result.answer is not None:
        assert result.answer["isAuthorized"] == (line["decision"] == ALLOW)
    return str(line.get("reason", line["decision"]))
