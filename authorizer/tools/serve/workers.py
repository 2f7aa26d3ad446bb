"""Blocking calls of the core, each in a thread of a bounded pool, so that one that hangs holds up nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from anyio import CapacityLimiter, to_thread

if TYPE_CHECKING:
    from collections.abc import Callable

    from authorizer.tools.serve.line_log import LineLog

T = TypeVar("T")


class Workers:
    """The threads of one server."""

    def __init__(self, threads: int, log: LineLog) -> None:
        self._limiter = CapacityLimiter(threads)
        self._log = log

    async def call(self, function: Callable[[], T]) -> T | None:
        """What a function returns; None when it raised, and then the log says where."""
        return await to_thread.run_sync(self._guarded, function, limiter=self._limiter)

    def _guarded(self, function: Callable[[], T]) -> T | None:
        try:
            return function()
        except BaseException as bug:  # noqa: BLE001  # SystemExit too: what the core raises must not end the server
            self._log.failed(bug)
            return None
