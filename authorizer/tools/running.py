"""A running function: on the emulator, or in a process of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authorizer.tools.emulator import Emulator
from authorizer.tools.in_process import InProcess

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from authorizer.tools.function_environment import FunctionEnvironment
    from authorizer.tools.invocation import Function


def run(handler: str, environment: FunctionEnvironment, *, in_process: bool) -> AbstractContextManager[Function]:
    """The function with this handler, ended with the context."""
    return InProcess(handler, environment) if in_process else Emulator(handler, environment)
