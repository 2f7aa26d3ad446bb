from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.testing import Call, rest_token
from authorizer.tools.entry_point import EntryPoint
from authorizer.tools.explain.explanation import explain_event
from authorizer.tools.explain.report import EXIT_STATUS, report
from tests.unit.tools.explain.sample_deployment import NOW, functions, of_call, of_token, token

if TYPE_CHECKING:
    from authorizer.tools.explain.explanation import Explanation


def document(explained: Explanation) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(report("token.txt", explained, NOW)))
    return made


def test_document_of_a_token_has_everything() -> None:
    made = document(of_token(token(exp=NOW - 74)))
    assert (made["file"], made["now"], made["decision"]) == ("token.txt", "2026-11-23T10:00:00Z", "deny")
    assert made["reason"] == made["problems"][0]["reason"] == "token_expired"
    assert made["notes"][0]["code"] == "expired_just_now"
    assert made["client_sees"] == {"rest": 401, "websocket": 401, "http": 403}
    assert made["token"]["header"]["kid"] == "own"
    assert next(route["route"] for route in made["routes"]) == "GET /orders/{id}"
    assert (made["call"], made["second_opinion"]) == (None, None)


def test_document_of_an_event_names_route_and_rule() -> None:
    made = document(of_call(token()))
    assert (made["decision"], made["reason"], made["routes"]) == ("allow", None, None)
    assert made["call"]["surface"] == "http_v2"
    assert (made["call"]["route"], made["call"]["rule"]) == ("GET /orders/{id}", "GET /orders/{id}")
    assert "orders:read" in made["call"]["needs"]
    assert made["client_sees"] == {"http": None}


def test_document_of_a_public_route_asks_for_nothing() -> None:
    call = document(of_call(None, Call(path="/health")))["call"]
    assert (call["public"], call["needs"], call["place"]) == (True, None, None)


def test_route_is_allowed_only_with_a_token_that_is() -> None:
    told = [document(of_token(token(exp=exp)))["routes"] for exp in (1, NOW + 99)]
    assert [[route["allowed"] for route in routes] for routes in told] == [
        [False] * 5,
        [True, False, False, True, True],
    ]
    assert [route["would_open"] for route in told[0]] == [route["would_open"] for route in told[1]]


def test_no_token_is_in_a_document() -> None:
    inner = token()
    event = rest_token(token(), Call(path=f"/users/{inner}"))
    explained = explain_event(event, EntryPoint.REST, functions())
    made = report(f"{inner}.json", explained, NOW)
    assert "eyJ" not in json.dumps(made)
    assert made["call"]["route"] == "GET /users/[a token]"


@pytest.mark.parametrize(("decision", "status"), [("allow", 0), ("deny", 1), ("error", 2)])
def test_every_decision_has_its_status(decision: str, status: int) -> None:
    assert EXIT_STATUS[decision] == status
