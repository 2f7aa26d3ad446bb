"""Runs a function in a Python process of its own, without the emulator: for macOS, Windows and quick looks."""

from __future__ import annotations

from math import inf
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
_LOADING = 10.0  # seconds to load the function, as on Lambda; its timeout begins after that
_TICK = 0.02  # seconds by which two clocks may differ


class InProcess:
    """One function in one fresh process. Python's part is as on Lambda; the runtime, its API and its limits are not."""

    def __init__(self, handler: str, environment: FunctionEnvironment) -> None:
        self._handler = handler
        self._environment = environment
        self._answered = self._read = 0  # how much of both streams belongs to earlier invocations
        self._loaded = self._silent = False
        self._ends = 0.0

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
        began = stopwatch()
        self._child.send(frame(event))
        answer = self._answer(inf if patience is None else patience)
        seconds = stopwatch() - began
        if answer is not None:
            self._child.stderr.wait_for(_has_end, self._read, _LOGS)
        output = self._child.stderr.since(self._read)
        self._read += len(output)
        if answer is not None:
            return read_invocation(answer, output, seconds)
        timed_out = self._ends - stopwatch() < _TICK
        silence = self._silence(timed_out=timed_out)
        self._silent = True
        if patience is None:
            self._restart()
        elif not timed_out and seconds >= patience - _TICK:
            return gave_up(patience, output, seconds)
        return read_invocation(silence, output, seconds)

    def _answer(self, patience: float) -> bytes | None:
        """None when there is none in time, none will come, or something that is no message. The function's timeout begins
        when it is loaded, as on Lambda, which an empty message says."""
        waits = stopwatch() + patience
        self._ends = stopwatch() + (self._environment.timeout if self._loaded else _LOADING)
        answer = self._message(waits)
        if answer == b"" and not self._loaded:
            self._loaded = True
            self._ends = stopwatch() + self._environment.timeout
            answer = self._message(waits)
        return answer

    def _message(self, waits: float) -> bytes | None:
        seconds = max(0.0, min(waits, self._ends) - stopwatch())
        try:
            self._child.stdout.wait_for(lambda data: read_frame(data) is not None, self._answered, seconds)
            message = read_frame(self._child.stdout.since(self._answered))
        except ValueError:
            return None
        if message is not None:
            self._answered += len(frame(message))
        return message

    def _start(self) -> None:
        command = [self._environment.python, "-P", "-u", "-c", _CHILD, self._handler]
        self._child = ChildProcess(command, self._environment.build(), self._environment.task_root)

    def _restart(self) -> None:
        self._child.end()
        self._answered = self._read = 0
        self._loaded = self._silent = False
        self._start()

    def _silence(self, *, timed_out: bool) -> bytes:
        after = f" after {self._environment.timeout:.2f} seconds" if self._loaded else " while it was loaded"
        return f"Task timed out{after}".encode() if timed_out else b"Runtime exited without providing a reason"


def _has_end(log: bytes) -> bool:
    _, found, rest = log.rpartition(b"END RequestId: ")
    return bool(found) and b"\n" in rest
