from __future__ import annotations

import time
from typing import Any

import pytest

from authorizer.arn import parse
from authorizer.errors import Fault
from authorizer.model import Request
from authorizer.outcome import Outcome, Witness, context_keys, crashed, differences, lets_through
from authorizer.reasons import Reason
from authorizer.response import Statuses, Unauthorized
from authorizer.surface import Surface
from authorizer.telemetry import Log
from tests.entries import ENTRIES, NAMES, Entry, allowed_by
from tests.pipelines import wire

STAGE = "arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/prod/"
CALLED = f"{STAGE}GET/a"
BASE: dict[str, Any] = {"decision": "allow", "reason": None, "rule": "require", "fault": Fault(), "status": 200}
REQUEST = Request(surface=Surface.REST_REQUEST, arn=parse(CALLED), method="GET", template="/a")
FOR_ALL = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": [f"{STAGE}*"]}
FOR_ONE = FOR_ALL | {"Resource": CALLED}
each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=NAMES)


def made(
    context: dict[str, Any] | None = None, subject: str = "u", allows: dict[str, Any] = FOR_ALL, **parts: Any
) -> Outcome:
    answer = {"principalId": subject, "context": context or {}, "policyDocument": {"Statement": [allows]}}
    usage = {name: parts.pop(name) for name in ("usageIdentifierKey",) if name in parts}
    return Outcome(**{**BASE, **parts}, answer=answer | usage, request=REQUEST)


def policy(*statements: tuple[str, str, Any]) -> dict[str, Any]:
    said = [{"Effect": effect, "Action": "execute-api:Invoke", key: named} for effect, key, named in statements]
    return {"policyDocument": {"Version": "2012-10-17", "Statement": said}}


def witnessed(entry: Entry, token: str | None = "a.b.c") -> Outcome:
    wired = wire(entry, statuses=Statuses(403, 403, 403))
    witness = Witness(wired.journal.log)
    parts = {name: getattr(wired.pipeline, name) for name in wired.pipeline.__slots__} | {"log": witness}
    answer = type(wired.pipeline)(**parts).answer(entry.build(token), None)
    assert len(wired.journal.lines) == 1, "handed on"
    outcome = witness.outcome(answer)
    assert outcome is not None
    return outcome


@each_entry
def test_allow_is_seen_as_the_api_sees_it(entry: Entry) -> None:
    outcome = witnessed(entry)
    assert outcome[:3] == ("allow", None, "require")
    assert (outcome.status, outcome.lets_through) == (200, True)
    assert outcome.policy == (None if entry.simple else "method" if entry.name == "websocket" else "stage")


@each_entry
def test_denial_is_seen_as_the_api_sees_it(entry: Entry) -> None:
    outcome = witnessed(entry, token=None)
    assert outcome[:3] == ("deny", "credential_missing", None)
    assert (outcome.status, outcome.lets_through) == (403, False)
    assert outcome.policy == (None if entry.simple else "method")


def test_error_and_401_are_told_from_each_other() -> None:
    wired = wire(ENTRIES[0], statuses=Statuses(rest=401))
    witness = Witness(Log())
    assert witness.outcome(None) is None, "nothing was said"
    parts = {name: getattr(wired.pipeline, name) for name in wired.pipeline.__slots__} | {"log": witness}
    with pytest.raises(Unauthorized):
        type(wired.pipeline)(**parts).answer(ENTRIES[0].build(None), None)
    for unauthorized, status in ((True, 401), (False, 500)):
        outcome = witness.outcome(None, unauthorized=unauthorized)
        assert outcome is not None
        assert (outcome.status, outcome.lets_through, outcome.policy) == (status, False, None)


def test_crash_is_an_internal_error() -> None:
    outcome = crashed("SystemExit at x.py:1 in f")
    assert (outcome.decision, outcome.reason, outcome.status) == ("error", Reason.INTERNAL_ERROR.value, 500)


def test_same_outcomes_do_not_differ() -> None:
    assert differences(made({"a": 1}), made({"a": 1})) == []
    assert differences(crashed("x"), crashed("y")) == [], "where it failed is for the line"


@pytest.mark.parametrize(
    ("other", "names"),
    [
        (made(rule="GET /x"), ["rule"]),
        (made(allows=FOR_ONE), ["policy"]),
        (made(subject="v"), ["principal"]),
        (made({"plan": "x"}), ["context"]),
        (made(usageIdentifierKey="x" * 20), ["usage_key"]),
        (made(allows=FOR_ONE | {"Effect": "Deny"}, status=403), ["lets_through", "status"]),
        (made({"plan": "x"}, subject="v", decision="deny", reason="scope_missing"), ["decision", "reason"]),
        (made({"plan": "x"}, decision="error", reason="keys_status", status=500), ["decision", "reason", "status"]),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, list) else "",
)
def test_every_difference_has_its_name(other: Outcome, names: list[str]) -> None:
    assert differences(made(), other) == names
    assert differences(other, made()) == names


def test_keys_of_contexts_are_named_and_values_are_not() -> None:
    one, other = made({"a": 1, "b": "x", "same": "y"}), made({"a": True, "c": "z", "same": "y"})
    assert context_keys(one, other) == ["a", "b", "c"]
    assert differences(one, other) == ["context"]
    assert context_keys(made(), crashed("x")) == []
    assert "user-1" not in repr(made({"a": "user-1"}))


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"isAuthorized": True}, True),
        ({"isAuthorized": False}, False),
        (policy(("Allow", "Resource", f"{STAGE}GET/a")), True),
        (policy(("Allow", "Resource", f"{STAGE}GET/b")), False),
        (policy(("Allow", "Resource", [f"{STAGE}GET/b", f"{STAGE}*/?"])), True),
        (policy(("Allow", "Resource", f"{STAGE}*"), ("Deny", "Resource", f"{STAGE}*a")), False),
        (policy(("Allow", "Resource", f"{STAGE}*"), ("Deny", "NotResource", f"{STAGE}GET/a")), True),
        (policy(("Allow", "Resource", f"{STAGE}*"), ("Deny", "NotResource", f"{STAGE}GET/b")), False),
        (policy(("Deny", "Resource", f"{STAGE}*")), False),
        (policy(("Allow", "Resource", f"{STAGE}GET/a?")), False),
        (policy(("Allow", "Resource", f"{STAGE.upper()}*")), False),
        (policy(("Allow", "Resource", "*:*:*/*/GET/*a")), True),
        (policy(("Allow", "Resource", f"{STAGE}GET/.")), False),
    ],
)
def test_policy_is_read_as_iam_reads_it(answer: dict[str, Any], expected: bool) -> None:
    called = CALLED
    assert lets_through(answer, called) is expected
    if "policyDocument" in answer:
        assert allowed_by(answer["policyDocument"], called) is expected, "the second evaluator agrees"


def test_long_path_does_not_make_the_match_go_back_and_forth() -> None:
    answer = policy(("Allow", "Resource", f"{STAGE}GET/" + "?*/x/" * 12 + "end"))
    started = time.perf_counter()
    assert not lets_through(answer, f"{STAGE}GET/" + "x/" * 5000)
    assert time.perf_counter() - started < 1
