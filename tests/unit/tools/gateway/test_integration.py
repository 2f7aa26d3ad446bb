from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authorizer.surface import Api as Kind
from authorizer.tools.gateway.events import http_proxy_event, rest_proxy_event
from authorizer.tools.gateway.failure import Failure, ResponseType
from authorizer.tools.gateway.integration import ECHO_HEADER, Integration
from authorizer.tools.gateway.message import HttpResponse
from authorizer.tools.invocation import GATEWAY_TIMEOUT
from authorizer.tools.serve.wire import checked
from tests.unit.tools.gateway.gateways import TOKEN, Functions, invocation_of, raised, received, sent

REST, HTTP, WEBSOCKET = Kind.REST, Kind.HTTP, Kind.WEBSOCKET
FAILED, CONFIGURATION = ResponseType.INTEGRATION_FAILURE, ResponseType.API_CONFIGURATION_ERROR


def answer(document: Any, kind: Kind = REST, payload: str = "1.0", **more: Any) -> HttpResponse:
    integration = Integration(kind=kind, type="AWS_PROXY", function="Backend", payload=payload, **more)
    return integration.answer({}, Functions(document))


def failure(document: Any, kind: Kind = REST, payload: str = "1.0", **more: Any) -> Failure:
    with pytest.raises(Failure) as caught:
        answer(document, kind, payload, **more)
    return caught.value


def ok(**more: Any) -> dict[str, Any]:
    return {"statusCode": 200, **more}


def headers(response: HttpResponse, name: str) -> list[str]:
    return [value for one, value in response.headers if one.lower() == name]


@pytest.mark.parametrize(("status", "sent_"), [(200, 200), ("201", 201), (599, 599), ("500", 500), (302, 302)])
@pytest.mark.parametrize(("kind", "payload"), [(REST, "1.0"), (HTTP, "1.0"), (HTTP, "2.0")])
def test_status(kind: Kind, payload: str, status: Any, sent_: int) -> None:
    assert answer({"statusCode": status}, kind, payload).status == sent_


@pytest.mark.parametrize(
    "status",
    [
        None,
        "",
        "ok",
        True,
        199,
        600,
        "199",
        "600",
        "0200",
        "20000",
        " 200",
        "\uff12\uff10\uff10",
        200.5,
        [],
        {},
        -200,
        10**9,
    ],
)
def test_status_that_is_none(status: Any) -> None:
    assert failure({"statusCode": status}).type is FAILED
    assert failure({"statusCode": status}, HTTP).type is CONFIGURATION
    assert failure({"statusCode": status}, HTTP, "2.0").type is CONFIGURATION


@pytest.mark.parametrize("document", [None, "text", 1, True, [], [ok()], {}, {"body": "no status"}])
def test_answer_without_a_status(document: Any) -> None:
    assert failure(document).type is FAILED
    assert failure(document, HTTP, "1.0").type is CONFIGURATION


@pytest.mark.parametrize(
    ("document", "body"),
    [
        (ok(), b""),
        (ok(body=None), b""),
        (ok(body=""), b""),
        (ok(body="ü"), "ü".encode()),
        (ok(body="\ud800"), b"?"),
        (ok(body="YQ=="), b"YQ=="),
        (ok(body="YQ==", isBase64Encoded=False), b"YQ=="),
        (ok(body="YQ==", isBase64Encoded="true"), b"YQ=="),
        (ok(body="YQ==", isBase64Encoded=True), b"a"),
        (ok(body=None, isBase64Encoded=True), b""),
        (ok(body=base64.b64encode(b"\xff\x00").decode(), isBase64Encoded=True), b"\xff\x00"),
    ],
)
@pytest.mark.parametrize(("kind", "payload"), [(REST, "1.0"), (HTTP, "2.0")])
def test_body(kind: Kind, payload: str, document: Any, body: bytes) -> None:
    assert answer(document, kind, payload).body == body


MALFORMED = [
    ok(body={"a": 1}),
    ok(body=[]),
    ok(body=1),
    ok(body=True),
    ok(body="no base64!", isBase64Encoded=True),
    ok(body="é", isBase64Encoded=True),
    ok(headers=[["a", "b"]]),
    ok(headers="a: b"),
    ok(headers={"a": {"b": "c"}}),
    ok(headers={"a": ["b"]}),
    ok(headers={"": "b"}),
    ok(headers={"a b": "c"}),
    ok(headers={"a\r\nb": "c"}),
]


@pytest.mark.parametrize("document", MALFORMED)
def test_malformed_answer(document: Any) -> None:
    found = failure(document)
    assert (found.type, found.type.status, found.message) == (FAILED, 502, "Internal server error")
    other = failure(document, HTTP, "2.0")
    assert (other.type, other.type.status, other.message) == (CONFIGURATION, 500, "Internal Server Error")


