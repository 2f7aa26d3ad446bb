"""Plain Python callables in place of functions, in this very process: mocks, and code with breakpoints in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authorizer.clock import stopwatch
from authorizer.tools.in_process_child import answered, new_context
from authorizer.tools.invocation import read_invocation

if TYPE_CHECKING:
    from authorizer.tools.function_environment import FunctionEnvironment
    from authorizer.tools.invocation import Invocation
    from authorizer.tools.local_functions.setup import Override


def call(override: Override, event: bytes, environment: FunctionEnvironment) -> Invocation:
    """What came of one event. Nothing is timed here: at a breakpoint nobody hurries."""
    began = stopwatch()
    answer = answered(lambda: override, event, new_context(environment.build()))
    return read_invocation(answer.body, answer.log, stopwatch() - began)
