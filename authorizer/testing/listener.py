"""A TCP port that serves each connection in a thread of its own, and can be shut and opened again."""

from __future__ import annotations

import select
import socket
from contextlib import suppress
from threading import Lock, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_BACKLOG = 512  # pending connections: many clients at once must not see a refusal


class Listener:
    """A port of 127.0.0.1. `serve` gets each accepted connection, in a daemon thread, and need not close it."""

    def __init__(self, serve: Callable[[socket.socket], None]) -> None:
        self.port = 0  # until it was opened for the first time; then always the same
        self._serve = serve
        self._lock = Lock()
        self._open: set[socket.socket] = set()
        self._stop: socket.socket | None = None
        self._thread: Thread | None = None

    def open(self) -> None:
        """Listens; on the port of the last time, if there was one."""
        if self._thread is not None:
            return
        listening = socket.create_server(("127.0.0.1", self.port), backlog=_BACKLOG)
        self.port = listening.getsockname()[1]
        self._stop, stopped = socket.socketpair()
        self._thread = Thread(target=self._accept, args=(listening, stopped), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ends listening and every connection: the next client is refused."""
        if self._thread is None or self._stop is None:
            return
        self._stop.close()
        self._thread.join()
        self._thread = self._stop = None
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def _accept(self, listening: socket.socket, stopped: socket.socket) -> None:
        with listening, stopped:
            while True:
                ready, _, _ = select.select([listening, stopped], [], [])
                if stopped in ready:
                    return
                with suppress(OSError):  # the client may be gone already
                    self._start(listening.accept()[0])

    def _start(self, connection: socket.socket) -> None:
        # A second descriptor of the same connection: `serve` may wrap the first in TLS, which takes it away from us.
        handle = connection.dup()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else the client waits 40 ms for delayed ACKs
        with self._lock:
            self._open.add(handle)
        Thread(target=self._run, args=(connection, handle), daemon=True).start()

    def _run(self, connection: socket.socket, handle: socket.socket) -> None:
        with handle, connection:
            try:
                with suppress(OSError, ValueError):  # what a client or `close` does to a connection is no error here
                    self._serve(connection)
            finally:
                with self._lock:
                    self._open.discard(handle)
