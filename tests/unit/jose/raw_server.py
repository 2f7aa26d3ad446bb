"""A TLS server that answers with exactly the bytes a test gives it, for what no fault of the test kit acts out."""

from __future__ import annotations

from threading import Event, Lock
from typing import TYPE_CHECKING, Self

from authorizer.testing.certificates import Certificates
from authorizer.testing.listener import Listener

if TYPE_CHECKING:
    import socket
    import ssl
    from collections.abc import Callable

    Answer = bytes | Callable[[ssl.SSLSocket], None]


class RawServer:
    """Answers every request with `answer`: bytes, after which the connection ends, or a function of the connection."""

    def __init__(
        self,
        answer: Answer = b"",
        *,
        context: ssl.SSLContext | None = None,
        before_tls: Callable[[], object] = lambda: None,
    ) -> None:
        """`context` is the server side of TLS; by default one with the certificate that `ca_file` vouches for."""
        self.answer = answer
        self._before_tls = before_tls
        self.ended = Event()  # the client of an answer is gone
        self._certificates = Certificates()
        self._context = context or self._certificates.context(None)
        self._listener = Listener(self._serve)
        self._lock = Lock()
        self._requests: list[bytes] = []

    def __enter__(self) -> Self:
        self._listener.open()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        self._certificates.remove()

    @property
    def port(self) -> int:
        """Of 127.0.0.1."""
        return self._listener.port

    @property
    def url(self) -> str:
        """Of a document; the path does not matter."""
        return f"https://localhost:{self.port}/keys.json"

    @property
    def ca_file(self) -> str:
        """For SSL_CERT_FILE."""
        return self._certificates.ca_file

    @property
    def requests(self) -> list[bytes]:
        """The heads of all requests that were read."""
        with self._lock:
            return list(self._requests)

    def _serve(self, connection: socket.socket) -> None:
        self._before_tls()
        with self._context.wrap_socket(connection, server_side=True) as secured:
            head = b""
            while b"\r\n\r\n" not in head and (data := secured.recv(65536)):
                head += data
            with self._lock:
                self._requests.append(head)
            try:
                self._answer(secured)
            finally:
                self.ended.set()

    def _answer(self, connection: ssl.SSLSocket) -> None:
        answer = self.answer
        if callable(answer):
            answer(connection)
        else:
            connection.sendall(answer)
            connection.unwrap()


def response(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    """A whole answer of HTTP/1.1; `length` is the Content-Length, -1 for none, None for the true one."""
    declared = len(body) if length is None else length
    lines = [f"HTTP/1.1 {status}", *headers, *([f"Content-Length: {declared}"] if declared >= 0 else [])]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
