"""A core without any API: what it does is told by the path. And clients that may send anything."""

from __future__ import annotations

import http.client
import json
import socket
from contextlib import closing, contextmanager
from queue import Queue
from threading import Event
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from authorizer.tools.gateway.message import HttpResponse, json_response
from authorizer.tools.serve.application import application
from authorizer.tools.serve.limits import DEFAULT_LIMITS
from authorizer.tools.serve.line_log import LineLog
from authorizer.tools.serve.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from authorizer.tools.gateway.message import HttpRequest
    from authorizer.tools.serve.limits import Limits

PATIENCE: Final = 15.0  # seconds until a test that hangs fails; none waits for it otherwise
SECRET: Final = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl"
DENIED: Final = {
    "/401": json_response(
        401, {"message": "Unauthorized"}, ("WWW-Authenticate", "Bearer"), ("X-Two", "a"), ("X-Two", "b")
    ),
    "/403": json_response(403, {"Message": "User is not authorized to access this resource"}),
    "/500": json_response(500, {"message": None}, ("x-local-gateway-note", "authorizer failed")),
}


class FakeCore:
    """Remembers what it got, and answers by path."""

    def __init__(self) -> None:
        self.requests: list[HttpRequest] = []
        self.answers: dict[str, HttpResponse] = dict(DENIED)
        self.entered: Queue[str] = Queue()
        self.ended: Queue[int] = Queue()
        self.told: list[str] = []
        self.opened = 0
        self.go_on = Event()

    def handle(self, request: HttpRequest) -> HttpResponse:
        self.requests.append(request)
        if request.path == "/boom":
            raise ValueError(SECRET)
        if request.path == "/exit":
            raise SystemExit(SECRET)
        if request.path == "/hang":
            self.hang()
        return self.answers.get(request.path) or json_response(200, {"length": len(request.body)})

    def connect(self, request: HttpRequest) -> HttpResponse | FakeConnection:
        response = self.handle(request)
        if response.status != 200:
            return response
        self.opened += 1
        return FakeConnection(self, request.path)

    def hang(self) -> None:
        self.entered.put("")
        assert self.go_on.wait(PATIENCE)


class FakeConnection:
    """Repeats each message, counted."""

    def __init__(self, core: FakeCore, path: str) -> None:
        self.id = f"connection-{core.opened}"
        self.subprotocol = "second" if path == "/protocol" else None
        self._core = core
        self._count = 0

    def receive(self, text: str) -> Sequence[str]:
        if text == "boom":
            raise ValueError(SECRET)
        if text == "unsendable":
            return ["\ud800"]
        if text == "hang":
            self._core.hang()
        self._count += 1
        return [f"{self._count}: {text[:20]}", "done"]

    def disconnect(self, code: int) -> None:
        self._core.told.append(self.id)
        self._core.ended.put(code)


@contextmanager
def served(core: FakeCore, lines: list[str] | None = None, limits: Limits = DEFAULT_LIMITS) -> Iterator[str]:
    """The URL of a server around the core; its log goes to the lines."""
    log = LineLog(write=(lines if lines is not None else []).append)
    try:
        with Server(application(core, core, log=log, limits=limits), port=0, limits=limits, log=log) as server:
            yield server.url
    finally:
        core.go_on.set()


def dial(url: str) -> socket.socket:
    """A connection to a server."""
    at = urlsplit(url)
    return socket.create_connection((at.hostname, at.port), timeout=PATIENCE)


def rest_of(connection: socket.socket) -> bytes:
    """All that the server still sends."""
    received = b""
    while piece := connection.recv(65536):
        received += piece
    return received


def exchange(url: str, *pieces: bytes) -> bytes:
    """What a server answers to bytes, until it closes the connection."""
    with dial(url) as connection:
        for piece in pieces:
            connection.sendall(piece)
        return rest_of(connection)


def get(url: str, path: str = "/", method: str = "GET", body: bytes | None = None) -> tuple[int, object]:
    """Status and JSON of one well-formed request."""
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)) as connection:
        connection.request(method, path, body)
        response = connection.getresponse()
        content = response.read()
        return response.status, json.loads(content) if content else None


def head(target: str = "/", *headers: str, method: str = "GET", host: str = "localhost") -> bytes:
    """The bytes of a request without a body, after which the server closes the connection."""
    lines = (f"{method} {target} HTTP/1.1", f"Host: {host}", *headers, "Connection: close", "", "")
    return "\r\n".join(lines).encode("iso-8859-1")
