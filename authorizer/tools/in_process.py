"""Runs a function in a Python process of its own, without the emulator: for macOS, Windows and quick looks."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Self

from authorizer.clock import stopwatch
from authorizer.tools.child_process import ChildProcess
from authorizer.tools.frames import frame, read_frame
from authorizer.tools.invocation import Invocation, read_invocation

if TYPE_CHECKING:
    from authorizer.tools.function_environment import FunctionEnvironment

_CHILD = "authorizer.tools.in_process_child"
_LOGS = 2.0  # seconds until the end mark of an invocation that has answered
_MARGIN = 10.0  # seconds for a cold start, beyond the function's timeout


class InProcess:
    """One function in one fresh process. Python's part is as on Lambda; the runtime, its API and its limits are not."""

    def __init__(self, handler: str, environment: FunctionEnvironment) -> None:
        self._handler = handler
        self._environment = environment
        self._answered = self._read = 0  # how much of both streams belongs to earlier invocations
        self._warm = False

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self._child.end()

    def invoke(self, event: bytes) -> Invocation:
        """What came of one event."""
        began = stopwatch()
        self._child.send(frame(event))
        answer = self._answer()
        seconds = stopwatch() - began
        if answer is not None:
            self._child.stderr.wait_for(_has_end, self._read, _LOGS)
        output = self._child.stderr.since(self._read)
        self._read += len(output)
        if answer is None:
            self._restart()
            return read_invocation(self._silence(seconds), output, seconds)
        return read_invocation(answer, output, seconds)

    def _answer(self) -> bytes | None:
        patience = self._environment.timeout + (0 if self._warm else _MARGIN)
        self._child.stdout.wait_for(lambda data: read_frame(data) is not None, self._answered, patience)
        answer = read_frame(self._child.stdout.since(self._answered))
        if answer is not None:
            self._answered += len(frame(answer))
            self._warm = True
        return answer

    def _start(self) -> None:
        command = [sys.executable, "-m", _CHILD, self._handler]
        self._child = ChildProcess(command, self._environment.build(), self._environment.task_root)

    def _restart(self) -> None:
        self._child.end()
        self._answered = self._read = 0
        self._warm = False
        self._start()

    def _silence(self, seconds: float) -> bytes:
        timed_out = seconds >= self._environment.timeout
        return b"Task timed out" if timed_out else b"Runtime exited without providing a reason"


def _has_end(log: bytes) -> bool:
    _, found, rest = log.rpartition(b"END RequestId: ")
    return bool(found) and b"\n" in rest
