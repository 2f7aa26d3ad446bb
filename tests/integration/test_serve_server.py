"""The server over real sockets: what it hands on unchanged, and that nothing a client sends stops it."""

from __future__ import annotations

import http.client
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from authorizer.tools.gateway.message import HttpResponse, json_response
from authorizer.tools.serve.application import application
from authorizer.tools.serve.limits import Limits
from authorizer.tools.serve.server import Server
from authorizer.tools.terminal import CommandError
from tests.unit.tools.serve.fake_core import PATIENCE, SECRET, FakeCore, dial, exchange, get, head, rest_of, served

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).parents[2]
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def lines() -> list[str]:
    return []


@pytest.fixture(scope="module")
def core() -> FakeCore:
    return FakeCore()


@pytest.fixture(scope="module")
def url(core: FakeCore, lines: list[str]) -> Iterator[str]:
    with served(core, lines) as address:
        yield address


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def parts_of(answer: bytes) -> tuple[list[bytes], bytes]:
    """The lines of a response's head, and its body."""
    top, _, body = answer.partition(b"\r\n\r\n")
    return top.split(b"\r\n"), body


# --- what is handed on

TARGETS = (
    "/",
    "//a//b/",
    "/a/../b/./c",
    "/a%2Fb%2f%20%0A%00?x=%2F+y&x=%zz",
    "/trailing/?",
    "/?",
    "/a?b?c=d&&=;",
    "/%C3%9Fe/{proxy+}/$default",
    "*",
    "http://elsewhere.example/path",
    "/" + "long/" * 8000,
)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target[:30])
def test_target_is_handed_on_as_sent(core: FakeCore, url: str, target: str) -> None:
    assert status_of(exchange(url, head(target))) == 200
    assert core.requests[-1].target == target


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PURGE", "M-SEARCH", "get"])
def test_method_is_handed_on_as_sent(core: FakeCore, url: str, method: str) -> None:
    assert status_of(exchange(url, head(method=method))) == 200
    assert core.requests[-1].method == method


def test_headers_keep_order_spelling_and_duplicates(core: FakeCore, url: str) -> None:
    sent = ("AUTHORIZATION: a b", "x-Two: 1", "X-two: 2", "x-Two: \xe9", "X-Empty:", f"X-Long: {'l' * 20000}")
    assert status_of(exchange(url, head("/", *sent))) == 200
    request = core.requests[-1]
    assert request.headers == (
        ("Host", "localhost"),
        *((name, value.strip()) for name, _, value in (line.partition(":") for line in sent)),
        ("Connection", "close"),
    )
    assert (request.source_ip, request.host, request.protocol) == ("127.0.0.1", "localhost", "HTTP/1.1")


def test_forwarded_headers_change_nothing(core: FakeCore, url: str) -> None:
    exchange(url, head("/", "X-Forwarded-For: 192.0.2.1", "X-Forwarded-Proto: https"))
    assert core.requests[-1].source_ip == "127.0.0.1"


def test_body_is_handed_on(core: FakeCore, url: str) -> None:
    body = bytes(range(256)) * 4000
    assert get(url, "/", "POST", body) == (200, {"length": len(body)})
    assert core.requests[-1].body == body


def test_chunked_body_is_handed_on(core: FakeCore, url: str) -> None:
    pieces = (head("/", "Transfer-Encoding: chunked", method="POST"), b"3\r\nabc\r\n", b"2\r\nde\r\n0\r\n\r\n")
    assert status_of(exchange(url, *pieces)) == 200
    assert core.requests[-1].body == b"abcde"


def test_response_is_sent_as_given(core: FakeCore, url: str) -> None:
    headers = (("X-MiXed", "1"), ("x-mixed", "2"), ("Set-Cookie", "a=b"), ("Set-Cookie", "c=d"))
    core.answers["/as-given"] = HttpResponse(status=418, headers=headers, body=b"\x00tea")
    top, body = parts_of(exchange(url, head("/as-given")))
    assert top[0].startswith(b"HTTP/1.1 418 ")
    assert top[1:6] == [b"X-MiXed: 1", b"x-mixed: 2", b"Set-Cookie: a=b", b"Set-Cookie: c=d", b"Content-Length: 4"]
    assert [line.partition(b":")[0].lower() for line in top[6:]] == [b"date", b"connection"]
    assert body == b"\x00tea"


def test_head_sends_no_body(core: FakeCore, url: str) -> None:
    core.answers["/head"] = json_response(200, {"a": 1})
    top, body = parts_of(exchange(url, head("/head", method="HEAD")))
    assert b"Content-Length: 7" in top
    assert body == b""


def test_one_connection_serves_many_requests(url: str) -> None:
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)) as connection:
        for status, path in ((200, "/"), (401, "/401"), (200, "/")) * 3:
            connection.request("GET", path)
            response = connection.getresponse()
            assert response.status == status
            response.read()


