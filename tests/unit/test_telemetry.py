from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest
from aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch import AmazonCloudWatchEMFProvider

from authorizer import request
from authorizer.errors import Fault
from authorizer.model import Allow, Credential, Deny, Principal
from authorizer.provenance import KeyState, Provenance
from authorizer.reasons import Reason
from authorizer.surface import Surface
from authorizer.telemetry import MAX_TEXT, NAMESPACE, Line, SubjectLogging
from authorizer.testing import Call, SigningKey, key_set, mint
from authorizer.version import VERSION
from tests.entries import BUILDERS
from tests.journal import KEY, Journal

TOKEN = "secret-a.secret-b.secret-c"
WHO = Principal(subject="user-1", provenance=Provenance("https://issuer.example.com/", "k1", KeyState("static", 0)))
ALLOW = Allow(WHO, "GET /orders/{id}", {})
DENY = Deny(reason=Reason.TOKEN_EXPIRED, fault=Fault(claim="exp", expected="a time to come", found="31 s ago"))
each_surface = pytest.mark.parametrize("surface", Surface, ids=lambda surface: surface.value)


def line(surface: Surface = Surface.HTTP_V2, token: str = TOKEN, **call: Any) -> Line:
    """What a request is known by once its token is proven."""
    made = Line(function_request_id="function-request-1")
    made.request = request.read(BUILDERS[surface](token, Call(**call)), tuple(Surface))
    made.credential = Credential(token, "header:authorization")
    made.principal, made.provenance = WHO, WHO.provenance
    return made


def written(decision: Allow | Deny, journal: Journal | None = None, made: Line | None = None) -> dict[str, Any]:
    journal = journal or Journal()
    journal.log.write(made or line(), decision)
    return journal.lines[-1]


def fingerprints(made: dict[str, Any]) -> tuple[str, str]:
    return made["token"], made["subject"]


@each_surface
def test_line_of_an_allow(surface: Surface) -> None:
    found = written(ALLOW, made=line(surface))
    assert (found["level"], found["message"], found["decision"]) == ("INFO", "allow", "allow")
    assert (found["rule"], found["place"], found["version"]) == ("GET /orders/{id}", "header:authorization", VERSION)
    assert (found["surface"], found["api_id"]) == (surface.value, "abcdef1234")
    assert found["function_request_id"] == "function-request-1"
    assert (found["issuer"], found["kid"], found["keys"], found["keys_age_s"]) == (
        "https://issuer.example.com/",
        "k1",
        "static",
        0,
    )
    assert not {"reason", "class", "fix", "docs", "claim", "expected", "found"} & set(found)


@each_surface
def test_line_of_a_denial(surface: Surface) -> None:
    found = written(DENY, made=line(surface))
    assert (found["level"], found["message"], found["decision"]) == ("WARNING", "deny: token_expired", "deny")
    assert (found["reason"], found["class"]) == ("token_expired", "authn")
    assert (found["fix"], found["docs"]) == (Reason.TOKEN_EXPIRED.remedy.fix, "docs/reasons.md#token_expired")
    assert (found["claim"], found["expected"], found["found"]) == ("exp", "a time to come", "31 s ago")


def test_line_of_a_denial_names_the_rule_that_refused() -> None:
    assert written(Deny(reason=Reason.SCOPE_INSUFFICIENT, rule="GET /orders/{id}"))["rule"] == "GET /orders/{id}"
    assert "rule" not in written(DENY)


def test_line_of_an_error() -> None:
    journal = Journal()
    journal.log.error(Line(function_request_id=None), Reason.EVENT_UNKNOWN)
    found = journal.line
    assert (found["level"], found["message"], found["decision"]) == ("ERROR", "error: event_unknown", "error")
    assert not {"surface", "route", "token", "subject", "issuer"} & set(found)


@pytest.mark.parametrize("reason", Reason, ids=lambda reason: reason.value)
def test_line_of_every_reason_keeps_to_the_schema(reason: Reason) -> None:
    assert written(Deny(reason=reason))["fix"] == reason.remedy.fix


