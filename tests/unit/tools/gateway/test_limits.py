from __future__ import annotations

import pytest

from authorizer.surface import Api as Kind
from authorizer.tools.gateway.failure import Failure, ResponseType
from authorizer.tools.gateway.limits import MAX_ARN, MAX_BODY, MAX_HEADERS, check_arn, check_limits
from authorizer.tools.gateway.message import Headers, HttpRequest
from tests.unit.tools.gateway.gateways import received

LINE = len("GET / HTTP/1.1\r\n")


def refused(request: HttpRequest, kind: Kind = Kind.REST) -> ResponseType | None:
    try:
        check_limits(received(kind, request))
    except Failure as failure:
        return failure.type
    return None


def of_size(size: int) -> Headers:
    """Headers of this many bytes: `: ` and the line end count."""
    return (("x", "a" * (size - 5)),)


@pytest.mark.parametrize(
    ("size", "type_"),
    [(MAX_HEADERS - 1, None), (MAX_HEADERS, None), (MAX_HEADERS + 1, ResponseType.HEADERS_TOO_LARGE)],
)
def test_size_of_headers_of_a_rest_api(size: int, type_: ResponseType | None) -> None:
    assert refused(HttpRequest(headers=of_size(size))) is type_


@pytest.mark.parametrize(
    ("size", "type_"),
    [(MAX_HEADERS - 1, None), (MAX_HEADERS, None), (MAX_HEADERS + 1, ResponseType.HEADERS_TOO_LARGE)],
)
def test_request_line_of_an_http_api_counts(size: int, type_: ResponseType | None) -> None:
    assert refused(HttpRequest(headers=of_size(size - LINE)), Kind.HTTP) is type_


def test_request_line_of_a_rest_api_does_not_count() -> None:
    assert refused(HttpRequest(target="/" + "a" * MAX_HEADERS)) is None


def test_bytes_count_and_not_characters() -> None:
    half = "é" * (MAX_HEADERS // 2)
    assert refused(HttpRequest(headers=(("x", half),))) is ResponseType.HEADERS_TOO_LARGE


def test_many_headers_count_together() -> None:
    assert refused(HttpRequest(headers=of_size(MAX_HEADERS // 2) * 2)) is None
    assert refused(HttpRequest(headers=of_size(MAX_HEADERS // 2 + 1) * 2)) is ResponseType.HEADERS_TOO_LARGE


@pytest.mark.parametrize(
    ("size", "type_"), [(MAX_BODY - 1, None), (MAX_BODY, None), (MAX_BODY + 1, ResponseType.REQUEST_TOO_LARGE)]
)
def test_size_of_a_body(size: int, type_: ResponseType | None) -> None:
    assert refused(HttpRequest(body=bytes(size))) is type_


def test_half_of_a_character_is_no_reason_to_fail() -> None:
    assert refused(HttpRequest(headers=(("\ud800", "\udfff"),), target="/\ud800"), Kind.HTTP) is None


@pytest.mark.parametrize("more", [-1, 0, 1])
@pytest.mark.parametrize("letter", ["a", "é"])
def test_length_of_the_arn(letter: str, more: int) -> None:
    room = MAX_ARN - len(received(path="/").arn.encode())
    path = "/" + letter * (room // len(letter.encode())) + "a" * (room % len(letter.encode()))
    call = received(path=path[:-1] if more < 0 else path + "a" * more)
    if more <= 0:
        check_arn(call)
        return
    with pytest.raises(Failure) as caught:
        check_arn(call)
    assert caught.value.type is ResponseType.URI_TOO_LONG
