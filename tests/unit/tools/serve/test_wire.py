"""Nothing of a request is changed on its way to the core, and of a response only its framing."""

from __future__ import annotations

from typing import Any

import pytest

from authorizer.tools.gateway.message import HttpResponse
from authorizer.tools.serve.wire import AS_SENT, AsSent, Unsendable, checked, read_request, ready


def scope(**parts: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "raw_path": b"/a%2Fb//..",
        "query_string": b"x=%20",
        "headers": [(b"host", b"localhost:3000"), (b"x-a", b"1"), (b"x-a", b"\xe9")],
        "client": ("127.0.0.1", 50000),
        "http_version": "1.1",
    }
    return plain | parts


def names(headers: list[tuple[bytes, bytes]]) -> list[bytes]:
    return [name for name, _ in headers]


def test_request_of_another_server() -> None:
    request = read_request(scope(), b"body")
    assert (request.method, request.target, request.body) == ("GET", "/a%2Fb//..?x=%20", b"body")
    assert request.headers == (("host", "localhost:3000"), ("x-a", "1"), ("x-a", "\xe9"))
    assert (request.host, request.source_ip, request.protocol) == ("localhost", "127.0.0.1", "HTTP/1.1")


def test_request_as_it_was_sent() -> None:
    sent = AsSent(b"/x?", [(b"HoSt", b"localhost"), (b"X-A", b"1")])
    request = read_request(scope(extensions={AS_SENT: sent}))
    assert request.target == "/x?"
    assert request.headers == (("HoSt", "localhost"), ("X-A", "1"))


def test_request_without_query_client_and_host() -> None:
    request = read_request(scope(query_string=b"", client=None, headers=[]))
    assert (request.target, request.source_ip, request.host) == ("/a%2Fb//..", "127.0.0.1", "localhost")


def test_websocket_handshake_is_a_get() -> None:
    handshake = scope(type="websocket")
    del handshake["method"]
    assert read_request(handshake).method == "GET"


def test_response_keeps_its_headers_in_order() -> None:
    headers = (("X-Two", "a"), ("x-two", " b\t"), ("Date", "today"))
    answer = ready(HttpResponse(status=200, headers=headers, body=b"{}"), "GET")
    assert answer.headers == [(b"X-Two", b"a"), (b"x-two", b"b"), (b"Date", b"today"), (b"Content-Length", b"2")]
    assert answer.body == b"{}"


def test_framing_is_ours_and_the_note_is_not_sent() -> None:
    headers = (("content-length", "7"), ("Transfer-Encoding", "chunked"), ("X-Local-Gateway-Note", "cached"))
    answer = ready(HttpResponse(status=200, headers=headers, body=b"{}"), "GET")
    assert names(answer.headers) == [b"Content-Length", b"Date"]
    assert answer.headers[0] == (b"Content-Length", b"2")
    assert answer.detail == "cached"


@pytest.mark.parametrize(
    ("response", "length"),
    [
        (HttpResponse(status=200, body=b"{}"), b"2"),
        (HttpResponse(status=200, headers=(("Content-Length", "7"),)), b"7"),
        (HttpResponse(status=200, headers=(("Content-Length", "-7"),)), b"0"),
    ],
)
def test_head_tells_the_length_of_what_it_does_not_send(response: HttpResponse, length: bytes) -> None:
    answer = ready(response, "HEAD")
    assert (b"Content-Length", length) in answer.headers
    assert answer.body == b""


@pytest.mark.parametrize("status", [204, 304])
def test_statuses_without_a_body(status: int) -> None:
    answer = ready(HttpResponse(status=status, body=b"{}"), "GET")
    assert names(answer.headers) == [b"Date"]
    assert answer.body == b""


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(status=101),
        HttpResponse(status=600),
        HttpResponse(status=200, headers=(("X:", "1"),)),
        HttpResponse(status=200, headers=(("", "1"),)),
        HttpResponse(status=200, headers=(("X", "1\r\nSet-Cookie: a=b"),)),
        HttpResponse(status=200, headers=(("X", "\u20ac"),)),
    ],
)
def test_unsendable_responses_are_bugs(response: HttpResponse) -> None:
    with pytest.raises(Unsendable):
        checked(response)


def test_sendable_response_is_unchanged() -> None:
    response = HttpResponse(status=200, headers=(("X", "\xe9 \t~"),))
    assert checked(response) is response
