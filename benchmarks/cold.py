"""The row about a cold function: start, import, settings, keys and first answer, on the real Lambda runtime emulator."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from authorizer.tools.emulator import Emulator, find_binary
from authorizer.tools.function_environment import FunctionEnvironment
from authorizer.tools.terminal import CommandError
from benchmarks.package import Package
from benchmarks.rounds import measure
from benchmarks.row import Row
from benchmarks.traffic import Traffic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NAME = "cold start: init and first answer, net of an empty function"
AGAINST = "Powertools authorize"
TARGET = 0.75


def cold_rows(starts: int) -> Iterator[Row]:
    """One row; a skipped one where there is no emulator."""
    try:
        find_binary()
    except CommandError as error:
        yield Row(name=NAME, against=AGAINST, ours=(), other=(), target=TARGET, skipped=str(error))
        return
    yield _row(starts)


def _row(starts: int) -> Row:
    traffic = Traffic.of("RS256")
    with Package(traffic) as package:
        event = json.dumps(traffic.http_events()[0]).encode()
        seconds = measure(
            {
                "ours": _start(package, "authorizer.handler.http", event),
                "other": _start(package, "powertools_function.handler", event),
                "empty": _start(package, "empty_function.handler", event),
            },
            starts,
        )
    ours, other, empty = seconds["ours"], seconds["other"], seconds["empty"]
    return Row(name=NAME, against=AGAINST, target=TARGET, ours=ours, other=other, net_of=empty)


def _start(package: Package, handler: str, event: bytes) -> Callable[[], float]:
    """A new process each time; the seconds until its first answer."""
    variables = {"PYTHONDONTWRITEBYTECODE": "1"}
    environment = FunctionEnvironment(variables=variables, task_root=package.path, import_paths=(package.path,))

    def start() -> float:
        with Emulator(handler, environment) as function:
            invocation = function.invoke(event)
        expected = handler != "empty_function.handler"
        if invocation.error or invocation.answer["isAuthorized"] is not expected:
            raise RuntimeError(f"{handler} does not answer as it should: {invocation.error}")
        return invocation.seconds

    return start