@pytest.mark.parametrize("several", [{"a": "b"}, {"a": None}, {"a": [None]}, {"a": [{}]}, [], "a", {"a b": ["c"]}])
def test_malformed_headers_with_several_values(several: Any) -> None:
    assert failure(ok(multiValueHeaders=several)).type is FAILED


@pytest.mark.parametrize("cookies", ["a=b", {"a": "b"}, [None], [["a=b"]]])
def test_malformed_cookies(cookies: Any) -> None:
    assert failure(ok(cookies=cookies), HTTP, "2.0").type is CONFIGURATION


@pytest.mark.parametrize(
    ("value", "text"),
    [("a", "a"), ("", ""), (1, "1"), (1.5, "1.5"), (True, "true"), ("é", "é"), ("日", "?"), ("a\r\nb: c", "a??b: c")],
)
def test_value_of_a_header(value: Any, text: str) -> None:
    assert headers(answer(ok(headers={"x-a": value})), "x-a") == [text]


def test_header_of_null_is_left_out() -> None:
    assert headers(answer(ok(headers={"x-a": None})), "x-a") == []


def test_headers_with_one_and_with_several_values() -> None:
    document = ok(headers={"x-a": "1", "X-B": "2"}, multiValueHeaders={"x-a": ["1", "3"], "set-cookie": ["c=1", "d=2"]})
    response = answer(document)
    assert headers(response, "x-a") == ["1", "3"]
    assert headers(response, "x-b") == ["2"]
    assert headers(response, "set-cookie") == ["c=1", "d=2"]


@pytest.mark.parametrize(
    ("kind", "payload", "cookies", "several"),
    [(REST, "1.0", [], ["1", "2"]), (HTTP, "1.0", [], ["1", "2"]), (HTTP, "2.0", ["a=b", "c=d"], [])],
)
def test_cookies_are_of_format_2_and_several_values_of_format_1(
    kind: Kind, payload: str, cookies: list[str], several: list[str]
) -> None:
    response = answer(ok(cookies=["a=b", "c=d"], multiValueHeaders={"x-a": ["1", "2"]}), kind, payload)
    assert (headers(response, "set-cookie"), headers(response, "x-a")) == (cookies, several)


@pytest.mark.parametrize(
    ("kind", "payload", "usual"),
    [
        (REST, "1.0", "application/json"),
        (HTTP, "1.0", "text/plain;charset=utf-8"),
        (HTTP, "2.0", "text/plain;charset=utf-8"),
    ],
)
def test_content_type(kind: Kind, payload: str, usual: str) -> None:
    assert headers(answer(ok(body="a"), kind, payload), "content-type") == [usual]
    own = ok(body="a", headers={"CONTENT-TYPE": "text/csv"})
    assert headers(answer(own, kind, payload), "content-type") == ["text/csv"]


@pytest.mark.parametrize(
    ("document", "body"),
    [
        ("Hello", b"Hello"),
        ("", b""),
        ({"a": "ü"}, '{"a":"ü"}'.encode()),
        ({}, b"{}"),
        ([1], b"[1]"),
        (None, b"null"),
        (True, b"true"),
        ({"statuscode": 404}, b'{"statuscode":404}'),
        ("\ud800", b"?"),
        ({"a": "\ud800"}, b'{"a":"?"}'),
    ],
)
def test_what_has_no_status_is_the_body_of_a_200_in_format_2(document: Any, body: bytes) -> None:
    response = answer(document, HTTP, "2.0")
    assert (response.status, response.body, headers(response, "content-type")) == (200, body, ["application/json"])


@pytest.mark.parametrize(
    ("kind", "type_", "status", "message"),
    [
        (REST, FAILED, 502, "Internal server error"),
        (WEBSOCKET, FAILED, 502, "Internal server error"),
        (HTTP, CONFIGURATION, 500, "Internal Server Error"),
    ],
)
@pytest.mark.parametrize("error", ["Exception", "Sandbox.Timedout", "Runtime.ImportModuleError", "Gateway.NotHere"])
def test_function_that_fails(kind: Kind, type_: ResponseType, status: int, message: str, error: str) -> None:
    found = failure(raised("Unauthorized", error), kind)
    assert (found.type, found.type.status, found.message) == (type_, status, message)


@pytest.mark.parametrize(
    ("kind", "status", "message"),
    [
        (REST, 504, "Endpoint request timed out"),
        (WEBSOCKET, 504, "Endpoint request timed out"),
        (HTTP, 503, "Service Unavailable"),
    ],
)
def test_function_that_takes_too_long(kind: Kind, status: int, message: str) -> None:
    found = failure(raised("no answer", GATEWAY_TIMEOUT), kind)
    assert (found.type.status, found.message) == (status, message)


@pytest.mark.parametrize(("kind", "seconds"), [(REST, 29.0), (WEBSOCKET, 29.0), (HTTP, 30.0)])
def test_patience(kind: Kind, seconds: float) -> None:
    functions = Functions(ok())
    Integration(kind=kind, type="AWS_PROXY", function="Backend").answer({}, functions)
    assert functions.patience == [seconds]