def test_request_ids_are_those_of_the_gateway_and_of_the_function() -> None:
    found = written(DENY)
    assert (found["request_id"], found["function_request_id"]) == (Call().request_id, "function-request-1")
    assert written(DENY, made=line(Surface.REST_TOKEN))["request_id"] is None


def test_long_texts_are_cut() -> None:
    denial = Deny(reason=Reason.ROUTE_UNKNOWN, fault=Fault(claim="c" * 999, expected="e" * 999, found="f" * 999))
    found = written(denial, made=line(Surface.REST_TOKEN, path="/" + "x" * 999))
    assert {len(found[name]) for name in ("claim", "expected", "found", "route")} == {MAX_TEXT}
    rule = "GET /" + "x" * 999
    for decision in (Allow(WHO, rule, {}), Deny(reason=Reason.SCOPE_MISSING, rule=rule)):
        assert len(written(decision)["rule"]) == MAX_TEXT


@pytest.mark.parametrize("text", ["a\nb", 'a","level":"INFO', "a\u2028b", "é", "\x1b[31m", "\ud800"], ids=ascii)
def test_text_of_strangers_stays_in_its_field(text: str) -> None:
    journal = Journal()
    found = written(DENY, journal, line(Surface.REST_TOKEN, path=f"/{text}"))
    assert journal.text.count("\n") == 1
    assert found["level"] == "WARNING"
    if text.isprintable():
        assert found["route"] == f"GET /{text}"


# The embedded metric


def test_metric_is_what_powertools_would_write() -> None:
    oracle = AmazonCloudWatchEMFProvider(namespace=NAMESPACE, service="journal")
    oracle.add_dimension("decision", "allow")
    oracle.add_metric("Decisions", "Count", 1)
    oracle.add_metric("DurationMs", "Milliseconds", 0.1)
    expected: Any = oracle.serialize_metric_set()
    found = written(ALLOW)
    (theirs,), (ours,) = expected["_aws"]["CloudWatchMetrics"], found["_aws"]["CloudWatchMetrics"]
    assert set(found["_aws"]) == set(expected["_aws"])
    assert (ours["Namespace"], ours["Metrics"]) == (theirs["Namespace"], theirs["Metrics"])
    assert [sorted(names) for names in ours["Dimensions"]] == [sorted(names) for names in theirs["Dimensions"]]
    assert abs(found["_aws"]["Timestamp"] - expected["_aws"]["Timestamp"]) < 60_000
    assert set(ours) == set(theirs)


@pytest.mark.parametrize("decision", [ALLOW, DENY], ids=["allow", "deny"])
@pytest.mark.parametrize("keys", ["static", "fresh", "stale", "snapshot"])
def test_every_metric_and_dimension_is_a_field_of_the_line(decision: Allow | Deny, keys: str) -> None:
    made = line()
    made.provenance = Provenance("https://issuer.example.com/", "k1", KeyState(keys, 12.34))
    found = written(decision, made=made)
    (directive,) = found["_aws"]["CloudWatchMetrics"]
    for metric in directive["Metrics"]:
        assert isinstance(found[metric["Name"]], int | float)
    for dimension in {name for names in directive["Dimensions"] for name in names}:
        assert isinstance(found[dimension], str)
    assert ("KeysAgeSeconds" in found) == (keys != "static")
    assert len(directive["Metrics"]) == 2 + (keys != "static")


def test_denials_are_counted_by_reason_and_nothing_a_caller_could_multiply() -> None:
    (directive,) = written(DENY)["_aws"]["CloudWatchMetrics"]
    assert directive["Dimensions"] == [["service", "decision"], ["service", "decision", "reason"]]


# Sampling


@pytest.mark.parametrize(("allows", "details"), [(1.0, 200), (0.0, 0)])
def test_allows_are_written_all_or_none_and_counted_all(allows: float, details: int) -> None:
    journal = Journal(allows=allows)
    for _ in range(200):
        journal.log.write(line(), ALLOW)
    assert sum("token" in found for found in journal.lines) == details
    assert [found["Decisions"] for found in journal.lines] == [1] * 200
    assert all(found["decision"] == "allow" and "_aws" in found and found["rule"] for found in journal.lines)


