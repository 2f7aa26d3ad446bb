"""TLS in front of the keys of the account's user pools: MiniStack serves them without, and we fetch over https only."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self, cast
from urllib.request import urlopen

from authorizer.testing.certificates import Certificates

if TYPE_CHECKING:
    import socket

PATIENCE = 10  # seconds that a client or the account may be silent


class KeyServer:
    """Passes every GET on to the account. A context manager; while `down` is true it hangs up instead."""

    def __init__(self) -> None:
        self.account = ""  # http://127.0.0.1:PORT, once it is known
        self.down = False
        self.certificates = Certificates()
        self.ca_file = self.certificates.ca_file

    def __enter__(self) -> Self:
        self._server = _Server(self)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self.certificates.remove()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"https://localhost:{self._server.server_port}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, keys: KeyServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.keys = keys

    def get_request(self) -> tuple[socket.socket, object]:
        """The handshake is at the first read, in the thread of the request: a silent client stops nobody else."""
        plain, address = super().get_request()
        plain.settimeout(PATIENCE)
        context = self.keys.certificates.context(None)
        return context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False), address

    def handle_error(self, *_: object) -> None:
        """A client that hung up is no news."""


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        keys = cast("_Server", self.server).keys
        if keys.down:
            return
        with urlopen(f"{keys.account}{self.path}", timeout=PATIENCE) as response:
            body = response.read()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""
