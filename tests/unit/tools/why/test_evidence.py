"""Lines of several logs, joined to one request."""

from __future__ import annotations

import json
from typing import Any

import pytest

from authorizer.tools.why.entry import Entry, Kind
from authorizer.tools.why.evidence import Evidence, Requests
from authorizer.tools.why.log_lines import parse_log
from authorizer.tools.why.response import parse_response

RID = "394365dc-1b10-411f-9668-70521cec1205"
FUNCTION = "758a8c2f-35eb-4713-b55e-56879fbc968b"
ACCESS = {"requestId": RID, "extendedRequestId": "AbCdEfGhIjKlMno=", "status": "403", "authorizer.requestId": FUNCTION}
DECISION = {"decision": "deny", "reason": "scope_missing", "request_id": None, "function_request_id": FUNCTION}


def log(*documents: Any) -> tuple[Entry, ...]:
    return parse_log("\n".join(one if isinstance(one, str) else json.dumps(one) for one in documents))


def kinds(entries: Any) -> list[str]:
    return [one.kind.value for one in entries]


@pytest.mark.parametrize("known", [RID, "AbCdEfGhIjKlMno=", FUNCTION])
def test_every_id_leads_to_all_lines(known: str) -> None:
    lines = log(
        f"({RID}) Extended Request Id: AbCdEfGhIjKlMno=",
        f"START RequestId: {FUNCTION} Version: 1",
        ACCESS,
        DECISION,
        {**ACCESS, "requestId": "another-request", "extendedRequestId": "-", "authorizer.requestId": "-"},
    )
    assert kinds(Requests(lines).of([known])) == ["execution", "function", "access", "decision"]


def test_requests_without_a_common_id_are_apart() -> None:
    groups = Requests(log(ACCESS, {"requestId": "abcdefgh", "status": "401"}, "no id")).groups()
    assert [len(one) for one in groups] == [1, 1]
    assert kinds(Requests(log("no id")).nobodys()) == ["other"]


def at(seconds: float, **fields: Any) -> dict[str, Any]:
    return {
        **DECISION,
        "function_request_id": "another-invocation",
        "_aws": {"Timestamp": int(seconds * 1000)},
        **fields,
    }


@pytest.mark.parametrize(
    ("decisions", "joined"),
    [
        ([at(1_791_201_602)], 1),
        ([at(1_791_201_610)], 0),
        ([at(1_791_201_602), at(1_791_201_603, function_request_id="a-third-one")], 0),
        ([at(1_791_201_602, request_id="another-request")], 0),
        ([], 0),
    ],
)
def test_decision_of_a_token_event_is_joined_by_time_where_it_is_the_only_one(
    decisions: list[Any], joined: int
) -> None:
    access = {"requestId": RID, "status": "403", "requestTimeEpoch": "1791201600000"}
    requests = Requests(log(access, *decisions))
    assert len(requests.near(requests.of([RID]))) == joined


def test_nothing_is_joined_by_time_to_a_request_that_has_its_decision() -> None:
    requests = Requests(log({**ACCESS, "requestTimeEpoch": "1791201600000"}, DECISION, at(1_791_201_601)))
    assert requests.near(requests.of([RID])) == ()


@pytest.mark.parametrize(
    ("lines", "asked"),
    [
        ([DECISION], [(True, Kind.DECISION)]),
        ([ACCESS], [(True, Kind.ACCESS)]),
        ([{**ACCESS, "authorizer.requestId": "-"}], [(False, Kind.ACCESS)]),
        ([{"requestId": RID, "status": "403"}], []),
        ([f"({RID}) Starting authorizer: a", f"({RID}) Sending request to https://lambda.x"], [(True, Kind.EXECUTION)]),
        ([f"({RID}) Starting authorizer: a", f"({RID}) Method completed with status: 403"], [(False, Kind.EXECUTION)]),
        (
            [
                f"({RID}) Starting authorizer: a",
                f"({RID}) Successfully completed authorizer execution",
                f"({RID}) Sending request to https://lambda.x",
                f"({RID}) Method completed with status: 500",
            ],
            [(False, Kind.EXECUTION)],
        ),
        ([f"({RID}) Starting authorizer: a"], []),
    ],
)
def test_whether_the_function_was_asked(lines: list[Any], asked: list[tuple[bool, Kind]]) -> None:
    assert list(Evidence(entries=log(*lines)).asked()) == asked


@pytest.mark.parametrize(
    ("lines", "apis"),
    [
        ([{**DECISION, "surface": "http_v2"}], {"http"}),
        ([{**DECISION, "surface": "rest_token"}], {"rest"}),
        ([{**DECISION, "surface": "websocket"}], {"websocket"}),
        ([{**DECISION, "surface": "else"}], set()),
        ([{"requestId": RID, "status": "403", "api": "http"}], {"http"}),
        ([{"requestId": RID, "status": "403", "resourcePath": "/a"}], {"rest"}),
        ([{"requestId": RID, "status": "403", "connectionId": "a="}], {"websocket"}),
        ([f"({RID}) text"], {"rest", "websocket"}),
        ([f"({RID}) Method request path: $connect"], {"websocket"}),
        ([f"({RID}) text", {"requestId": RID, "status": "403", "resourcePath": "/a"}], {"rest"}),
        (["text"], set()),
    ],
)
def test_type_of_api_by_what_lines_say(lines: list[Any], apis: set[str]) -> None:
    assert Evidence(entries=log(*lines)).apis == apis


def test_given_type_of_api_counts() -> None:
    found = Evidence(response=parse_response("apigw-requestid: abcdefgh"), given_apis=frozenset({"rest"}))
    assert found.apis == {"rest"}


def test_gateway_response_type_in_an_execution_log_is_seen() -> None:
    entries = log(f"({RID}) Gateway response type: ACCESS_DENIED with status code: 404")
    assert [(one.status, one.type) for one in Evidence(entries=entries).seen()] == [(404, "ACCESS_DENIED")]
