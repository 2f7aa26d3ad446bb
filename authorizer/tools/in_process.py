"""Runs a function in a Python process of its own, without the emulator: for macOS, Windows and quick looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from authorizer.clock import stopwatch
from authorizer.tools.child_process import ChildProcess
from authorizer.tools.frames import frame, read_frame
from authorizer.tools.function_environment import PROJECT
from authorizer.tools.invocation import Invocation, gave_up, read_invocation

if TYPE_CHECKING:
    from authorizer.tools.function_environment import FunctionEnvironment

# Not `-m`: a function's own module may be named `authorizer`, and what is imported first counts.
_CHILD = (
    f"import sys; sys.path.insert(0, {str(PROJECT)!r}); from authorizer.tools.in_process_child import main; "
    "del sys.path[0]; main()"
)
_LOGS = 2.0  # seconds until the end mark of an invocation that has answered
_MARGIN = 10.0  # seconds for a cold start, beyond the function's timeout
_TICK = 0.02  # seconds by which two clocks may differ


class InProcess:
    """One function in one fresh process. Python's part is as on Lambda; the runtime, its API and its limits are not."""

    def __init__(self, handler: str, environment: FunctionEnvironment) -> None:
        self._handler = handler
        self._environment = environment
        self._answered = self._read = 0  # how much of both streams belongs to earlier invocations
        self._warm = self._silent = False

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self._child.end()

    def invoke(self, event: bytes, patience: float | None = None) -> Invocation:
        """What came of one event. Who has `patience` gets the error `Gateway.Timeout` when it is over before an answer, at
        once; a process that has not answered is then ended by the next event, or with everything."""
        if self._silent:
            self._restart()
        limit = self._environment.timeout + (0 if self._warm else _MARGIN)
        began = stopwatch()
        self._child.send(frame(event))
        answer = self._answer(limit if patience is None else min(limit, patience))
        seconds = stopwatch() - began
        if answer is not None:
            self._child.stderr.wait_for(_has_end, self._read, _LOGS)
        output = self._child.stderr.since(self._read)
        self._read += len(output)
        if answer is not None:
            return read_invocation(answer, output, seconds)
        self._silent = True
        if patience is None:
            self._restart()
        elif patience < limit and seconds >= patience - _TICK:
            return gave_up(patience, output, seconds)
        return read_invocation(self._silence(seconds), output, seconds)

    def _answer(self, patience: float) -> bytes | None:
        """None when there is none in time, none will come, or something that is no message."""
        try:
            self._child.stdout.wait_for(lambda data: read_frame(data) is not None, self._answered, patience)
            answer = read_frame(self._child.stdout.since(self._answered))
        except ValueError:
            return None
        if answer is not None:
            self._answered += len(frame(answer))
            self._warm = True
        return answer

    def _start(self) -> None:
        command = [self._environment.python, "-P", "-u", "-c", _CHILD, self._handler]
        self._child = ChildProcess(command, self._environment.build(), self._environment.task_root)

    def _restart(self) -> None:
        self._child.end()
        self._answered = self._read = 0
        self._warm = self._silent = False
        self._start()

    def _silence(self, seconds: float) -> bytes:
        timed_out = seconds >= self._environment.timeout
        return b"Task timed out" if timed_out else b"Runtime exited without providing a reason"


def _has_end(log: bytes) -> bool:
    _, found, rest = log.rpartition(b"END RequestId: ")
    return bool(found) and b"\n" in rest
