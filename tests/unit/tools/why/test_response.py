"""Pasted responses, in every form that people have; nothing of what was sent is kept."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authorizer.tools.terminal import CommandError
from authorizer.tools.why.evidence import Evidence
from authorizer.tools.why.ranking import rank
from authorizer.tools.why.response import Response, parse_response

RID = "fbcaf9e5-d535-40a1-891c-7b70118cf7e8"
VERBOSE = f"""*   Trying 18.67.39.91:443...
* ALPN: server accepted h2
> OPTIONS /prod/a:b?token=planted HTTP/2
> Host: abc.execute-api.us-east-1.amazonaws.com
> Authorization: Bearer planted
> Accept: */*
>
{{ [42 bytes data]
< HTTP/2 403
< content-type: application/json
< x-amzn-requestid: {RID}
< x-amzn-errortype: AccessDeniedException:http://internal/
< x-amz-apigw-id: K2G9wEbUoAMEvag=
<
* Connection #0 to host abc left intact
{{"Message":"User is not authorized to access this resource"}}
"""
INCLUDED = """HTTP/1.1 100 Continue

HTTP/1.1 401 Unauthorized
Content-Type: application/json
apigw-requestid: JKJaXmPLvHcESHA=
www-authenticate: Bearer scope="a b" error="invalid_token" error_description="the token has expired"

{"message":"Unauthorized"}"""
CHROME = f"""Request URL
https://abc.execute-api.us-east-1.amazonaws.com/prod/orders
Request Method:
GET
Status Code:
403 Forbidden
x-amzn-errortype:
ForbiddenException
x-amzn-requestid:
{RID}
x-amz-apigw-id:
K2G9wEbUoAMEvag=
authorization:
Bearer planted
"""
HAR = {
    "log": {
        "entries": [
            {"request": {}, "response": {"status": 200, "headers": [], "content": {"text": "{}"}}},
            {
                "request": {
                    "method": "GET",
                    "url": "https://x/prod/a?b=c",
                    "headers": [{"name": "X-Api-Key", "value": "planted"}],
                },
                "response": {
                    "status": 429,
                    "headers": [
                        {"name": "x-amzn-ErrorType", "value": "LimitExceededException"},
                        {"name": "x-amzn-RequestId", "value": RID},
                    ],
                    "content": {"text": '{"message":"Limit Exceeded"}'},
                },
            },
        ]
    }
}


def facts(response: Response) -> tuple[Any, ...]:
    seen = response.seen()
    return seen.status, seen.error_type, seen.message, sorted(response.apis)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (VERBOSE, (403, "AccessDeniedException", "User is not authorized to access this resource", ["rest"])),
        (INCLUDED, (401, "", "Unauthorized", ["http"])),
        (CHROME, (403, "ForbiddenException", None, ["rest"])),
        (json.dumps(HAR), (429, "LimitExceededException", "Limit Exceeded", [])),
        (json.dumps(HAR["log"]["entries"][1]), (429, "LimitExceededException", "Limit Exceeded", [])),
        (json.dumps({"status": 500, "headers": {}, "data": {"message": None}}), (500, None, "", [])),
        (json.dumps({"statusCode": 500, "headers": {}, "body": "oops"}), (500, None, "oops", [])),
        ('403 {"Message":"x"}', (403, None, "x", [])),
        ('{"message":"Forbidden","connectionId":"a","requestId":"b"}', (None, None, "Forbidden", ["websocket"])),
        ('{"message":null}', (None, None, "", [])),
        ('{"detail":"x"}', (None, None, "(JSON without a message)", [])),
        (
            "error: Unexpected server response: 401",
            (401, None, "error: Unexpected server response: 401", ["websocket"]),
        ),
        ("HTTP/1.1 502 Bad Gateway\ncontent-type: text/html\n\n<html>no</html>", (502, None, "<html>no</html>", [])),
        ("HTTP/1.1 302 Found\nlocation: x\n\nHTTP/2 403\n\n{}", (403, None, "(JSON without a message)", [])),
        ("HTTP/1.1 101 Switching Protocols", (101, None, None, [])),
        ("Error: Request failed with status code 401", (401, None, "Error: Request failed with status code 401", [])),
        ("x-amzn-ErrorType: UnauthorizedException", (None, "UnauthorizedException", None, [])),
        ("GET https://x/ 401 (Unauthorized)", (401, None, "GET https://x/ 401 (Unauthorized)", [])),
        (
            '{"__type":"UserLambdaValidationException","message":"no"}',
            (None, None, "UserLambdaValidationException: no", []),
        ),
        (
            '{"errors":[{"errorType":"UnauthorizedException","message":"You are not authorized to make this call."}]}',
            (None, None, "You are not authorized to make this call.", ["appsync"]),
        ),
    ],
)
def test_forms_of_a_response(text: str, expected: tuple[Any, ...]) -> None:
    assert facts(parse_response(text)) == expected


def test_ids_lead_to_the_logs() -> None:
    assert parse_response(VERBOSE).ids == (RID, "K2G9wEbUoAMEvag=")
    assert parse_response(INCLUDED).ids == ("JKJaXmPLvHcESHA=",)


def test_challenge_is_read() -> None:
    assert rank(Evidence(response=parse_response(INCLUDED))).first[0].cause.code == "jwt_expired"


@pytest.mark.parametrize(
    ("text", "method", "names", "colon"),
    [
        (VERBOSE, "OPTIONS", {"host", "authorization", "accept"}, True),
        (CHROME, "GET", {"authorization"}, False),
        (json.dumps(HAR), "GET", {"x-api-key"}, False),
    ],
)
def test_names_of_what_was_sent_are_known(text: str, method: str, names: set[str], colon: bool | None) -> None:
    sent = parse_response(text).sent
    assert sent is not None
    assert (sent.method, set(sent.headers), sent.colon) == (method, names, colon)


@pytest.mark.parametrize("text", [INCLUDED, '{"message":null}', "403"])
def test_nothing_is_known_of_what_was_not_pasted(text: str) -> None:
    assert parse_response(text).sent is None


def test_what_was_sent_tells_a_missing_header_from_a_refused_one() -> None:
    def first(sent: str) -> set[str]:
        text = (
            f"> GET /prod/orders HTTP/2\n{sent}< HTTP/2 401\n< x-amzn-errortype: UnauthorizedException\n"
            '{"message":"Unauthorized"}'
        )
        return {one.cause.code for one in rank(Evidence(response=parse_response(text))).first}

    missing = {"token_missing", "identity_source_missing", "cognito_token_missing"}
    assert first("> accept: */*\n") == missing
    assert not first("> authorization: x\n") & missing
    assert first("") > missing  # none of its headers was pasted


