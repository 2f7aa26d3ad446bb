"""All that is wrong at once, the first as the Lambda says it."""

from __future__ import annotations

import json
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.reasons import Reason
from authorizer.testing import FORGERIES, Call, default_claims, http_v1, http_v2, raw_token, rest_token, unsigned
from authorizer.tools.entry_point import EntryPoint
from authorizer.tools.explain.explanation import explain_event
from tests.unit.tools.explain.sample_deployment import (
    ISSUER,
    NOW,
    codes,
    functions,
    id_token,
    of_call,
    of_token,
    signing_keys,
    token,
    user_token,
)

if TYPE_CHECKING:
    from authorizer.model import Principal, Request
    from authorizer.testing.forgery import Forgery

ADMIN = Call(path="/admin/users", template="/admin/{proxy+}", route_method="ANY")


def test_good_token_is_allowed_and_opens_what_it_may() -> None:
    explained = of_token(token())
    assert (explained.decision, codes(explained), explained.notes) == ("allow", [], ())
    assert explained.routes is not None
    assert [route.route for route in explained.routes if route.opens] == ["GET /orders/{id}", "GET /me"]
    assert set(explained.statuses.values()) == {None}


def test_all_problems_are_told_in_the_order_of_the_lambda() -> None:
    explained = of_call(token(exp=NOW - 100, aud="another", scope="openid", jti=7))
    assert codes(explained) == ["token_expired", "audience_mismatch", "claim_type_invalid", "scope_insufficient"]
    assert not any(finding.unproven for finding in explained.findings)
    assert explained.statuses == {"http": 403}


def test_scopes_and_groups_that_are_missing_are_told_together() -> None:
    both = [{"match": "GET /orders/{id}", "scopes": ["orders:read"], "groups": ["admins"]}]
    assert codes(of_call(token(scope=...), route=both)) == ["scope_missing", "group_missing"]


def test_context_that_cannot_be_made_is_told_beside_a_missing_scope() -> None:
    explained = of_call(token(scope="openid", tenant=["north"]), context={"tenant": "tenant"})
    assert codes(explained) == ["scope_insufficient", "context_value_invalid"]


def test_faults_of_the_header_do_not_hide_each_other_or_the_claims() -> None:
    header = b'{"alg":"none","crit":["x"],"kid":7,"typ":["JWT"]}'
    text = raw_token(header, json.dumps(default_claims(NOW - 1000)).encode(), unsigned)
    explained = of_token(text)
    reasons = ["alg_none", "crit_unsupported", "kid_invalid", "token_type_rejected", "signature_missing"]
    assert codes(explained) == [*reasons, "token_expired"]
    assert [finding.unproven for finding in explained.findings] == [False] * 5 + [True]


def test_claims_of_a_token_with_a_forged_signature_are_marked() -> None:
    forged = token(exp=NOW - 100).rpartition(".")[0] + "." + token().rpartition(".")[2]
    explained = of_call(forged)
    assert codes(explained) == ["signature_invalid", "token_expired"]
    assert [finding.unproven for finding in explained.findings] == [False, True]


def test_missing_scope_of_a_forged_token_is_marked_and_the_unknown_route_is_not() -> None:
    forged = token(scope="openid").rpartition(".")[0] + "." + token().rpartition(".")[2]
    assert [finding.unproven for finding in of_call(forged).findings] == [False, True]
    unknown = of_call(forged, Call(path="/invoices"))
    assert codes(unknown) == ["signature_invalid", "route_unknown"]
    assert not unknown.findings[1].unproven


def test_times_of_a_token_of_an_unknown_issuer_are_told() -> None:
    explained = of_token(token(iss="https://nobody.example.net/", exp=NOW - 100, aud="another", sub=...))
    assert codes(explained) == ["issuer_unknown", "token_expired"]
    assert explained.routes is None


def test_token_of_an_almost_known_issuer_is_judged_as_that_issuers() -> None:
    explained = of_token(token(iss=ISSUER[:-1], aud="another"))
    assert codes(explained) == ["issuer_unknown", "audience_mismatch"]
    assert explained.facts is not None
    assert (explained.facts["trusted_issuer"], explained.facts["named"], explained.facts["signature"]) == (
        ISSUER,
        False,
        "good",
    )


def test_unknown_key_is_told_with_the_claims() -> None:
    explained = of_token(token("stranger", exp=NOW - 100))
    assert codes(explained) == ["key_unknown", "token_expired"]
    assert explained.findings[1].unproven


def test_header_that_cannot_be_read_does_not_hide_the_claims() -> None:
    _, payload, signature = token(exp=NOW - 100).split(".")
    assert codes(of_token(f"e30x.{payload}.{signature}")) == ["token_json_invalid", "token_expired"]


def test_claims_that_cannot_be_read_end_it() -> None:
    header, _, signature = token().split(".")
    explained = of_token(f"{header}.e30x.{signature}")
    assert codes(explained) == ["token_json_invalid"]
    assert (explained.routes, explained.decision) == (None, "deny")


def test_missing_credential_does_not_hide_an_unknown_route() -> None:
    assert codes(of_call(None, Call(path="/invoices"))) == ["credential_missing", "route_unknown"]
    assert codes(of_call(None)) == ["credential_missing"]


def test_public_route_looks_at_no_credential() -> None:
    explained = of_call("not.a.token", Call(path="/health"))
    assert (explained.decision, explained.facts) == ("allow", None)
    assert explained.call is not None
    assert explained.call.judgement.public


def test_event_for_another_function_is_explained_as_the_right_one_would() -> None:
    explained = explain_event(http_v1(token(exp=NOW - 100)), EntryPoint.HTTP, functions())
    assert codes(explained) == ["event_for_another_function", "token_expired"]
    assert (explained.decision, explained.statuses) == ("error", {"http": 500})


