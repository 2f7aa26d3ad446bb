"""The server: uvicorn around an ASGI application, in the foreground for the command or in the background for tests."""

from __future__ import annotations

import asyncio
import signal
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Final, Self

import uvicorn

from authorizer.tools.gateway.message import LOOPBACK
from authorizer.tools.serve.configuration import Configuration
from authorizer.tools.serve.limits import DEFAULT_LIMITS
from authorizer.tools.serve.line_log import LineLog
from authorizer.tools.serve.listening import listen
from authorizer.tools.serve.loopback import warning_for

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

    from starlette.types import ASGIApp

    from authorizer.tools.serve.limits import Limits

__all__ = ["Server", "warning_for"]

_CANCELLED_SECONDS: Final = 1.0
_LOOK_SECONDS: Final = 0.5
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class Server:
    """One server. Its thread is a daemon, and so are the threads of the core's calls: one that hangs ends with the
    process, which otherwise would wait for it forever."""

    def __init__(
        self,
        application: ASGIApp,
        host: str = LOOPBACK,
        port: int = 3000,
        *,
        limits: Limits = DEFAULT_LIMITS,
        log: LineLog | None = None,
    ) -> None:
        self._host = host
        self._port = port
        self._uvicorn = _Uvicorn(Configuration(application, limits), log or LineLog())

    def __enter__(self) -> Self:
        self._socket = listen(self._host, self._port, self._uvicorn.config.backlog)
        self._port = self._socket.getsockname()[1]
        self._thread = Thread(target=self._serve, name="server", daemon=True)
        self._thread.start()
        self._uvicorn.ready.wait()
        if not self._uvicorn.started:
            self.__exit__()
            raise RuntimeError("the server did not start")
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._thread.join()
        self._socket.close()

    @property
    def url(self) -> str:
        """Where it listens; of port 0 only once it does."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    def run(self, started: Callable[[str], object] | None = None) -> None:
        """Serves until SIGINT or SIGTERM; open connections then get a moment. `started` is told the URL."""
        with self, _signals(self.stop):
            if started is not None:
                started(self.url)
            while self._thread.is_alive():
                self._thread.join(_LOOK_SECONDS)  # on Windows no signal would end a join without a timeout

    def stop(self) -> None:
        """Ends it: the first time when the open connections are done, the second time at once."""
        self._uvicorn.force_exit = self._uvicorn.should_exit
        self._uvicorn.should_exit = True

    def _serve(self) -> None:
        try:
            self._uvicorn.run(sockets=[self._socket])
        finally:
            self._uvicorn.ready.set()


@contextmanager
def _signals(stop: Callable[[], None]) -> Iterator[None]:
    before = {number: signal.signal(number, lambda *_: stop()) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Uvicorn(uvicorn.Server):
    """uvicorn's server; what goes wrong in the event loop is told as any bug is, and its end leaves nothing open."""

    def __init__(self, config: Configuration, log: LineLog) -> None:
        super().__init__(config)
        self.ready = Event()
        self._log = log

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts to accept."""
        asyncio.get_running_loop().set_exception_handler(self._tell)
        await super().startup(sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Ends. Tasks that were cancelled get a moment to tell the core; then what is still open is cut."""
        await super().shutdown(sockets)
        if self.server_state.tasks:
            await asyncio.wait(self.server_state.tasks, timeout=_CANCELLED_SECONDS)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)

    def _tell(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        bug = context.get("exception")
        if bug is not None:
            self._log.failed(bug)