def test_key_that_was_not_sent_is_no_cause_of_its_own() -> None:
    answer = '> accept: */*\n< HTTP/2 403\n< x-amzn-errortype: ForbiddenException\n{"message":"Forbidden"}'

    def first(sent: str) -> set[str]:
        text = f"> GET /prod/orders HTTP/2\n{sent}{answer}"
        return {one.cause.code for one in rank(Evidence(response=parse_response(text))).first}

    assert first("") == first("> x-api-key: x\n") > {"api_key_missing", "waf_blocked"}


@pytest.mark.parametrize("text", [VERBOSE, CHROME, json.dumps(HAR)])
def test_nothing_that_was_sent_is_kept(text: str) -> None:
    assert "planted" not in repr(parse_response(text))
    assert "planted" not in str(parse_response(text).sent)


@pytest.mark.parametrize("text", ["", " \n\t"])
def test_no_response_is_an_error(text: str) -> None:
    with pytest.raises(CommandError):
        parse_response(text)


PIECES = st.sampled_from(
    [
        "HTTP/1.1 403\n",
        "< ",
        "> ",
        "* ",
        "x-amzn-errortype: ",
        "\n",
        "\r\n",
        "{",
        "}",
        '"message"',
        ":",
        "null",
        "[",
        "]",
        "403",
        "\x00",
        '{"log":{"entries":[',
        '{"response":',
        '"headers":',
        '{"errors":[{',
        "www-authenticate: Bearer error=",
        "é",
        "\ud800",
        "1" * 5000,
    ]
)


@given(st.lists(PIECES | st.text(max_size=15), max_size=15).map("".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        rank(Evidence(response=parse_response(text)))
    except CommandError:
        assert not text.strip()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "log",
                    "entries",
                    "request",
                    "response",
                    "status",
                    "headers",
                    "content",
                    "text",
                    "url",
                    "name",
                    "value",
                ]
            ),
            inner,
        )
    ),
    max_leaves=12,
)


@given(JSON.map(json.dumps))
def test_any_document_is_read(text: str) -> None:
    rank(Evidence(response=parse_response(text)))


@pytest.mark.parametrize("text", ["[" * 100_000, '{"response":' * 5_000, "{" * 100_000, "<\n" * 50_000])
def test_text_without_end_is_read(text: str) -> None:
    rank(Evidence(response=parse_response(text)))


def test_header_that_says_why_is_enough() -> None:
    text = 'HTTP/2 401\nwww-authenticate: Bearer error="invalid_token" error_description="the token has expired"\n\n'
    ranking = rank(Evidence(response=parse_response(text + '{"message":"Unauthorized"}')))
    assert [one.cause.code for one in ranking.first] == ["jwt_expired"]
