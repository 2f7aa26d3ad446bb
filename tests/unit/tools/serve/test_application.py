"""One route for everything; a bug of the server itself is told and answered as one of the core is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anyio
import pytest
from starlette.routing import NoMatchFound

from authorizer.tools.serve.application import Everything, application
from authorizer.tools.serve.line_log import LineLog
from tests.unit.tools.serve.fake_core import SECRET, FakeCore

if TYPE_CHECKING:
    from starlette.applications import Starlette


class Socket:
    """A server without sockets."""

    def __init__(self) -> None:
        self.sent: list[Any] = []

    async def receive(self) -> Any:
        return {"type": "http.request"}

    async def send(self, message: Any) -> None:
        self.sent.append(message)

    def call(self, app: Starlette, **parts: Any) -> None:
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/",
            "raw_path": b"/",
            "query_string": b"",
            "headers": [(b"host", b"localhost")],
            "http_version": "1.1",
        }
        anyio.run(app, scope | parts, self.receive, self.send)


@pytest.mark.parametrize("path", ["/", "", "*", "/a\nb", "http://example.com/", "//"])
def test_every_path_is_of_the_one_route(path: str) -> None:
    core, socket = FakeCore(), Socket()
    socket.call(application(core, core, log=LineLog(quiet=True)), path=path)
    assert socket.sent[0]["status"] == 200


@pytest.mark.parametrize(
    ("host", "status"), [("127.0.0.1", 421), ("localhost", 421), ("0.0.0.0", 200), ("10.0.0.1", 200)]
)
def test_hosts_are_checked_on_loopback_only(host: str, status: int) -> None:
    core, socket = FakeCore(), Socket()
    app = application(core, core, host=host, log=LineLog(quiet=True))
    socket.call(app, headers=[(b"host", b"gateway.example.com")])
    assert socket.sent[0]["status"] == status


@pytest.mark.parametrize(
    ("path", "origin", "status"),
    [
        ("/_issuer/pool/outage", b"https://page.example.com", 403),
        ("/_issuer/pool/outage", b"null", 403),
        ("/_cache", b"https://page.example.com", 403),
        ("/", b"https://page.example.com", 403),
        ("/_issuer/pool/token", b"http://localhost:5173", 200),
        ("/_issuer/pool/token", b"http://gateway.localhost", 200),
        ("/SampleApi/dev/orders", b"https://page.example.com", 200),
    ],
)
def test_page_of_another_site_reaches_the_apis_only(path: str, origin: bytes, status: int) -> None:
    core, socket = FakeCore(), Socket()
    headers = [(b"host", b"localhost"), (b"origin", origin)]
    socket.call(application(core, core, log=LineLog(quiet=True)), path=path, raw_path=path.encode(), headers=headers)
    assert socket.sent[0]["status"] == status


def test_page_of_the_very_server_reaches_all_of_it() -> None:
    core, socket = FakeCore(), Socket()
    headers = [(b"host", b"desk.example.com:3000"), (b"origin", b"http://desk.example.com:3000")]
    socket.call(application(core, core, host="0.0.0.0", log=LineLog(quiet=True)), headers=headers)
    assert socket.sent[0]["status"] == 200


def test_bug_of_the_server_is_told_without_its_text() -> None:
    async def fail(*_: object) -> None:
        raise ValueError(SECRET)

    written: list[str] = []
    core, socket = FakeCore(), Socket()
    app = application(core, core)
    app.router.routes[:] = [Everything("http", fail, LineLog(write=written.append))]
    with pytest.raises(ValueError, match="eyJ"):  # Starlette answers and raises again; uvicorn's log is off
        socket.call(app)
    assert socket.sent[0]["status"] == 500
    assert socket.sent[1]["body"] == b'{"message":"Internal server error"}'
    assert len(written) == 1
    assert written[0].startswith("internal error: ValueError at test_application.py:")


def test_the_route_has_no_url() -> None:
    with pytest.raises(NoMatchFound):
        Everything("http", FakeCore().handle, LineLog()).url_path_for("name")  # type: ignore[arg-type]  # never called
