"""The server inside a function process that answers for the hosts of all stand-ins. Imported when the first is looked up."""

from __future__ import annotations

import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Callable

    ReadTable = Callable[[str], dict[str, Any]]


class Documents(BaseHTTPRequestHandler):
    """Answers with the document that the table has for host and path, at the time of the request."""

    protocol_version = "HTTP/1.1"
    timeout = 30  # seconds that a connection may be silent
    table: ClassVar[Callable[[], dict[str, Any]]]

    def do_GET(self) -> None:
        """200 with the document, 404 for none, 503 while the issuers are down."""
        table = type(self).table()
        documents = table.get("hosts", {}).get(self._host(), {})
        document = documents.get(self.path.partition("?")[0])
        if table.get("down"):
            self._answer(503, {"error": "temporarily_unavailable"})
        elif document is None:
            self._answer(404, {"error": "not_found"})
        else:
            self._answer(200, document)

    def _host(self) -> str:
        """As the table has it: without the port of https."""
        return self.headers.get("Host", "").lower().removesuffix(":443")

    def _answer(self, status: int, document: object) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: what a function writes is its own."""


class Server(ThreadingHTTPServer):
    """Silent, and without a look-up of its own name."""

    daemon_threads = True

    def server_bind(self) -> None:
        """As any TCP server: HTTP's would ask the resolver for the name of the address."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "stand-ins", self.server_address[1]

    def handle_error(self, *_: object) -> None:
        """Nothing: a client that goes away, or that does not trust us, is its own business."""


def start(table: str, read: ReadTable) -> int:
    """The port of a new server, which ends with the process."""
    handler = type("DocumentsOfTable", (Documents,), {"table": staticmethod(lambda: read(table))})
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(read(table)["certificate"])
    server = Server(("127.0.0.1", 0), handler)
    # The handshake comes with the first read, in the thread of the connection: a client that is silent holds up nobody.
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, name="stand-ins", daemon=True).start()
    return server.server_port