def test_unknown_event_is_an_error_and_nothing_more() -> None:
    explained = explain_event({"version": "3.0"}, EntryPoint.REST, functions())
    assert codes(explained) == ["event_unknown"]
    assert (explained.decision, explained.statuses, explained.call) == ("error", {"rest": 500}, None)


def test_call_tells_surface_route_place_and_rule() -> None:
    explained = of_call(token(groups=["admins"]), ADMIN)
    call = explained.call
    assert call is not None
    assert (call.request.surface.value, call.request.route) == ("http_v2", "GET /admin/{proxy+}")
    assert (call.place, call.judgement.rule) == ("header:authorization", "ANY /admin/{proxy+}")


def test_status_is_that_of_the_settings() -> None:
    told = of_call(token(exp=1), answers={"http": 401, "rest": 403})
    assert told.statuses == {"http": 401}
    assert of_token(token(exp=1), answers={"rest": 403}).statuses == {"rest": 403, "websocket": 401, "http": 403}


def test_good_token_that_opens_nothing_is_denied() -> None:
    explained = of_token(user_token(scope="openid"), route=[{"match": "GET /", "scopes": ["a"]}])
    assert (explained.decision, codes(explained)) == ("deny", [])
    assert set(explained.statuses.values()) == {403}


def test_public_routes_are_nothing_that_a_token_opens() -> None:
    explained = of_token(token(), route=[{"match": "GET /health", "public": True}])
    assert explained.decision == "deny"


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.name)
def test_every_forgery_is_explained_by_its_reason(forgery: Forgery) -> None:
    text = forgery.token(signing_keys()["own"], default_claims(NOW))
    assert codes(of_token(text))[0] == forgery.reason_code


def test_claims_of_an_id_token_that_is_refused_name_no_scope() -> None:
    assert Reason.SCOPE_MISSING.value in codes(of_call(id_token()))


def test_every_fault_is_told_once() -> None:
    explained = explain_event(http_v2(raw=f"Bearer {token(exp=1)}="), EntryPoint.HTTP, functions())
    assert codes(explained) == ["token_base64_invalid", "token_expired"]


NEAR: dict[str, Any] = {"match": "GET /orders/{id}", "networks": ["192.0.2.0/24"]}


def test_good_token_whose_routes_need_a_call_is_neither_allowed_nor_denied() -> None:
    explained = of_token(token(), route=[NEAR, {"match": "GET /a", "scopes": ["x"]}])
    assert (explained.decision, explained.depends, explained.opens_nothing) == ("error", True, False)
    assert (codes(explained), explained.statuses) == ([], {})
    opens = of_token(token(), route=[NEAR, {"match": "GET /a", "any_valid_token": True}])
    assert (opens.decision, opens.depends) == ("allow", False)
    nothing = of_token(token(), route=[NEAR | {"scopes": ["x"]}])
    assert (nothing.decision, nothing.opens_nothing) == ("deny", True)


def test_call_is_judged_by_its_address() -> None:
    for address, reasons in (("192.0.2.1", []), ("192.0.3.1", ["network_not_permitted"])):
        assert codes(of_call(token(), Call(source_ip=address), route=[NEAR])) == reasons
    assert codes(of_call(None, Call(source_ip="192.0.3.1"), route=[NEAR])) == ["credential_missing"]


def test_token_event_that_cannot_be_judged_is_an_error() -> None:
    explained = explain_event(rest_token(token()), EntryPoint.REST, functions(route=[NEAR]))
    assert (explained.decision, codes(explained)) == ("error", ["event_for_another_function"])


@pytest.mark.parametrize(
    ("scope", "reasons"),
    [("orders:read", ["internal_error"]), ("openid", ["scope_insufficient", "internal_error"])],
)
def test_check_with_a_bug_is_told_and_ends_nothing(scope: str, reasons: list[str]) -> None:
    buggy = [NEAR | {"check": "operator.add", "scopes": ["orders:read"]}]
    call = Call(source_ip="192.0.2.1")
    assert codes(of_call(token(scope=scope), call, route=buggy)) == reasons
    assert codes(of_call(None, call, route=buggy)) == ["credential_missing"]  # nobody is checked


ASKED: list[str] = []


def own_check(principal: Principal, request: Request) -> bool:
    ASKED.append(principal.subject)
    raise SystemExit(0)


@pytest.mark.parametrize("forged", [True, False])
def test_check_of_the_deployment_sees_proven_callers_only(forged: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "own_checks", SimpleNamespace(own_check=own_check))
    ASKED.clear()
    sent = token().rpartition(".")[0] + "." + token(sub="x").rpartition(".")[2] if forged else token()
    rule = {"match": "GET /orders/{id}", "check": "own_checks.own_check"}
    explained = of_call(sent, route=[rule])
    assert explained.call is not None
    assert list(explained.call.judgement.not_asked) == (["own_checks.own_check"] if forged else [])
    assert (codes(explained), ASKED != []) == (["signature_invalid"] if forged else ["internal_error"], not forged)


def test_denied_and_ambiguous_calls_are_told_without_any_claim() -> None:
    forged = token().rpartition(".")[0] + "." + token(sub="x").rpartition(".")[2]
    denied = of_call(forged, route=[{"match": "GET /orders/{id}", "deny": True}])
    assert [(one.reason, one.unproven) for one in denied.findings][1:] == [(Reason.ROUTE_DENIED, False)]
    assert denied.call is not None
    assert denied.call.judgement.requirement is None
    doubtful = of_call(forged, Call(path="/orders//1"))
    assert [(one.reason, one.unproven) for one in doubtful.findings][1:] == [(Reason.PATH_AMBIGUOUS, False)]
