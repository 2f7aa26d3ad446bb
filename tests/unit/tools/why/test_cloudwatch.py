"""CloudWatch Logs: what is asked, in which order, how often; and every error told with what to do. Stubs, no network."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import ANY, Stubber

from authorizer.tools.terminal import CommandError
from authorizer.tools.why import cloudwatch
from authorizer.tools.why.cloudwatch import CloudWatch, duration, logs_client
from authorizer.tools.why.entry import Kind

RID = "394365dc-1b10-411f-9668-70521cec1205"
FUNCTION = "758a8c2f-35eb-4713-b55e-56879fbc968b"
NOW = 1_791_201_600.0
LAMBDA, ACCESS, EXECUTION = (
    "/aws/lambda/my-authorizers",
    "/aws/apigateway/my-sample",
    "API-Gateway-Execution-Logs_abc/prod",
)
RECORD = json.dumps({"requestId": RID, "status": "403", "authorizer.requestId": FUNCTION})
DECISION = json.dumps(
    {"decision": "deny", "reason": "scope_missing", "request_id": None, "function_request_id": FUNCTION}
)


class Logs:
    """A client that answers from groups of (stream, seconds before NOW, message), and writes down what it was asked."""

    def __init__(self, groups: dict[str, list[tuple[str, float, str]]] | None = None) -> None:
        self.groups = groups or {}
        self.asked: list[tuple[str, str]] = []

    def describe_log_groups(self, **asked: Any) -> Any:
        names = [name for name in self.groups if name.startswith(asked["logGroupNamePrefix"])]
        return {"logGroups": [{"logGroupName": name} for name in names]}

    def filter_log_events(self, **asked: Any) -> Any:
        self.asked.append((asked["logGroupName"], asked.get("filterPattern", "")))
        wanted = [one.strip('?"') for one in asked.get("filterPattern", "").split()]
        events = []
        for stream, before, message in self.groups[asked["logGroupName"]]:
            at = int((NOW - before) * 1000)
            inside = asked["startTime"] <= at <= asked.get("endTime", at)
            streams = asked.get("logStreamNames", [stream])
            if inside and stream in streams and (not wanted or any(one in message for one in wanted)):
                events.append({"timestamp": at, "message": message, "logStreamName": stream})
        return {"events": events}


def made(logs: Any, *groups: str, **given: Any) -> CloudWatch:
    return CloudWatch(client=logs, since=NOW - 3600, groups=groups, now=lambda: NOW, pause=lambda _: None, **given)


def groups(**lines: list[tuple[str, float, str]]) -> Logs:
    names = {LAMBDA: "function", ACCESS: "access", EXECUTION: "execution"}
    return Logs({name: lines.get(kind, []) for name, kind in names.items()})


def test_lines_of_a_request_lead_to_those_of_its_invocation() -> None:
    logs = groups(
        access=[("a", 60, RECORD), ("a", 60, '{"requestId":"another-request","status":"200"}')],
        execution=[("e", 60, f"({RID}) Method completed with status: 403")],
        function=[("f", 60, DECISION), ("f", 59, '{"decision":"allow","request_id":"another-request"}')],
    )
    found = made(logs).request(RID)
    assert sorted(one.kind.value for one in found) == ["access", "decision", "execution"]
    assert (ACCESS, f'"{RID}"') in logs.asked
    assert (LAMBDA, f'"{FUNCTION}"') in logs.asked


def test_traceback_between_start_and_end_is_fetched() -> None:
    logs = groups(
        access=[("a", 60, RECORD)],
        function=[
            ("f", 62, "[ERROR] of an earlier invocation"),
            ("f", 60, f"START RequestId: {FUNCTION} Version: 1"),
            ("f", 59, "[ERROR] KeyError: 'Authorization'\rTraceback (most recent call last):"),
            ("f", 58, f"END RequestId: {FUNCTION}"),
            ("g", 59, "[ERROR] of another stream"),
        ],
    )
    texts = [one.text for one in made(logs).request(RID)]
    assert any("KeyError: 'Authorization'" in one for one in texts)
    assert not any("another" in one or "earlier" in one for one in texts)


def test_decision_of_a_token_event_is_looked_for_by_time() -> None:
    token = json.dumps({"decision": "deny", "reason": "scope_missing", "surface": "rest_token", "request_id": None})
    logs = groups(
        access=[("a", 60, f'{{"requestId":"{RID}","status":"403"}}')], function=[("f", 58, token), ("f", 30, token)]
    )
    found = [one for one in made(logs).request(RID) if one.kind is Kind.DECISION]
    assert len(found) == 1


def test_groups_are_discovered_and_named_ones_are_not() -> None:
    logs = groups()
    logs.groups |= {"/aws/lambda/backend": [], "/other/group": []}
    made(logs).request(RID)
    assert {group for group, _ in logs.asked} == {LAMBDA, ACCESS, EXECUTION}
    logs.asked.clear()
    made(logs, "/other/group").request(RID)
    assert {group for group, _ in logs.asked} == {"/other/group"}


def test_no_group_is_an_error() -> None:
    with pytest.raises(CommandError):
        made(Logs()).request(RID)


def test_only_so_many_groups_are_searched() -> None:
    logs = Logs()
    logs.groups = {f"/aws/apigateway/{number:02}": [] for number in range(25)}
    found = made(logs)
    found.request(RID)
    assert len({group for group, _ in logs.asked}) == cloudwatch.MOST_GROUPS
    assert any("5 log groups" in note for note in found.notes)


def test_pages_have_an_end() -> None:
    class Endless(Logs):
        def filter_log_events(self, **asked: Any) -> Any:
            self.asked.append((asked["logGroupName"], asked.get("nextToken", "")))
            return {"events": [], "nextToken": "more"}

        def describe_log_groups(self, **asked: Any) -> Any:
            return {"logGroups": [], "nextToken": "more"}

    logs = Endless()
    found = made(logs, "/any")
    assert found.request(RID) == []
    assert len(logs.asked) == cloudwatch.MOST_PAGES
    assert found.notes
    with pytest.raises(CommandError):
        made(logs).request(RID)


def test_query_is_polled_until_it_is_complete() -> None:
    client = boto3.client("logs", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="y")
    row = [{"field": "@timestamp", "value": "2026-10-05 12:00:00.000"}, {"field": "@message", "value": RECORD}]
    with Stubber(client) as stub:
        stub.add_response(
            "start_query",
            {"queryId": "q"},
            {"logGroupNames": ["/any"], "startTime": ANY, "endTime": ANY, "queryString": ANY},
        )
        stub.add_response("get_query_results", {"status": "Running", "results": []}, {"queryId": "q"})
        stub.add_response("get_query_results", {"status": "Complete", "results": [row]}, {"queryId": "q"})
        found = made(client, "/any").everything()
    assert [(one.kind, one.at) for one in found] == [(Kind.ACCESS, NOW)]


@pytest.mark.parametrize("status", ["Failed", "Running"])
def test_query_that_does_not_end_is_an_error(status: str) -> None:
    class Slow:
        polls = 0

        def start_query(self, **_: Any) -> Any:
            return {"queryId": "q"}

        def get_query_results(self, **_: Any) -> Any:
            self.polls += 1
            return {"status": status, "results": []}

    with pytest.raises(CommandError):
        made(Slow(), "/any").everything()
    assert Slow.polls <= cloudwatch.MOST_POLLS


@pytest.mark.parametrize(
    ("operation", "action"),
    [("filter_log_events", "logs:FilterLogEvents"), ("describe_log_groups", "logs:DescribeLogGroups")],
)
@pytest.mark.parametrize(
    "code",
    ["AccessDeniedException", "ThrottlingException", "ExpiredTokenException", "ResourceNotFoundException", "Other"],
)
def test_error_of_aws_is_told_with_a_hint(operation: str, action: str, code: str) -> None:
    client = boto3.client("logs", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="y")
    given = ("/any",) if operation == "filter_log_events" else ()
    with Stubber(client) as stub:
        stub.add_client_error(operation, code, "planted text of AWS")
        with pytest.raises(CommandError) as caught:
            made(client, *given).request(RID)
    said = f"{caught.value} {caught.value.hint}"
    assert "planted" not in said
    assert caught.value.hint
    assert (action in said) is (code in ("AccessDeniedException", "ThrottlingException", "Other"))


def test_network_that_is_down_is_told() -> None:
    class Down:
        def filter_log_events(self, **_: Any) -> Any:
            raise EndpointConnectionError(endpoint_url="https://logs.eu-west-1.amazonaws.com")

    with pytest.raises(CommandError):
        made(Down(), "/any").request(RID)


def test_profile_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    with pytest.raises(CommandError):
        logs_client(None, "nobody")
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    monkeypatch.delenv("AWS_REGION", raising=False)
    with pytest.raises(CommandError):
        logs_client(None, None)


def test_client_is_that_of_the_region(monkeypatch: pytest.MonkeyPatch) -> None:
    assert logs_client("eu-central-1", None).meta.region_name == "eu-central-1"


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("30m", 1800), ("1h", 3600), (" 2d ", 172_800), ("1w", 604_800)]
)
def test_duration(text: str, seconds: int) -> None:
    assert duration(text) == seconds


@pytest.mark.parametrize("text", ["", "1", "h", "-1h", "1.5h", "1y", "999999h", "²h"])
def test_what_is_no_duration_is_an_error(text: str) -> None:
    with pytest.raises(CommandError):
        duration(text)