def test_share_of_the_allows_is_written_and_all_are_counted() -> None:
    journal = Journal(allows=0.5)
    for _ in range(400):
        journal.log.write(line(), ALLOW)
    assert 100 < sum("token" in found for found in journal.lines) < 300
    assert len(journal.lines) == 400


def test_denials_and_errors_are_always_written() -> None:
    journal = Journal(allows=0.0)
    journal.log.write(line(), DENY)
    journal.log.error(line(), Reason.KEYS_TIMEOUT)
    assert all("token" in found and "route" in found for found in journal.lines)


# Fingerprints


def test_token_is_a_keyed_fingerprint() -> None:
    first, again = written(ALLOW), written(DENY)
    assert fingerprints(first) == fingerprints(again)
    assert first["token"] != written(ALLOW, Journal(key=b"another key"))["token"]
    assert first["token"] != written(ALLOW, made=line(token="another.b.c"))["token"]


def test_fingerprint_is_cut_so_that_it_is_no_token() -> None:
    assert len(written(ALLOW)["token"]) == 16


def test_subject_may_be_plain_hashed_or_off() -> None:
    made = {how: written(ALLOW, Journal(subject=how)).get("subject") for how in SubjectLogging}
    assert made[SubjectLogging.PLAIN] == "user-1"
    assert made[SubjectLogging.OFF] is None
    assert len(str(made[SubjectLogging.HASHED])) == 16
    assert made[SubjectLogging.HASHED] != written(ALLOW, Journal(key=b"another key"))["subject"]


def test_key_is_in_no_representation() -> None:
    assert KEY.decode() not in repr(Journal().log)


# Nothing of a token is in any output, whatever Powertools is told by its environment

LOUD = {
    "POWERTOOLS_LOGGER_LOG_EVENT": "true",
    "POWERTOOLS_DEV": "true",
    "POWERTOOLS_DEBUG": "true",
    "POWERTOOLS_LOGGER_SAMPLE_RATE": "1",
    "LOG_LEVEL": "DEBUG",
    "POWERTOOLS_LOG_LEVEL": "DEBUG",
    "AWS_LAMBDA_LOG_LEVEL": "TRACE",
}
PROGRAM = """
import json, sys, traceback
from authorizer import handler
for name, event in json.load(sys.stdin):
    try:
        print("answer", json.dumps(getattr(handler, name)(event, None)))
    except Exception:
        traceback.print_exc()
"""


@pytest.mark.parametrize("loud", [{}, LOUD, {"AWS_LAMBDA_LOG_LEVEL": "INFO"}], ids=["plain", "loud", "lambda"])
def test_no_part_of_a_token_is_in_any_output(loud: dict[str, str], key: SigningKey) -> None:
    config = f"""
    [[issuer]]
    kind = "jwt"
    issuer = "https://issuer.example.com/"
    audience = ["orders-api"]
    jwks = '{json.dumps(key_set(key))}'
    [answers]
    rest = 403
    [require]
    any_valid_token = true
    """
    tokens = [mint(key), mint(key, exp=1), mint(key, iss="https://other/"), mint(key)[:-4] + "AAAA", mint(key) + ".x.y"]
    calls = [("rest", BUILDERS[Surface.REST_REQUEST](token)) for token in tokens]
    calls += [("rest", BUILDERS[Surface.REST_TOKEN](token)) for token in tokens]
    calls += [("http", BUILDERS[Surface.HTTP_V2](None, raw=f"Basic {token}")) for token in tokens]
    calls += [("rest", BUILDERS[Surface.HTTP_V2](token)) for token in tokens]
    calls += [("http_policy", BUILDERS[Surface.HTTP_V1](token, Call(place="query:access_token"))) for token in tokens]
    environment = {**os.environ, **loud, "AUTHORIZER_CONFIG": config}
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=json.dumps(calls),
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    output = run.stdout + run.stderr
    assert len(re.findall(r"^answer ", output, re.MULTILINE)) == 20
    assert len(re.findall(r'"Decisions": ?1\b', output)) == len(calls)
    for part in {part for token in tokens for part in token.split(".") if len(part) > 3}:
        assert part not in output
        assert part[-12:] not in output
