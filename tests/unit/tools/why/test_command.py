"""`authorizer why`, from the arguments to the status; and that it tells nobody's secrets."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authorizer.tools.cli import group, run
from authorizer.tools.why import answer as module
from authorizer.tools.why import pasted_text
from authorizer.tools.why.command import why
from tests.unit.tools.why.test_cloudwatch import RID, groups

if TYPE_CHECKING:
    from pathlib import Path

commands = group("Test.")
commands.command("why")(why)
commands.callback()(lambda: None)

DECISION = json.dumps(
    {
        "decision": "deny",
        "reason": "token_expired",
        "request_id": RID,
        "found": "186 s ago",
        "claim": "exp",
        "_aws": {},
        "Decisions": 1,
    }
)
EXPIRED = json.dumps(
    {"requestId": RID, "api": "http", "status": "401", "authorizer.error": "invalid_token: the token has expired"}
)
OTHER = json.dumps(
    {"requestId": "another-request", "api": "http", "status": "401", "authorizer.error": "missing: token not provided"}
)
RESPONSE = f"HTTP/2 401\napigw-requestid: {RID}\n\n" + '{"message":"Unauthorized"}'


def status(*arguments: object) -> int:
    return run(commands, "authorizer", ["why", *map(str, arguments)])


def write(folder: Path, text: str | bytes, name: str = "given.txt") -> Path:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    return file


def first_line(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out.partition("\n")[0]


def test_one_clear_cause(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(RID, "--log", write(tmp_path, f"{EXPIRED}\n{OTHER}")) == 0
    assert first_line(capsys).startswith("jwt_expired: ")


def test_several_causes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status("--response", write(tmp_path, '403 {"message":"Missing Authentication Token"}')) == 1
    assert {"wrong_url", "iam_method_unsigned"} <= set(first_line(capsys).replace(",", "").split())


def test_no_cause(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status("--response", write(tmp_path, "HTTP/2 302\n\nmoved")) == 2
    assert first_line(capsys).startswith("cannot tell")


def test_id_of_the_response_finds_its_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = write(tmp_path, f"{EXPIRED}\n{OTHER}", "log.txt")
    assert status("--response", write(tmp_path, RESPONSE), "--log", log) == 0
    assert first_line(capsys).startswith("jwt_expired: ")


def test_several_logs_are_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logs = ("--log", write(tmp_path, f"{EXPIRED}\n{OTHER}", "a"), "--log", write(tmp_path, DECISION, "b"))
    assert status(RID, *logs, "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert [one["code"] for one in document["causes"]] == ["token_expired"]
    assert document["decision"]["found"] == "186 s ago"
    assert document["lines"]["access"] == document["lines"]["decision"] == 1


def test_log_of_one_request_needs_no_id(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status("--log", write(tmp_path, EXPIRED)) == 0
    assert first_line(capsys).startswith("jwt_expired: ")


def test_log_of_many_requests_is_summarised(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = write(tmp_path, f"{EXPIRED}\n{OTHER}\n{DECISION.replace(RID, 'a-third-request')}")
    assert status("--log", log) == 0
    out = capsys.readouterr().out
    assert all(code in out for code in ("jwt_expired", "jwt_token_missing", "token_expired"))
    assert status("--log", log, "--json") == 0
    assert json.loads(capsys.readouterr().out)["requests"] == 3


def test_response_without_lines_of_its_own_is_judged_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = write(tmp_path, f"{OTHER}\n{DECISION.replace(RID, 'a-third-request')}", "log.txt")
    assert status("--response", write(tmp_path, RESPONSE), "--log", log) == 1
    assert "2 requests" in capsys.readouterr().err


def test_api_narrows_it_down(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path, '429 {"message":"Too Many Requests"}')
    assert status("--response", file, "--api", "http") == 0
    assert first_line(capsys).startswith("rate_exceeded: ")


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for option in ("--log", "--response"):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(EXPIRED.encode())))
        assert status(option, "-") in (0, 1, 2)
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--json",),
        ("eyJhbGciOi.x",),
        ("a b c d e f g h",),
        ("--response", "none.txt"),
        ("--log", "none.txt"),
        ("--log", "a\0b"),
        ("--log", "-", "--response", "-"),
        ("--log", "-", "--log", "-"),
        ("--since", "yesterday", "--log-group", "/any"),
        ("--api", "graphql"),
    ],
)
def test_what_cannot_be_done_is_an_error_with_a_hint(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(*arguments) == 2
    said = capsys.readouterr().err
    assert "hint: " in said
    assert "Traceback" not in said
    assert "eyJhbGciOi" not in said


@pytest.mark.parametrize(("text", "name"), [("", "empty"), (OTHER, "other")])
def test_id_that_is_in_no_line_is_an_error(
    text: str, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(RID, "--log", write(tmp_path, text, name)) == 2
    assert "hint: " in capsys.readouterr().err


def test_empty_log_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status("--log", write(tmp_path, "\n\n")) == 2
    assert "hint: " in capsys.readouterr().err


def test_file_without_an_end_in_sight_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pasted_text, "MAX_BYTES", 10)
    assert status("--log", write(tmp_path, "x" * 11)) == 2
    assert "hint: " in capsys.readouterr().err


def test_cloudwatch_is_asked_for_a_request(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    logs = groups(access=[("a", 1, EXPIRED)], function=[("f", 1, DECISION)])
    asked: list[Any] = []

    def client(*where: Any) -> Any:
        asked.append(where)
        return logs

    monkeypatch.setattr(module, "logs_client", client)
    monkeypatch.setattr("authorizer.clock.now", lambda: 1_791_201_600.0)
    assert status(RID, "--region", "eu-west-1", "--profile", "on-call") == 0
    assert first_line(capsys).startswith("token_expired: ")
    assert asked == [("eu-west-1", "on-call")]


def test_response_is_judged_where_cloudwatch_cannot_be_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    arguments = (RID, "--profile", "nobody")
    assert status(*arguments, "--response", write(tmp_path, RESPONSE)) == 1
    assert "CloudWatch was not asked" in capsys.readouterr().err
    assert status(*arguments) == 2


SECRETS = (
    "planted-opaque-token-0123",
    "eyJhbGciOiJSUzI1NiJ9.eyJwbGFudGVkIjoxfQ.cGxhbnRlZA",
    "planted-cookie=abc",
    "planted-api-key-9",
)
VERBOSE = (
    "> GET /prod/@?access_token=@ HTTP/2\n> Authorization: Bearer @\n> x-api-key: @\n> cookie: @\n< HTTP/2 401\n"
    '< x-amzn-errortype: UnauthorizedException\n< set-cookie: @\n{"message":"Unauthorized"}'
)
EXECUTION = (
    "(abcdefgh) Method request headers: {Authorization=@}\n"
    '(abcdefgh) Authorizer result body before parsing: {"statusCode":401,"body":"@"}'
)
PLACES = (
    VERBOSE,
    'HTTP/2 403\nx-amzn-errortype: @\nx-amzn-requestid: abcdefgh\nwww-authenticate: Bearer error="@"\n\n{"message":"@"}',
    json.dumps(
        {
            "request": {"url": "https://x/@", "headers": [{"name": "@", "value": "@"}]},
            "response": {"status": 403, "headers": [], "content": {"text": "@"}},
        }
    ),
    EXECUTION,
    "[ERROR] KeyError: 'Authorization' @\nTraceback (most recent call last): @\nTask timed out after @",
    '{"requestId":"@","status":"401","authorizer.error":"invalid_token: the token has expired @","path":"/a:@"}',
    '{"decision":"deny","reason":"@","request_id":"@","found":"@"}',
    '{"decision":"deny","reason":"@","request_id":"@"}\n{"decision":"deny","reason":"@","request_id":"another-one"}',
    "@",
)


@pytest.mark.parametrize("option", ["--response", "--log"])
@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("place", PLACES, ids=range(len(PLACES)))
def test_no_secret_is_told(place: str, secret: str, option: str, tmp_path: Path, capsys: Any) -> None:
    file = write(tmp_path, place.replace("@", secret))
    for arguments in ((), ("--json",)):
        assert status(option, file, *arguments) in (0, 1, 2)
        said = capsys.readouterr()
        assert secret not in said.out + said.err


def test_token_in_a_line_of_ours_is_not_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status("--log", write(tmp_path, DECISION.replace("186 s ago", SECRETS[1]))) == 0
    said = capsys.readouterr().out
    assert "found: " in said
    assert SECRETS[1] not in said


def test_decision_of_a_token_authorizer_is_joined_by_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    decision = {
        "decision": "deny",
        "reason": "scope_missing",
        "surface": "rest_token",
        "_aws": {"Timestamp": 1_791_201_601_000},
    }
    access = {"requestId": RID, "status": "403", "requestTimeEpoch": "1791201600000"}
    log = write(tmp_path, f"{json.dumps(access)}\n{OTHER}\n{json.dumps(decision)}")
    assert status(RID, "--log", log, "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["causes"][0]["code"], document["joined_by_time"]) == ("scope_missing", True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=60) | st.text(max_size=60), option=st.sampled_from(["--response", "--log"]))
def test_any_bytes_end_with_a_status(content: Any, option: str, tmp_path: Path, capsys: Any) -> None:
    assert status(option, write(tmp_path, content)) in (0, 1, 2)
    said = capsys.readouterr()
    assert "this command failed" not in said.err
    assert bool(said.out) or "hint: " in said.err
