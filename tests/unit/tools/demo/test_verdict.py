"""What counts as expected: every respect in which an answer can be wrong is told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.tools.demo.corpus import Expected
from authorizer.tools.demo.schemas import Schemas
from authorizer.tools.demo.verdict import Sent, problems
from authorizer.tools.function_environment import PROJECT
from authorizer.tools.invocation import read_invocation
from tests.unit.tools.sample_project import BUILDERS

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMAS = Schemas(PROJECT / "events" / "schema")
REST, HTTP = BUILDERS["rest-request"](), BUILDERS["http-simple"]()
ARN = REST["methodArn"]
METRICS = {"Namespace": "LambdaAuthorizer", "Dimensions": [["service", "decision"]], "Metrics": []}
LINE = {
    "level": "INFO",
    "message": "allow",
    "timestamp": "2026-11-23T10:00:00Z",
    "service": "authorizer",
    "decision": "allow",
    "Decisions": 1,
    "DurationMs": 1.5,
    "_aws": {"Timestamp": 1, "CloudWatchMetrics": [METRICS]},
}
UNAUTHORIZED = {"errorMessage": "Unauthorized", "errorType": "Unauthorized", "requestId": "1", "stackTrace": []}


def statement(effect: str, **resource: str) -> dict[str, str]:
    return {"Effect": effect, "Action": "execute-api:Invoke", **resource}


def policy(*statements: dict[str, str], principal: str = "user-1", **context: object) -> dict[str, Any]:
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return {"principalId": principal, "policyDocument": document, "context": context}


ALLOWED = policy(statement("Allow", Resource=ARN), statement("Deny", NotResource=ARN), user="u")
DENIED = policy(
    statement("Deny", Resource=ARN), statement("Deny", NotResource=ARN), principal="refused", reason="route_unknown"
)


def judged(
    document: object, expected: str, line: Mapping[str, object] | None = None, api: str = "rest-request"
) -> list[str]:
    event = HTTP if api == "http-simple" else REST
    output = json.dumps({**LINE, **(line or {})}).encode() + b"\n"
    sent = Sent(api=api, expected=Expected.of(expected), event=event)
    return problems(sent, read_invocation(json.dumps(document).encode(), output, 0.1), SCHEMAS)


def refused(code: str, *, decision: str = "deny", klass: str = "authz") -> dict[str, object]:
    return {"decision": decision, "reason": code, "class": klass, "fix": "x", "docs": "x"}


def test_good_answers_have_no_problem() -> None:
    assert judged(ALLOWED, "allow-x") == []
    assert judged(DENIED, "route_unknown", refused("route_unknown")) == []
    assert judged(UNAUTHORIZED, "token_expired", refused("token_expired", klass="authn")) == []
    assert judged({"isAuthorized": True, "context": {}}, "allow-x", api="http-simple") == []


def test_dependency_error_has_no_problem() -> None:
    document = UNAUTHORIZED | {"errorMessage": "keys_timeout: a timeout", "errorType": "Unavailable"}
    line = refused("keys_timeout", decision="error", klass="dependency")
    assert judged(document, "keys_timeout", line) == []


def test_another_reason_is_told() -> None:
    assert judged(DENIED, "route_unknown", refused("scope_missing"))


def test_deny_logged_as_error_is_told() -> None:
    assert judged(DENIED, "route_unknown", refused("route_unknown", decision="error"))


def test_missing_decision_line_is_told() -> None:
    sent = Sent(api="rest-request", expected=Expected.of("allow-x"), event=REST)
    assert problems(sent, read_invocation(json.dumps(ALLOWED).encode(), b"", 0.1), SCHEMAS)


def test_unknown_member_of_the_line_is_told() -> None:
    assert judged(ALLOWED, "allow-x", {"email": "jane@example.com"})


WRONG_ALLOWS = [
    policy(statement("Allow", Resource=ARN)),
    policy(statement("Allow", Resource=f"{ARN}x"), statement("Deny", NotResource=f"{ARN}x")),
    policy(statement("Allow", Resource=ARN), statement("Deny", NotResource=f"{ARN}x")),
    policy(statement("Allow", Resource="*"), statement("Deny", NotResource="*")),
    policy(statement("Allow", Resource=ARN), statement("Allow", NotResource=ARN)),
    policy(statement("Allow", Resource=ARN), statement("Deny", NotResource=ARN), roles=["a"]),
    policy(statement("Allow", Resource=ARN), statement("Deny", NotResource=ARN), principalId="x"),
    policy(statement("Allow", Resource=ARN), statement("Deny", NotResource=ARN), principal=""),
    ALLOWED | {"usageIdentifierKey": "x"},
    {"isAuthorized": True, "context": {}},
    None,
    "allow",
]


@pytest.mark.parametrize("document", WRONG_ALLOWS, ids=range(len(WRONG_ALLOWS)))
def test_wrong_allow_is_told(document: object) -> None:
    assert judged(document, "allow-x")


WRONG_DENIALS = [
    policy(principal="refused", reason="route_unknown"),
    policy(
        statement("Deny", Resource=f"{ARN}x"),
        statement("Deny", NotResource=ARN),
        principal="refused",
        reason="route_unknown",
    ),
    policy(
        statement("Deny", Resource=ARN), statement("Deny", NotResource=ARN), principal="refused", reason="scope_missing"
    ),
    policy(statement("Deny", Resource=ARN), statement("Deny", NotResource=ARN), principal="refused"),
    policy(
        statement("Deny", Resource=ARN), statement("Deny", NotResource=ARN), principal="user-1", reason="route_unknown"
    ),
    policy(
        statement("Deny", Resource=ARN),
        statement("Deny", NotResource=ARN),
        principal="refused",
        reason="route_unknown",
        subject="jane",
    ),
    policy(statement("Allow", Resource=ARN), principal="refused", reason="route_unknown"),
    UNAUTHORIZED,
]


@pytest.mark.parametrize("document", WRONG_DENIALS, ids=range(len(WRONG_DENIALS)))
def test_wrong_denial_is_told(document: object) -> None:
    assert judged(document, "route_unknown", refused("route_unknown"))


@pytest.mark.parametrize("message", ["unauthorized", "Unauthorized: expired", "[401] Unauthorized", ""])
def test_any_other_text_than_unauthorized_is_told(message: str) -> None:
    line = refused("token_expired", klass="authn")
    assert judged(UNAUTHORIZED | {"errorMessage": message}, "token_expired", line)


def test_all_paths_may_be_denied_where_the_path_cannot_be_written() -> None:
    everything = "/".join([*ARN.split("/")[:3], "*"])
    denied = statement("Deny", Resource=everything), statement("Deny", NotResource=everything)
    document = policy(*denied, principal="refused", reason="path_unsupported")
    assert judged(document, "path_unsupported", refused("path_unsupported")) == []


@pytest.mark.parametrize("authorized", ["true", 1, None, False])
def test_only_true_is_an_allow(authorized: object) -> None:
    assert judged({"isAuthorized": authorized, "context": {}}, "allow-x", api="http-simple")
