from __future__ import annotations

from typing import Any

import pytest

from authorizer import request
from authorizer.errors import NO_FAULT, Fault
from authorizer.model import Principal
from authorizer.reasons import Class, Reason
from authorizer.requirement import Asked
from authorizer.response import Statuses
from authorizer.surface import Api, Surface
from authorizer.testing import Call, http_v2
from authorizer.tools.explain.finding import NOT_ASKED, Finding, Findings
from authorizer.tools.explain.judgement import NOBODY, Judgement, client_statuses, judge
from tests.unit.tools.explain.sample_deployment import functions

NOW = 1_795_428_000.0
READER = Principal(subject="user-1", scopes=frozenset({"orders:read"}), groups=frozenset({"readers"}))


def judged(
    call: Call, who: Principal | None = READER, name: str = "http", **tables: Any
) -> tuple[Judgement, list[str]]:
    findings = Findings()
    called = request.read(http_v2(None, call), tuple(Surface))
    judgement = judge(Asked(who or NOBODY, NOW, called), functions(**tables).pipelines[name], findings)
    return judgement, [finding.reason.value for finding in findings]


def test_rule_that_grants_is_named() -> None:
    judgement, reasons = judged(Call())
    assert (judgement.rule, judgement.public, reasons) == ("GET /orders/{id}", False, [])


def test_rule_that_refuses_is_named() -> None:
    judgement, reasons = judged(Call(path="/admin/users", template="/admin/{proxy+}"))
    assert (judgement.rule, reasons) == ("ANY /admin/{proxy+}", ["group_required"])
    assert judgement.requirement is not None
    assert judgement.requirement.groups == {"admins"}


def test_no_rule_is_a_finding() -> None:
    assert judged(Call(path="/invoices")) == (Judgement(), ["route_unknown"])


def test_rule_is_known_without_a_principal_and_nothing_is_said_of_its_requirement() -> None:
    judgement, reasons = judged(Call(), None)
    assert (judgement.rule, reasons) == ("GET /orders/{id}", [])
    assert judged(Call(path="/invoices"), None)[1] == ["route_unknown"]


def test_path_that_cannot_be_written_counts_for_policies_only() -> None:
    call = Call(path="/orders/*", template="/orders/{id}")
    routes = [
        {"match": f"GET /orders/{{id}}{more}", "scopes": ["orders:read"]} for more in ("", "/items", "/items/{n}")
    ]
    refused = [{"match": "GET /orders/{id}/items/all", "deny": True}]
    assert judged(call)[1] == []
    assert judged(call, name="http_policy")[1] == []  # a policy for all routes names no path
    assert judged(call, name="http_policy", route=routes + refused)[1] == ["path_unsupported"]


def test_public_route_has_no_requirement() -> None:
    judgement, reasons = judged(Call(path="/health"), None)
    assert (judgement, reasons) == (Judgement(rule="GET /health", public=True), [])


def test_path_of_a_public_route_counts_for_policies() -> None:
    call = Call(path="/files/*", template="/files/{name}")
    public = [{"match": "GET /files/{name}", "public": True}]
    below = {"match": "GET /files/{name}/all", "public": True}
    assert judged(call, None, "http_policy", route=public)[1] == []
    assert judged(call, None, route=[*public, below])[1] == []
    assert judged(call, None, "http_policy", route=[*public, below])[1] == ["path_unsupported"]


@pytest.mark.parametrize(
    ("klass", "expected"),
    [
        (Class.AUTHN, {"rest": 401, "websocket": 401, "http": 403}),
        (Class.AUTHZ, {"rest": 403, "websocket": 403, "http": 403}),
        (Class.DEPENDENCY, {"rest": 500, "websocket": 500, "http": 500}),
        (Class.EVENT, {"rest": 500, "websocket": 500, "http": 500}),
    ],
)
def test_status_is_the_one_of_the_class(klass: Class, expected: dict[str, int]) -> None:
    reason = next(reason for reason in Reason if reason.klass is klass)
    assert client_statuses(Finding(reason=reason, fault=NO_FAULT), Api, Statuses()) == expected


def test_status_of_an_allowed_call_is_the_apis_own() -> None:
    assert client_statuses(None, [Api.REST], Statuses()) == {"rest": None}


def test_status_is_not_known_where_the_keys_were_not_asked_for() -> None:
    finding = Finding(reason=Reason.KEYS_UNREACHABLE, fault=Fault(found=NOT_ASKED))
    assert client_statuses(finding, Api, Statuses()) == {}
