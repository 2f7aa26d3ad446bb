"""Log text in every form that people have, each leading to its cause."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authorizer.tools.why.entry import Kind
from authorizer.tools.why.evidence import Evidence
from authorizer.tools.why.log_lines import parse_log
from authorizer.tools.why.ranking import rank
from tests.unit.tools.why import http_cases, rest_cases
from tests.unit.tools.why.failing_apis import RID, Case

LOGS: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_name("logs.toml").read_text("utf-8"))
INVOCATION = "758a8c2f-35eb-4713-b55e-56879fbc968b"
CASES = [one for one in (*rest_cases.CASES, *http_cases.CASES) if one.log]
AMBIGUOUS = {  # the line does not say of which type of API it is
    "token missing": {"websocket_identity_missing"},
    "expression": {"websocket_identity_missing"},
    "request source": {"websocket_identity_missing"},
    "explicit deny": {"websocket_denied"},
    "ws: deny": {"authorizer_implicit_deny"},
    "ws: silence": {"authorizer_implicit_deny"},
}


def first(text: str) -> set[str]:
    return {one.cause.code for one in rank(Evidence(entries=parse_log(text))).first}


@pytest.mark.parametrize("name", LOGS)
def test_log_text_leads_to_its_cause(name: str) -> None:
    assert first(LOGS[name]["text"]) == set(LOGS[name]["causes"])


@pytest.mark.parametrize("case", CASES, ids=str)
def test_log_without_the_response_leads_to_the_cause(case: Case) -> None:
    found = first("\n".join(case.log))
    alike = AMBIGUOUS.get(case.name, set())
    assert found <= {case.code, *case.others} | alike
    assert alike or case.code in found


@pytest.mark.parametrize(
    ("line", "kind", "ids"),
    [
        (f"({RID}) Starting authorizer: a for request: b", Kind.EXECUTION, (RID,)),
        (f"2026-10-05T12:00:00.000Z ({RID}) x", Kind.EXECUTION, (RID,)),
        ("(JKJaXmPLvHcESHA=) Extended Request Id: JKJaXmPLvHcESHA=", Kind.EXECUTION, ("JKJaXmPLvHcESHA=",)),
        (f"({RID}) Extended Request Id: AbCdEfGhIj=", Kind.EXECUTION, (RID, "AbCdEfGhIj=")),
        ("Thu Jun 08 15:09:49 UTC 2023 : HTTP Method: GET", Kind.EXECUTION, ()),
        (f"START RequestId: {INVOCATION} Version: 1", Kind.FUNCTION, (INVOCATION,)),
        (f"[ERROR] 2026-10-05T12:00:00.000Z {INVOCATION} text", Kind.FUNCTION, (INVOCATION,)),
        ("[ERROR] KeyError: 'a'", Kind.FUNCTION, ()),
        ('{"decision":"allow","request_id":"abcdefgh"}', Kind.DECISION, ("abcdefgh",)),
        (f'{{"requestId":"{RID}","status":"403"}}', Kind.ACCESS, (RID,)),
        (f'{{"level":"ERROR","message":"x","function_request_id":"{INVOCATION}"}}', Kind.FUNCTION, (INVOCATION,)),
        ('{"decision":"perhaps"}', Kind.OTHER, ()),
        ("something", Kind.OTHER, ()),
    ],
)
def test_kind_and_ids_of_a_line(line: str, kind: Kind, ids: tuple[str, ...]) -> None:
    (entry,) = parse_log(line)
    assert (entry.kind, entry.ids) == (kind, ids)


def test_traceback_is_of_the_invocation_around_it() -> None:
    lines = (
        f"START RequestId: {INVOCATION} Version: 1",
        "Traceback (most recent call last):",
        f"END RequestId: {INVOCATION}",
        "later",
    )
    assert [one.ids for one in parse_log("\n".join(lines))] == [(INVOCATION,)] * 3 + [()]


def test_streams_are_kept_apart() -> None:
    events = [("a", f"START RequestId: {INVOCATION} Version: 1"), ("b", "hello"), ("a", "hello")]
    document = {"events": [{"logStreamName": stream, "timestamp": 1, "message": text} for stream, text in events]}
    assert [one.ids for one in parse_log(json.dumps(document))] == [(INVOCATION,), (), (INVOCATION,)]


@pytest.mark.parametrize(
    "line",
    [
        '{"decision":"allow","_aws":{"Timestamp":1791201600000}}',
        '{"decision":"allow","timestamp":"2026-10-05 12:00:00,000+0000"}',
        '2026-10-05T12:00:00.000Z {"decision":"allow"}',
        '1791201600000 {"decision":"allow"}',
        f'{{"requestId":"{RID}","status":"403","requestTime":"05/Oct/2026:12:00:00 +0000"}}',
        f'{{"requestId":"{RID}","status":"403","requestTimeEpoch":"1791201600000"}}',
    ],
)
def test_time_of_a_line(line: str) -> None:
    assert [one.at for one in parse_log(line)] == [1_791_201_600.0]


FRAGMENTS = st.sampled_from(
    [
        "{",
        "}",
        '"',
        "[",
        "]",
        "\n",
        "\r",
        "\t",
        "(",
        ") ",
        "\\",
        ",",
        ":",
        "START RequestId: ",
        RID,
        "END ",
        "message,x\n",
        "@message",
        " : ",
        "<status>",
        "2026-10-05T12:00:00Z ",
        '{"events":[',
        '{"decision":"deny"',
        "null",
        "1" * 5000,
        "\x00",
        "\ud800",
        "é",
    ]
)


@given(st.lists(FRAGMENTS | st.text(max_size=20), max_size=20).map("".join))
def test_any_text_is_read(text: str) -> None:
    rank(Evidence(entries=parse_log(text)))


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a":' * 100_000, '{"events":' + "[" * 50_000, "{" * 50_000, "(a" * 100_000]
)
def test_text_that_nests_without_end_is_read(text: str) -> None:
    rank(Evidence(entries=parse_log(text)))