def test_pipelined_requests_are_answered_in_order(url: str) -> None:
    first = head("/401").replace(b"Connection: close\r\n", b"")
    answers = exchange(url, first + first.replace(b"/401", b"/403") + head("/"))
    assert [status_of(b"HTTP/1.1 " + one) for one in answers.split(b"HTTP/1.1 ")[1:]] == [401, 403, 200]


def test_client_that_waits_for_leave_to_send(core: FakeCore, url: str) -> None:
    with dial(url) as connection:
        connection.sendall(head("/", "Expect: 100-continue", "Content-Length: 4", method="POST"))
        assert connection.recv(25) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"body")
        assert status_of(rest_of(connection)) == 200
    assert core.requests[-1].body == b"body"


def test_http_1_0(core: FakeCore, url: str) -> None:
    assert status_of(exchange(url, head().replace(b"HTTP/1.1", b"HTTP/1.0"))) == 200
    assert core.requests[-1].protocol == "HTTP/1.0"


def test_log_has_neither_query_nor_headers(core: FakeCore, url: str, lines: list[str]) -> None:
    core.answers["/noted"] = json_response(200, {}, ("x-local-gateway-note", "cached 300 s"))
    top, _ = parts_of(exchange(url, head(f"/noted?token={SECRET}", f"Authorization: {SECRET}")))
    assert not [line for line in top if b"note" in line]
    line = next(line for line in reversed(lines) if "/noted" in line)
    assert line.startswith("GET /noted 200 ")
    assert line.endswith(" ms  cached 300 s")
    assert not [line for line in lines if SECRET in line or "token" in line]


# --- what is refused

