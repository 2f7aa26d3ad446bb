"""One GET over TLS, against a server on this machine that answers with any bytes whatever."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from itertools import repeat
from time import perf_counter, sleep
from typing import TYPE_CHECKING, NoReturn

import pytest

from authorizer.errors import Unavailable
from authorizer.jose import fetch
from authorizer.jose.fetch import Deadline
from authorizer.reasons import Reason
from tests.unit.jose.raw_server import RawServer, response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LIMIT = 2000  # bytes
BODY = b'{"keys":[]}'
SOON = 0.2  # seconds of a deadline that a test waits out
MARGIN = 2.0  # seconds that a busy machine may add to it
ENOUGH = 10.0  # seconds of a deadline that is never reached


@pytest.fixture(scope="module")
def shared() -> Iterator[RawServer]:
    with RawServer() as running:
        yield running


@pytest.fixture
def server(shared: RawServer, monkeypatch: pytest.MonkeyPatch) -> RawServer:
    monkeypatch.setenv("SSL_CERT_FILE", shared.ca_file)
    shared.ended.clear()
    return shared


def get(url: str, deadline: Deadline | None = None) -> bytes | str:
    """The body, or the reason code."""
    try:
        return fetch.get(url, deadline or Deadline(ENOUGH), max_bytes=LIMIT)
    except Unavailable as unavailable:
        return str(unavailable.reason.value)


@pytest.mark.parametrize(
    ("url", "right"),
    [
        ("https://login.example.com", True),
        ("https://login.example.com/keys?p=signin", True),
        ("https://login.example.com:8443/", True),
        ("https://[2001:db8::1]:8443/keys", True),
        ("http://login.example.com/keys", False),
        ("file:///etc/passwd", False),
        ("login.example.com/keys", False),
        ("https:///keys", False),
        ("https://:8443/keys", False),
        ("https://user@login.example.com/", False),
        ("https://user:password@login.example.com/", False),
        ("https://login.example.com/#keys", False),
        ("https://login.example.com/a b", False),
        ("https://login.example.com/\r\nX-Injected: 1", False),
        ("https://login.example.com/\n", False),
        ("https://login.example.com/é", False),
        ("https://löwe.example.com/", False),
        ("https://[::1/", False),
        ("https://login.example.com:https/", False),
        ("https://login.example.com:99999/", False),
        ("https://login.example.com:-1/", False),
        ("https://login.example.com:0/", False),
        ("", False),
    ],
)
def test_only_plain_https_urls_are_fetched(url: str, right: bool) -> None:
    assert fetch.is_https(url) is right


@pytest.mark.parametrize("scheme", ["http", "ftp"])
def test_nothing_connects_to_another_scheme(server: RawServer, scheme: str) -> None:
    before = len(server.requests)
    assert get(f"{scheme}://localhost:{server.port}/keys.json") == Reason.DISCOVERY_INVALID.value
    assert len(server.requests) == before


def test_request_says_what_is_asked_and_no_more(server: RawServer) -> None:
    server.answer = response(BODY)
    assert get(f"https://localhost:{server.port}/a/keys.json?p=x%20y&q=1") == BODY
    first, *others = server.requests[-1].decode("ascii").removesuffix("\r\n\r\n").split("\r\n")
    assert first == "GET /a/keys.json?p=x%20y&q=1 HTTP/1.1"
    headers = dict(line.lower().split(": ", 1) for line in others)
    assert headers.pop("user-agent")
    assert headers == {
        "host": f"localhost:{server.port}",
        "accept": "application/json",
        "accept-encoding": "identity",
        "connection": "close",
    }


def test_url_without_path_asks_for_the_root(server: RawServer) -> None:
    server.answer = response(BODY)
    assert get(f"https://localhost:{server.port}") == BODY
    assert server.requests[-1].startswith(b"GET / HTTP/1.1\r\n")


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    return response(body + end, "Transfer-Encoding: chunked", length=-1)


@pytest.mark.parametrize(
    "answer",
    [
        response(BODY),
        response(BODY, length=-1),
        response(BODY, "Content-Encoding: identity"),
        response(BODY, "Content-Type: text/plain"),
        chunked(BODY),
        chunked(*(bytes([byte]) for byte in BODY)),
        chunked(BODY, end=b"0\r\nX-Trailer: 1\r\n\r\n"),
        b"HTTP/1.0 200 OK\r\n\r\n" + BODY,
        b"HTTP/1.1 100 Continue\r\n\r\n" + response(BODY),
        response(BODY) + b"HTTP/1.1 200 OK\r\n\r\nanother answer",
    ],
)
def test_whole_body_is_returned(server: RawServer, answer: bytes) -> None:
    server.answer = answer
    assert get(server.url) == BODY


@pytest.mark.parametrize("status", [201, 203, 204, 206, 400, 401, 403, 404, 410, 429, 500, 502, 503, 504, 599])
def test_status_other_than_200_is_no_answer(server: RawServer, status: int) -> None:
    server.answer = response(BODY, status=f"{status} Whatever")
    assert get(server.url) == "keys_status"


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308])
def test_redirects_are_not_followed(server: RawServer, status: int) -> None:
    with RawServer(response(BODY)) as target:
        server.answer = response(b"", f"Location: {target.url}", status=f"{status} Elsewhere")
        assert get(server.url) == "keys_redirected"
        assert target.requests == []


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "zstd", "x-gzip", "gzip, identity", "Identity2", "*"])
def test_compressed_body_is_refused(server: RawServer, encoding: str) -> None:
    server.answer = response(BODY, f"Content-Encoding: {encoding}")
    assert get(server.url) == "keys_response_invalid"


@pytest.mark.parametrize(
    "answer",
    [
        response(BODY, length=len(BODY) + 1),
        chunked(BODY, end=b""),
        chunked(BODY, end=b"5\r\nab"),
        chunked(BODY, end=b"no number\r\n\r\n"),
        b"HTTP/1.1 two hundred\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
        b"HTTP/9.9 200 OK\r\n\r\n" + BODY,
        response(BODY, *repeat("X-Many: 1", 101)),
        response(BODY, "X-Long: " + "x" * 70_000),
    ],
)
def test_what_is_not_one_whole_http_answer_is_refused(server: RawServer, answer: bytes) -> None:
    server.answer = answer
    assert get(server.url) == "keys_response_invalid"


def test_body_ends_where_its_length_says(server: RawServer) -> None:
    server.answer = response(BODY, length=5)
    assert get(server.url) == BODY[:5]


@pytest.mark.parametrize("size", [LIMIT - 1, LIMIT])
@pytest.mark.parametrize("form", [response, chunked])
def test_body_up_to_the_limit_is_read(server: RawServer, form: Callable[[bytes], bytes], size: int) -> None:
    server.answer = form(b"x" * size)
    assert get(server.url) == b"x" * size


@pytest.mark.parametrize("form", [response, chunked, lambda body: response(body, length=-1)])
def test_body_over_the_limit_is_refused(server: RawServer, form: Callable[[bytes], bytes]) -> None:
    server.answer = form(b"x" * (LIMIT + 1))
    assert get(server.url) == "keys_response_invalid"


def test_endless_body_is_cut_off(server: RawServer) -> None:
    def flood(connection: socket.socket) -> None:
        connection.sendall(response(b"", length=10**15))
        for _ in range(100_000):
            connection.sendall(b" " * 10_000)

    server.answer = flood
    assert get(server.url) == "keys_response_invalid"
    assert server.ended.wait(MARGIN)


def test_connection_that_ends_without_an_answer_is_unreachable(server: RawServer) -> None:
    server.answer = b""
    assert get(server.url) == "keys_unreachable"


def test_port_that_nobody_listens_at_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert get(f"https://localhost:{port}/") == "keys_unreachable"


def test_name_that_does_not_resolve_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> NoReturn:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert get("https://login.example.com/") == "keys_unreachable"


def test_deadline_that_has_passed_connects_to_nothing(server: RawServer) -> None:
    before = len(server.requests)
    assert get(server.url, Deadline(0)) == "keys_timeout"
    assert len(server.requests) == before


def test_remaining_time_goes_down_to_a_timeout() -> None:
    deadline = Deadline(SOON)
    assert 0 < deadline.remaining() <= SOON
    sleep(SOON)
    with pytest.raises(Unavailable, match="keys_timeout"):
        deadline.remaining()


def test_nothing_remains_after_cancel() -> None:
    deadline = Deadline(ENOUGH)
    deadline.cancel()
    with pytest.raises(Unavailable, match="keys_timeout"):
        deadline.remaining()


@pytest.mark.parametrize("order", ["attach, cancel", "cancel, attach"])
def test_cancel_wakes_whoever_reads(order: str) -> None:
    ours, theirs = socket.socketpair()
    deadline = Deadline(ENOUGH)
    steps = {"attach": lambda: deadline.attach(ours), "cancel": deadline.cancel}
    with ours, theirs:
        for step in order.split(", "):
            steps[step]()
        ours.settimeout(MARGIN)
        assert ours.recv(1) == b""


def test_cancel_of_a_closed_socket_is_nothing() -> None:
    ours, theirs = socket.socketpair()
    deadline = Deadline(ENOUGH)
    deadline.attach(ours)
    ours.close()
    theirs.close()
    deadline.cancel()


def drip_head(connection: socket.socket) -> None:
    drip(connection, b"HTTP/1.1 200 OK\r\nX-Drip: ")


def drip_declared_body(connection: socket.socket) -> None:
    connection.sendall(response(b"", length=1000))
    drip(connection, b"")


def drip_chunks(connection: socket.socket) -> None:
    connection.sendall(chunked(BODY, end=b""))
    drip(connection, b"", b"1\r\n \r\n")


def drip_trailers(connection: socket.socket) -> None:
    connection.sendall(chunked(BODY, end=b"0\r\n"))
    drip(connection, b"", b"X: 1\r\n")


def drip_continues(connection: socket.socket) -> None:
    drip(connection, b"", b"HTTP/1.1 100 Continue\r\n\r\n")


def drip(connection: socket.socket, start: bytes, each: bytes = b" ") -> None:
    with suppress(OSError):
        connection.sendall(start)
        for part in repeat(each, 500):
            connection.sendall(part)
            sleep(0.02)


@pytest.mark.parametrize("answer", [drip_head, drip_declared_body, drip_chunks, drip_trailers, drip_continues])
def test_dripping_peer_is_ended_by_cancel(server: RawServer, answer: Callable[[socket.socket], None]) -> None:
    server.answer = answer
    deadline = Deadline(ENOUGH)
    threading.Timer(SOON, deadline.cancel).start()
    started = perf_counter()
    assert get(server.url, deadline) == "keys_timeout"
    assert perf_counter() - started < SOON + MARGIN
    assert server.ended.wait(MARGIN)


def test_certificates_are_verified(server: RawServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.answer = response(BODY)
    monkeypatch.delenv("SSL_CERT_FILE")
    before = len(server.requests)
    assert get(server.url) == "keys_tls_failed"
    assert len(server.requests) == before