@pytest.mark.parametrize(("kind", "error"), [(REST, "Internal server error"), (HTTP, "Internal Server Error")])
def test_function_that_may_not_be_invoked(kind: Kind, error: str) -> None:
    functions = Functions(ok())
    with pytest.raises(Failure) as caught:
        Integration(kind=kind, type="AWS_PROXY", function="Backend", permitted=False).answer({}, functions)
    assert (caught.value.type, caught.value.message, functions.events) == (CONFIGURATION, error, [])


@pytest.mark.parametrize("value", [10**5000, float("nan")], ids=["long number", "nan"])
@pytest.mark.parametrize(("kind", "payload"), [(REST, "1.0"), (HTTP, "2.0")])
def test_extreme_answer_ends_in_a_response_or_a_failure(kind: Kind, payload: str, value: Any) -> None:
    for document in (value, {"statusCode": value}, ok(headers={"a": value}), {"a": value}):
        try:
            checked(answer(document, kind, payload))
        except Failure:
            continue


def test_answer_that_is_nested_too_deeply() -> None:
    value: Any = {}
    for _ in range(100_000):
        value = {"a": value}
    assert failure(value, HTTP, "2.0").type is CONFIGURATION


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(["statusCode", "headers", "multiValueHeaders", "cookies", "body", "isBase64Encoded"])


@given(
    document=JSON | st.dictionaries(NAMES, JSON | st.just(200) | st.just("200")),
    kind=st.sampled_from(list(Kind)),
    payload=st.sampled_from(["1.0", "2.0"]),
)
def test_any_answer_ends_in_what_can_be_sent_or_a_failure(document: Any, kind: Kind, payload: str) -> None:
    try:
        response = answer(invocation_of(document), kind, payload)
    except Failure as found:
        response = HttpResponse(status=found.type.status)
    assert checked(response)


def mock(**given: Any) -> HttpResponse:
    return Integration(kind=REST, type="MOCK", given=given).answer({}, Functions(None))


OPENAPI = {
    "statusCode": "204",
    "responseParameters": {
        "method.response.header.Access-Control-Allow-Origin": "'*'",
        "method.response.header.X-Mapped": "integration.response.header.X",
    },
    "responseTemplates": {"text/plain": " a \n"},
}


@pytest.mark.parametrize(
    "given_",
    [
        {"responses": {"default": OPENAPI}},
        {"responses": {"4\\d\\d": {"statusCode": "400"}, "default": OPENAPI}},
        {"responses": {"2\\d\\d": OPENAPI}},
        {"IntegrationResponses": [{name[0].upper() + name[1:]: one for name, one in OPENAPI.items()}]},
    ],
)
def test_mock(given_: dict[str, Any]) -> None:
    response = mock(**given_)
    assert (response.status, response.body) == (204, b"a")
    assert headers(response, "access-control-allow-origin") == ["*"]
    assert headers(response, "x-mapped") == []
    assert headers(response, "content-type") == ["text/plain"]


@pytest.mark.parametrize(
    "given_",
    [
        {},
        {"responses": None},
        {"responses": {}},
        {"responses": {"default": None}},
        {"responses": {"default": {"statusCode": "ok"}}},
        {"integrationResponses": []},
        {"integrationResponses": "a"},
    ],
)
def test_mock_that_says_little_is_a_200(given_: dict[str, Any]) -> None:
    response = mock(**given_)
    assert (response.status, response.body) == (200, b"")


def echo(event: dict[str, Any], kind: Kind = REST) -> HttpResponse:
    integration = Integration(kind=kind, type="HTTP_PROXY", uri="https://a", missing="HTTP_PROXY is not run here")
    return integration.answer(event, Functions(None))


def test_echo_tells_what_would_have_been_sent() -> None:
    response = echo({"path": "/a", "n": 1, "list": ["a", None]})
    assert ECHO_HEADER in response.headers
    assert response.json() == {
        "integration": {"type": "HTTP_PROXY", "uri": "https://a", "missing": "HTTP_PROXY is not run here"},
        "event": {"path": "/a", "n": 1, "list": ["a", None]},
    }


@pytest.mark.parametrize("kind", [REST, HTTP])
def test_echo_has_no_credential_in_it(kind: Kind) -> None:
    secrets = (
        ("Authorization", "Bearer opaque-secret"),
        ("Cookie", "session=opaque-secret; b=c"),
        ("X-Api-Key", "opaque-secret"),
        ("X-Token", TOKEN),
    )
    request = sent(*secrets, target=f"/orders/1?t={TOKEN}&{TOKEN}=", body=json.dumps({"token": TOKEN}).encode())
    call = received(kind, request)
    told = {"claims": {"raw": TOKEN}}
    event = http_proxy_event(call, "2.0", told) if kind is HTTP else rest_proxy_event(call, told)
    text = echo(event, kind).text
    assert "opaque-secret" not in text
    assert TOKEN not in text
    assert "Bearer [a credential]" in text
