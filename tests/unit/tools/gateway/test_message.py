from __future__ import annotations

import pytest

from authorizer.tools.gateway.message import HttpRequest, HttpResponse, as_bytes, as_header, json_response
from tests.unit.tools.gateway.gateways import TOKEN


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        ("/a/b?c=d", "/a/b", "c=d"),
        ("/a", "/a", ""),
        ("/a?", "/a", ""),
        ("/a?b?c", "/a", "b?c"),
        ("?b", "", "b"),
        ("", "", ""),
        ("*", "*", ""),
        ("/%3F?%3f", "/%3F", "%3f"),
    ],
)
def test_target_is_path_and_query_as_sent(target: str, path: str, query: str) -> None:
    request = HttpRequest(target=target)
    assert (request.path, request.query) == (path, query)


@pytest.mark.parametrize("made", [HttpRequest, HttpResponse])
def test_last_header_of_a_name_counts_whatever_its_case(made: type[HttpRequest | HttpResponse]) -> None:
    headers = (("X-A", "1"), ("x-a", "2"), ("X-B", ""))
    message = HttpRequest(headers=headers) if made is HttpRequest else HttpResponse(status=200, headers=headers)
    assert [message.header(name) for name in ("X-a", "x-b", "x-c")] == ["2", "", None]


def test_request_does_not_show_what_may_hold_a_credential() -> None:
    request = HttpRequest(target=f"/?t={TOKEN}", headers=(("Authorization", TOKEN),), body=TOKEN.encode())
    assert TOKEN not in repr(request)


@pytest.mark.parametrize(("document", "body"), [({"a": None}, b'{"a":null}'), ("ü", '"ü"'.encode()), (None, b"null")])
def test_json_response_is_compact_utf8(document: object, body: bytes) -> None:
    response = json_response(403, document, ("x-a", "1"))
    assert (response.status, response.body, response.json()) == (403, body, document)
    assert response.headers == (("content-type", "application/json"), ("x-a", "1"))


def test_half_of_a_character_is_no_reason_to_fail() -> None:
    assert json_response(200, "a\ud800").body == b'"a?"'
    assert as_bytes("\udfff") == b"?"


def test_text_of_a_body_that_is_none() -> None:
    assert HttpResponse(status=200, body=b"a\xff").text == "a\ufffd"


def test_body_that_is_no_json() -> None:
    with pytest.raises(ValueError, match="Expecting value"):
        HttpResponse(status=200, body=b"no").json()


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("a\tb ~", "a\tb ~"),
        ("é", "é"),
        ("a\r\nX-B: c", "a??X-B: c"),
        ("a\x00\x7f", "a??"),
        ("日本", "??"),
        ("\ud800", "?"),
    ],
)
def test_header_holds_what_a_header_can(value: str, sent: str) -> None:
    assert as_header(value) == sent
