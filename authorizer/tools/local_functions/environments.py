"""Execution environments of one function: kept warm, at most so many at once, replaced when they are spoiled."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from authorizer.clock import stopwatch
from authorizer.tools.invocation import GATEWAY_TIMEOUT, gave_up

if TYPE_CHECKING:
    from authorizer.tools.invocation import Invocation

_LIFE: Final = 5_000  # invocations; what an environment writes is kept as long as it lives
_FAILED: Final = "Sandbox.Failure"  # ended, hung, or answered what is no answer
_LOADING: Final = "Runtime."
_HARMLESS: Final = ("Runtime.MarshalError", "Runtime.UnmarshalError")


class Environment(Protocol):
    """One process of a function, or its emulator."""

    def invoke(self, event: bytes, patience: float | None = None) -> Invocation:
        """What came of one event."""
        ...


Start = Callable[[], AbstractContextManager[Environment]]


class ClosedError(Exception):
    """The environments have been closed."""


@dataclass(eq=False, slots=True, kw_only=True)
class _Started:
    """An environment, and whether it is still wanted."""

    environment: Environment
    resources: ExitStack
    generation: int
    calls: int = 0


@dataclass(slots=True)
class _Kept:
    """All that the lock guards."""

    idle: list[_Started] = field(default_factory=list)
    busy: list[_Started] = field(default_factory=list)
    endings: list[threading.Thread] = field(default_factory=list)
    generation: int = 0
    closed: bool = False


class Environments:
    """All environments of a function. `start` makes a new one; `limit` of them may work at the same time."""

    def __init__(self, start: Start, limit: int = 2) -> None:
        self._start = start
        self._slots = threading.BoundedSemaphore(limit)
        self._lock = threading.Lock()
        self._kept = _Kept()

    def invoke(self, event: bytes, patience: float) -> Invocation:
        """What came of one event within `patience` seconds, the time until an environment is free among them."""
        began = stopwatch()
        if not self._slots.acquire(timeout=patience):
            return gave_up(patience, b"", stopwatch() - began)
        try:
            one = self._take()
            try:
                result = one.environment.invoke(event, max(0.0, patience - (stopwatch() - began)))
            except BaseException:
                self._give_back(one, spoiled=True)
                raise
            self._give_back(one, spoiled=_spoils(result))
            return result
        finally:
            self._slots.release()

    def recycle(self) -> None:
        """Every later invocation gets a new environment. Those at work end after it."""
        with self._lock:
            self._kept.generation += 1
            while self._kept.idle:
                self._end(self._kept.idle.pop())

    def close(self) -> None:
        """Ends all, those at work too, and waits until they have ended."""
        with self._lock:
            self._kept.closed = True
            for one in (*self._kept.idle, *self._kept.busy):
                self._end(one)
            self._kept.idle.clear()
            endings = list(self._kept.endings)
        for ending in endings:
            ending.join()

    def _take(self) -> _Started:
        with self._lock:
            if self._kept.idle:
                one = self._kept.idle.pop()  # the one used last, as Lambda's own choice tends to be
                self._kept.busy.append(one)
                return one
            generation = self._kept.generation
        with ExitStack() as stack:
            environment = stack.enter_context(self._start())
            with self._lock:
                if self._kept.closed:
                    raise ClosedError
                one = _Started(environment=environment, resources=stack.pop_all(), generation=generation)
                self._kept.busy.append(one)
        return one

    def _give_back(self, one: _Started, *, spoiled: bool) -> None:
        one.calls += 1
        with self._lock:
            self._kept.busy.remove(one)
            if self._kept.closed:
                return  # and ended by that
            if spoiled or one.generation != self._kept.generation or one.calls >= _LIFE:
                self._end(one)
            else:
                self._kept.idle.append(one)

    def _end(self, one: _Started) -> None:
        """Ends it aside: who waits for an answer does not wait for a process that does not want to end."""
        thread = threading.Thread(target=one.resources.close, name="ends an environment")
        self._kept.endings[:] = [ending for ending in self._kept.endings if ending.is_alive()]
        self._kept.endings.append(thread)
        thread.start()


def _spoils(result: Invocation) -> bool:
    """Whether what came of it makes Lambda start anew: also after a function that could not be loaded."""
    kind = result.error.kind if result.error else ""
    return kind in (GATEWAY_TIMEOUT, _FAILED) or (kind.startswith(_LOADING) and kind not in _HARMLESS)
