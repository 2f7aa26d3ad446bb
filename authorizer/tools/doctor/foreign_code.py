"""The code of authorizers that is here to read and is not ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authorizer.tools.doctor.asked import asked
from authorizer.tools.doctor.handler_code import program_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.asked import Asked
    from authorizer.tools.doctor.handler_code import Program
    from authorizer.tools.doctor.view import View


def programs(view: View) -> Iterator[tuple[Asked, Program]]:
    """The functions of authorizers with their code."""
    for one in asked(view):
        program = program_of(view, one.function)
        if program is not None:
            yield one, program


def backends(view: View) -> set[str]:
    """The functions that routes send requests to: what they return may be for a client."""
    found = (route.backend.function for _, route in view.routes() if route.backend is not None)
    return {str(one) for one in found}
