"""WebSocket over real sockets: refused handshakes are HTTP responses, and every connection's end is told once."""

from __future__ import annotations

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from authorizer.tools.serve.limits import Limits
from tests.unit.tools.serve.fake_core import (
    DENIED,
    PATIENCE,
    SECRET,
    FakeCore,
    dial,
    exchange,
    get,
    head,
    rest_of,
    served,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from websockets.sync.client import ClientConnection
    from websockets.typing import Data

HANDSHAKE = (
    "UPGRADE: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",  # RFC 6455 section 1.3
    "Sec-WebSocket-Version: 13",
)
KIB = 1024
HANG = b"\x81\x84\0\0\0\0hang"  # a masked text frame


@pytest.fixture
def core() -> FakeCore:
    return FakeCore()


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def url(core: FakeCore, lines: list[str]) -> Iterator[str]:
    """A server, after which each accepted connection must have been told its end, once."""
    with served(core, lines) as address:
        yield address
    assert sorted(core.told) == sorted(f"connection-{number + 1}" for number in range(core.opened))


@contextmanager
def client(url: str, target: str = "/", **options: Any) -> Iterator[ClientConnection]:
    address = url.replace("http:", "ws:") + target
    with connect(address, open_timeout=PATIENCE, close_timeout=PATIENCE, proxy=None, **options) as connection:
        yield connection


@contextmanager
def opened(url: str) -> Iterator[socket.socket]:
    """A bare connection after its handshake."""
    with dial(url) as connection:
        connection.sendall(head("/", *HANDSHAKE))
        assert connection.recv(KIB).startswith(b"HTTP/1.1 101 ")
        yield connection


def receive(connection: ClientConnection) -> Data:
    return connection.recv(timeout=PATIENCE)


def closing_code(connection: ClientConnection) -> int:
    with pytest.raises(ConnectionClosed) as told:
        receive(connection)
    assert told.value.rcvd is not None
    return told.value.rcvd.code


def end_of(core: FakeCore) -> int:
    """The code that the core was told."""
    return core.ended.get(timeout=PATIENCE)


def refusal(url: str, target: str = "/", **options: Any) -> Any:
    with pytest.raises(InvalidStatus) as told, client(url, target, **options):
        pass
    return told.value.response


@pytest.mark.parametrize("path", DENIED)
def test_refused_handshake_is_the_response_of_the_core(core: FakeCore, url: str, lines: list[str], path: str) -> None:
    denied = DENIED[path]
    response = refusal(url, path)
    assert (response.status_code, response.body) == (denied.status, denied.body)
    sent = [(name, value) for name, value in response.headers.raw_items() if name not in ("Date", "Connection")]
    own = [(name, value) for name, value in denied.headers if name != "x-local-gateway-note"]
    assert sent == [*own, ("Content-Length", str(len(denied.body)))]
    assert [line for line in lines if line.startswith(f"WS {path} {denied.status} ")]
    assert core.ended.empty()


def test_bug_in_the_handshake_is_a_500(core: FakeCore, url: str, lines: list[str]) -> None:
    response = refusal(url, "/boom")
    assert (response.status_code, json.loads(response.body)) == (500, {"message": "Internal server error"})
    assert lines[0].startswith("internal error: ValueError at fake_core.py:")
    assert not [line for line in lines if SECRET in line]
    with client(url) as connection:
        connection.send("next")
        assert receive(connection) == "1: next"


def test_another_host_is_misdirected(core: FakeCore, url: str) -> None:
    assert exchange(url, head("/", *HANDSHAKE, host="rebound.example.com")).startswith(b"HTTP/1.1 421 ")
    assert core.requests == []


def test_handshake_is_handed_on_as_sent(core: FakeCore, url: str) -> None:
    headers = [
        "x-Two: 1",
        "X-two: \xe9",
        f"Authorization: {'t' * 20_000}",
        *(f"X-{number}: 1" for number in range(150)),
    ]
    with dial(url) as connection:
        connection.sendall(head("//a/%2F/../b?x=%20y&t=1", *HANDSHAKE, *headers))
        assert connection.recv(KIB).startswith(b"HTTP/1.1 101 ")
    request = core.requests[0]
    assert (request.method, request.target) == ("GET", "//a/%2F/../b?x=%20y&t=1")
    expected = (f"{name}: {value}" for name, value in request.headers)
    assert tuple(expected) == ("Host: localhost", *HANDSHAKE, *headers, "Connection: close")
    assert (request.body, request.source_ip, request.host) == (b"", "127.0.0.1", "localhost")


@pytest.mark.parametrize(
    "headers",
    [
        HANDSHAKE[:2],
        (*HANDSHAKE[:2], "Sec-WebSocket-Key: short", HANDSHAKE[3]),
        (*HANDSHAKE[:3], "Sec-WebSocket-Version: 12"),
        (*HANDSHAKE, HANDSHAKE[3]),
    ],
)
def test_malformed_handshake_does_not_reach_the_core(core: FakeCore, url: str, headers: tuple[str, ...]) -> None:
    assert exchange(url, head("/", *headers)).startswith(b"HTTP/1.1 400 ")
    assert core.requests == []


@pytest.mark.parametrize("first", [(), ("Upgrade: h2c",), ("Upgrade: h2c", "Upgrade: websocket")])
def test_other_upgrades_are_not_heeded(core: FakeCore, url: str, first: tuple[str, ...]) -> None:
    assert exchange(url, head("/", *first, *HANDSHAKE[1:])).startswith(b"HTTP/1.1 200 ")
    assert core.opened == 0


def test_handshake_is_a_get_of_http_1_1(core: FakeCore, url: str) -> None:
    """Anything else that asks for an upgrade is an HTTP request."""
    assert exchange(url, head("/", *HANDSHAKE, method="POST")).startswith(b"HTTP/1.1 200 ")
    assert core.requests[-1].method == "POST"
    assert exchange(url, head("/", *HANDSHAKE).replace(b"HTTP/1.1", b"HTTP/1.0")).startswith(b"HTTP/1.1 200 ")
    assert core.requests[-1].protocol == "HTTP/1.0"


def test_subprotocol_is_the_one_the_core_chose(url: str) -> None:
    with client(url, "/protocol", subprotocols=["first", "second"]) as connection:
        assert connection.subprotocol == "second"
    with client(url, subprotocols=["first", "second"]) as connection:
        assert connection.subprotocol is None


def test_messages_are_answered_in_order(core: FakeCore, url: str, lines: list[str]) -> None:
    with client(url, "/chat?token=secret") as connection:
        assert connection.protocol.extensions == []
        for number in range(50):
            connection.send(f"m{number}")
        got = [receive(connection) for _ in range(100)]
    assert got == [one for number in range(50) for one in (f"{number + 1}: m{number}", "done")]
    assert end_of(core) == 1000
    assert not [line for line in lines if "secret" in line]


def test_message_in_fragments(url: str) -> None:
    with client(url) as connection:
        connection.send(iter(["\u20ac", "a", "b"]))
        assert receive(connection) == "1: \u20acab"


def test_largest_frame_and_message(url: str) -> None:
    with client(url) as connection:
        connection.send("x" * 32 * KIB)
        assert receive(connection) == f"1: {'x' * 20}"
        assert receive(connection) == "done"
        connection.send(iter(["y" * 32 * KIB] * 4))
        assert receive(connection) == f"2: {'y' * 20}"


@pytest.mark.parametrize("pieces", [["x" * (32 * KIB + 1)], ["x" * 32 * KIB] * 4 + ["x"], ["\u20ac" * 11_000]])
def test_larger_ones_close_the_connection(core: FakeCore, url: str, pieces: list[str]) -> None:
    with client(url) as connection:
        with suppress(ConnectionClosed):  # while the last piece is still being sent
            connection.send(iter(pieces))
        assert closing_code(connection) == 1009
    assert end_of(core) == 1009


def test_binary_frames_are_not_taken(core: FakeCore, url: str) -> None:
    with client(url) as connection:
        connection.send(b"binary")
        assert closing_code(connection) == 1003
    assert end_of(core) == 1003


@pytest.mark.parametrize("text", ["boom", "unsendable"])
def test_bug_in_a_message_is_told_and_the_connection_lives(url: str, lines: list[str], text: str) -> None:
    with client(url) as connection:
        connection.send(text)
        told = json.loads(receive(connection))
        assert told == {"message": "Internal server error", "connectionId": "connection-1"}
        connection.send("next")
        assert str(receive(connection)).endswith(": next")
    assert not [line for line in lines if SECRET in line]
    assert [line for line in lines if line.startswith("internal error: ")]


def test_client_ends_it(core: FakeCore, url: str) -> None:
    with client(url) as connection:
        connection.close(4321, "enough")
    assert end_of(core) == 4321


@pytest.mark.parametrize("hangs", [False, True])
def test_client_vanishes(core: FakeCore, url: str, hangs: bool) -> None:
    with opened(url) as connection:
        if hangs:
            connection.sendall(HANG)
            core.entered.get(timeout=PATIENCE)
        reset(connection)
    core.go_on.set()
    assert end_of(core) in (1005, 1006)


def reset(connection: socket.socket) -> None:
    """Closing will send a reset, as when a process is killed."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def test_client_vanishes_during_the_handshake(core: FakeCore, url: str) -> None:
    with dial(url) as connection:
        connection.sendall(head("/hang", *HANDSHAKE))
        core.entered.get(timeout=PATIENCE)
        reset(connection)
    core.go_on.set()
    assert end_of(core) in (1005, 1006)


def test_bytes_that_are_no_frames(core: FakeCore, url: str) -> None:
    with opened(url) as connection:
        connection.sendall(b"\xff" * 100)
        assert rest_of(connection)[2:4] == (1002).to_bytes(2, "big")
    assert end_of(core) == 1002


def test_bytes_that_are_no_frames_before_the_handshake_has_ended(core: FakeCore, url: str, lines: list[str]) -> None:
    with dial(url) as connection:
        connection.sendall(head("/hang", *HANDSHAKE))
        core.entered.get(timeout=PATIENCE)
        connection.sendall(b"\xff" * 100)
        assert rest_of(connection) == b""
    core.go_on.set()
    assert end_of(core) in (1005, 1006)
    assert get(url) == (200, {"length": 0})
    assert not [line for line in lines if "error" in line]


def test_text_that_is_no_text(core: FakeCore, url: str) -> None:
    with client(url) as connection:
        connection.send(b"\xff\xfe", text=True)
        assert closing_code(connection) == 1007
    assert end_of(core) == 1007


def test_idle_connection_is_ended(core: FakeCore) -> None:
    with served(core, limits=Limits(idle_seconds=0.05)) as url, client(url) as connection:
        assert closing_code(connection) == 1001
        assert end_of(core) == 1001


def test_end_of_the_server(core: FakeCore) -> None:
    with ExitStack() as clients:
        with served(core) as url:
            connection = clients.enter_context(opened(url))
        assert rest_of(connection) == b"\x88\x02" + (1012).to_bytes(2, "big")
    assert end_of(core) == 1012


def test_end_of_the_server_during_a_message(core: FakeCore) -> None:
    with ExitStack() as clients:
        with served(core, limits=Limits(grace_seconds=0)) as url:
            connection = clients.enter_context(opened(url))
            connection.sendall(HANG)
            core.entered.get(timeout=PATIENCE)
        assert rest_of(connection) == b"\x88\x02" + (1012).to_bytes(2, "big")
    end_of(core)
    assert core.told == ["connection-1"]


def test_message_that_hangs_holds_up_nobody_else(core: FakeCore, url: str) -> None:
    with client(url) as hanging, client(url) as other, ThreadPoolExecutor(1) as waiting:
        hanging.send("hang")
        core.entered.get(timeout=PATIENCE)
        late = waiting.submit(receive, hanging)
        other.send("now")
        assert receive(other) == "1: now"
        assert not late.done()
        core.go_on.set()
        assert late.result() == "1: hang"