MALFORMED = {
    "garbage": (400, [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"]),
    "no version": (400, [b"GET /\r\n\r\n"]),
    "no host": (400, [b"GET / HTTP/1.1\r\n\r\n"]),
    "two hosts": (400, [b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n"]),
    "space in a name": (400, [head("/", "Bad Name: 1")]),
    "null in a value": (400, [head("/", "Bad: \0")]),
    "two lengths": (400, [head("/", "Content-Length: 1", "Content-Length: 2", method="POST")]),
    "no length": (400, [head("/", "Content-Length: -1", method="POST")]),
    "bad chunk": (400, [head("/", "Transfer-Encoding: chunked", method="POST"), b"xyz\r\nabc\r\n"]),
    "another coding": (501, [head("/", "Transfer-Encoding: gzip", method="POST")]),
    "header line of 70 KB": (431, [head("/", f"X: {'x' * 70_000}")]),
    "headers of 70 KB": (431, [head("/", *(f"X-{number}: {'x' * 1000}" for number in range(70)))]),
    "request line of 70 KB": (431, [head("/" + "x" * 70_000)]),
    "endless head": (431, [b"GET / HTTP/1.1\r\n", *[b"X: " + b"x" * 10_000 + b"\r\n"] * 7]),
    "no host in HTTP/1.0": (421, [b"GET / HTTP/1.0\r\n\r\n"]),
    "another host": (421, [head(host="rebound.example.com")]),
    "tunnel": (405, [head("example.com:443", method="CONNECT")]),
    "announced too long": (413, [head("/", f"Content-Length: {10 * MEGABYTE + 1}", method="POST")]),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_request_is_refused_and_the_next_is_served(core: FakeCore, url: str, name: str) -> None:
    before = len(core.requests)
    status, pieces = MALFORMED[name]
    answer = exchange(url, *pieces)
    assert status_of(answer) == status
    assert parts_of(answer)[1].startswith(b'{"message":')
    assert len(core.requests) == before
    assert get(url) == (200, {"length": 0})


def test_body_up_to_the_limit(url: str) -> None:
    assert get(url, "/", "POST", b"x" * 10 * MEGABYTE) == (200, {"length": 10 * MEGABYTE})


def test_longer_body_is_refused_while_it_is_sent() -> None:
    """And whoever sends all of it before reading can still read why."""
    core = FakeCore()
    with served(core, limits=Limits(body=MEGABYTE, linger_seconds=PATIENCE)) as url:
        assert get(url, "/", "POST", b"x" * 3 * MEGABYTE) == (413, {"message": "Request Too Long"})
        chunks = [b"80000\r\n" + b"x" * 0x80000 + b"\r\n"] * 6
        answer = exchange(url, head("/", "Transfer-Encoding: chunked", method="POST"), *chunks, b"0\r\n\r\n")
        assert status_of(answer) == 413
    assert core.requests == []


@pytest.mark.parametrize("host", ["localhost:3000", "127.0.0.1", "[::1]:3000", "my.api.localhost"])
def test_names_of_this_machine_are_served(url: str, host: str) -> None:
    assert status_of(exchange(url, head(host=host))) == 200


def test_any_origin_is_served(url: str) -> None:
    assert status_of(exchange(url, head("/Api/v1/orders", "Origin: https://example.com"))) == 200


@pytest.mark.parametrize(
    "beginning",
    [
        b"",
        b"GE",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
        head("/", "Content-Length: 100", method="POST") + b"x" * 10,
        head("/", "Transfer-Encoding: chunked", method="POST") + b"5\r\nab",
    ],
)
def test_client_that_goes_away_stops_nothing(core: FakeCore, url: str, beginning: bytes) -> None:
    before = len(core.requests)
    with dial(url) as connection:
        connection.sendall(beginning)
    assert get(url) == (200, {"length": 0})
    assert len(core.requests) == before + 1


def test_slow_head_and_body_are_ended() -> None:
    hasty = Limits(head_seconds=0.05, body_seconds=0.05)
    with served(FakeCore(), limits=hasty) as url:
        assert exchange(url, b"GET / HTTP/1.1\r\nX: ") == b""
        assert status_of(exchange(url, head("/", "Content-Length: 100", method="POST"), b"x")) == 408
        assert get(url) == (200, {"length": 0})


# --- what the core does


@pytest.mark.parametrize("path", ["/boom", "/exit"])
def test_bug_of_the_core_is_a_500(url: str, lines: list[str], path: str) -> None:
    assert get(url, path) == (500, {"message": "Internal server error"})
    assert [line for line in lines if line.startswith("internal error: ") and "fake_core.py:" in line]
    assert not [line for line in lines if SECRET in line]
    assert get(url) == (200, {"length": 0})


def test_unsendable_answer_of_the_core_is_a_500(core: FakeCore, url: str) -> None:
    core.answers["/split"] = HttpResponse(status=200, headers=(("X", "1\r\nY: 2"),))
    assert get(url, "/split") == (500, {"message": "Internal server error"})


def test_hundred_clients_at_once(url: str) -> None:
    with ThreadPoolExecutor(100) as clients:
        answers = list(clients.map(lambda number: get(url, f"/{number + 1000}"), range(300)))
    assert answers == [(200, {"length": 0})] * 300


def test_calls_that_hang_hold_up_nobody_else() -> None:
    core = FakeCore()
    with served(core) as url, ThreadPoolExecutor(5) as clients:
        hanging = [clients.submit(get, url, "/hang") for _ in range(5)]
        for _ in hanging:
            core.entered.get(timeout=PATIENCE)
        assert [get(url) for _ in range(20)] == [(200, {"length": 0})] * 20
        assert not [one for one in hanging if one.done()]
        core.go_on.set()
        assert [one.result() for one in hanging] == [(200, {"length": 0})] * 5


def test_client_that_goes_away_during_a_call() -> None:
    core = FakeCore()
    with served(core) as url:
        with dial(url) as connection:
            connection.sendall(head("/hang"))
            core.entered.get(timeout=PATIENCE)
        core.go_on.set()
        assert get(url) == (200, {"length": 0})


def test_more_clients_than_allowed_get_503() -> None:
    with served(FakeCore(), limits=Limits(connections=3)) as url:
        with dial(url), dial(url):
            for upgrade in ((), ("Upgrade: websocket",)):
                assert status_of(exchange(url, head("/", *upgrade))) == 503
        answer = next(answer for answer in (get_status(url) for _ in range(10_000)) if answer != 503)
        assert answer == 200


def get_status(url: str) -> int:
    return status_of(exchange(url, head()))


# --- its life


def test_taken_port_is_told(core: FakeCore, url: str) -> None:
    port = urlsplit(url).port
    assert port is not None
    with pytest.raises(CommandError, match=f"port {port} is taken") as told, Server(application(core, core), port=port):
        pass
    assert told.value.hint == "--port 0 takes a free one"


def test_end_leaves_no_connection_open() -> None:
    core = FakeCore()
    with served(core, limits=Limits(grace_seconds=0)) as url:
        idle, busy = dial(url), dial(url)
        busy.sendall(head("/hang"))
        core.entered.get(timeout=PATIENCE)
    with idle, busy:
        assert rest_of(idle) == b""
        assert status_of(rest_of(busy)) == 500


PROGRAM = """
import sys
from authorizer.tools.serve.application import application
from authorizer.tools.serve.server import Server
from tests.unit.tools.serve.fake_core import FakeCore
core = FakeCore()
Server(application(core, core), port=0).run(lambda url: (sys.stdout.write(url + "\\n"), sys.stdout.flush()))
sys.stdout.write("ended")
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("path", ["/", "/hang"])
def test_signal_ends_it_with_status_0(number: signal.Signals, path: str) -> None:
    command = [sys.executable, "-W", "error", "-c", PROGRAM]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=PROJECT, stdout=pipe, stderr=pipe, text=True) as child:
        assert child.stdout is not None
        url = child.stdout.readline().strip()
        with dial(url) as connection:
            connection.sendall(head(path).replace(b"close", b"keep-alive"))
            if path == "/":
                assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
            child.send_signal(number)
            rest_of(connection)
        out, err = child.communicate(timeout=PATIENCE)
    assert (child.returncode, out) == (0, "ended")
    assert [line for line in err.splitlines() if not line.startswith("GET ")] == []
