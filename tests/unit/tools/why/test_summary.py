"""Many requests: denials by reason, issuer, route and time, and errors by cause."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from authorizer.tools.why import summary as module
from authorizer.tools.why.log_lines import parse_log
from authorizer.tools.why.summary import NO_ACCESS_LOG, NO_DECISIONS, SAMPLED, Summary, summarised
from authorizer.tools.why.unseen import CACHED, NOT_ASKED

if TYPE_CHECKING:
    import pytest

START = 1_791_201_600


def line(number: int, **fields: Any) -> str:
    given: dict[str, Any] = {
        "decision": "deny",
        "reason": "token_expired",
        "request_id": f"request-{number:04}",
        "issuer": "https://a/",
    }
    given |= {"route": "GET /orders", "_aws": {"Timestamp": (START + number) * 1000}}
    return json.dumps(given | fields)


def access(number: int, **fields: Any) -> str:
    return json.dumps(
        {
            "requestId": f"access-{number:04}",
            "api": "http",
            **{name.replace("__", "."): value for name, value in fields.items()},
        }
    )


def of(*lines: str) -> Summary:
    return summarised(parse_log("\n".join(lines)))


def test_decisions_are_counted_by_reason_issuer_and_route() -> None:
    lines = [line(one) for one in range(3)]
    lines += [
        line(3, reason="scope_missing", issuer="https://b/", route="GET /items"),
        line(4, decision="allow", reason=None),
    ]
    lines += [line(5, decision="error", reason="keys_timeout")]
    found = of(*lines)
    assert (found.requests, len(found.denials), len(found.failed)) == (6, 4, 5)
    assert found.causes() == [(("token_expired",), 3), (("scope_missing",), 1), (("keys_timeout",), 1)]
    assert found.by("issuer") == [("https://a/", 3), ("https://b/", 1)]
    assert found.by("route") == [("GET /orders", 3), ("GET /items", 1)]
    assert [code for code, _, _ in found.fixes()] == ["token_expired", "scope_missing", "keys_timeout"]


def test_time_has_ten_parts() -> None:
    found = of(*(line(one) for one in (0, 1, 99, 100)), line(50, decision="error", reason="keys_timeout")).buckets()
    assert [(one.denials, one.errors) for one in found] == [(2, 0), *[(0, 0)] * 4, (0, 1), *[(0, 0)] * 3, (2, 0)]
    assert found[0].start == START


def test_requests_that_no_function_saw_are_counted_by_their_cause() -> None:
    found = of(
        access(1, status="401", authorizer__error="invalid_token: the token has expired"),
        access(2, status="401", authorizer__error="invalid_token: the token has expired"),
        access(3, status="500", authorizer__error="x doesn't have permissions to call the authorizer"),
        access(4, status="200"),
    )
    assert found.causes() == [(("jwt_expired",), 2), (("authorizer_permission_missing",), 1)]
    assert (found.requests, len(found.denials), len(found.failed)) == (4, 2, 3)


def test_causes_that_cannot_be_told_apart_are_counted_together() -> None:
    found = of(access(1, status="403", error__message="Forbidden"))
    (codes, count), *_ = found.causes()
    assert count == 1
    assert {"is_authorized_false", "http_cached_for_another_route", "jwt_scope_missing"} - {
        "http_cached_for_another_route"
    } <= set(codes)
    assert found.fixes() == []


def test_request_with_a_decision_and_an_access_log_is_one() -> None:
    found = of(line(1), json.dumps({"requestId": "request-0001", "status": "403"}))
    assert (found.requests, len(found.failed)) == (1, 1)


def test_what_cannot_be_seen_is_told() -> None:
    assert set(of(line(1)).notes) == {NO_ACCESS_LOG, NOT_ASKED, SAMPLED, CACHED}
    assert set(of(access(1, status="401")).notes) == {NO_DECISIONS, CACHED}


def test_only_so_many_requests_are_searched_for_their_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_RANKED", 2)
    found = of(*(access(one, status="401") for one in range(5)))
    assert len(found.failed) == 2
    assert any("3 requests" in note for note in found.notes)


def test_execution_log_of_a_failed_request_counts() -> None:
    rid = "394365dc-1b10-411f-9668-70521cec1205"
    found = of(f"({rid}) Execution failed due to a timeout error", f"({rid}) Method completed with status: 504")
    assert found.causes() == [(("integration_timeout",), 1)]


def test_nothing_failed() -> None:
    found = of(access(1, status="200"))
    assert (found.failed, found.buckets(), found.fixes()) == ((), [], [])
    assert found.document()["denials"] == 0


def test_document_is_json() -> None:
    document = of(line(1), access(1, status="401")).document()
    assert json.loads(json.dumps(document)) == document
    assert document["routes"] == {"GET /orders": 1}


@given(
    st.lists(
        st.sampled_from([line(1), line(2), access(1, status="401"), "{", "x", access(2, status="200")])
        | st.text(max_size=30),
        max_size=8,
    )
)
def test_any_lines_are_summarised(lines: list[str]) -> None:
    found = of(*lines)
    assert sum(one.denials + one.errors for one in found.buckets()) <= len(found.failed) <= found.requests
