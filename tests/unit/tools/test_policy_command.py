"""`authorizer policy`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.tools import policy_screen
from authorizer.tools.cli import commands, run
from authorizer.tools.policy_answer import PolicyAnswer, answer_for
from authorizer.tools.policy_command import STAGE

if TYPE_CHECKING:
    from pathlib import Path

ISSUER = """
[[issuer]]
kind = "jwt"
issuer = "https://x.example.com/"
audience = ["a"]
jwks_uri = "https://x.example.com/keys"
"""
TABLE = """
[[route]]
match = "GET /orders/{id}"
scopes = ["orders:read"]
[[route]]
match = "GET /admin"
groups = ["admins", "Site Owners"]
[[route]]
match = "GET /customers/{id}"
claims = { customer = { parameter = "id" } }
"""
ITEMS = TABLE + '[[route]]\nmatch = "GET /orders/{id}/items"\nscopes = ["orders:read"]\n'
NETWORKS = TABLE + '[[route]]\nmatch = "GET /internal"\nnetworks = ["192.0.2.0/24"]\n'
DEFAULT = '[paths]\nexact = true\ncomplete = true\n[[route]]\nmatch = "GET /admin"\nscopes = ["admin"]\n[[route]]\n'
DEFAULT += 'match = "$default"\nany_valid_token = true\n'
READER = ("--scopes", "orders:read")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(tmp_path, TABLE)


def write(folder: Path, text: str) -> Path:
    made = folder / "settings.toml"
    made.write_text(ISSUER + text)
    return made


def policy(*arguments: object) -> int:
    return run(commands, "authorizer", ["policy", *map(str, arguments)])


def document(capsys: pytest.CaptureFixture[str], *arguments: object, status: int = 0) -> dict[str, Any]:
    assert policy(*arguments, "--json") == status
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def allowed(found: dict[str, Any]) -> list[str]:
    resources: list[str] = found["policy"]["Statement"][0]["Resource"]
    return resources


def test_policy_of_a_caller_is_told_in_full(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, "--config", file, *READER)
    assert found["answer"] == "all routes"
    assert found["routes"] == [
        {"route": "GET /orders/{id}", "allowed": "yes"},
        {"route": "GET /admin", "allowed": "no"},
        {"route": "GET /customers/{id}", "allowed": "no"},
    ]
    assert (found["conflicts"], found["wrong"]) == ([], [])
    assert found["wildcards"] == [
        {
            "methods": ["GET"],
            "pattern": "orders/?*",
            "routes": ["GET /orders/{id}"],
            "but": [{"matches": "no rule", "denied_by": "orders/?*/*"}],
        }
    ]
    assert allowed(found) == [f"{STAGE}/GET/orders/?*"]
    assert found["bytes"] == len(json.dumps(found["policy"], separators=(",", ":")))
    assert found["trials"] > 20


def test_policy_is_shown_with_its_proof_and_its_size(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert policy("--config", file, *READER) == 0
    out = capsys.readouterr().out
    for part in ("orders/?*/*", "the policy says what the rules say\n", "of 8,192 bytes", f"{STAGE}/GET/orders/?*"):
        assert part in out
    assert "error" not in out


@pytest.mark.parametrize(
    ("options", "paths"),
    [
        (("--groups", "admins"), ["admin"]),
        (("--groups", "x, Site Owners"), ["admin"]),
        (("--claim", "customer=c1"), ["customers/c1"]),
        (("--claim", "customer=17"), ["customers/17"]),
        (("--claim", 'customer="17"', "--claim", "other=x=y"), ["customers/17"]),
        (("--scopes", "x orders:read", "--groups", "admins"), ["admin", "orders/?*"]),
    ],
)
def test_caller_is_known_by_scopes_groups_and_claims(
    file: Path, options: tuple[str, ...], paths: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert allowed(document(capsys, "--config", file, *options)) == [f"{STAGE}/GET/{path}" for path in paths]


@pytest.mark.parametrize(
    "options",
    [(), ("--groups", "Admins"), ("--groups", "Site,Owners"), ("--claim", "customer=true"), ("--claim", "customer=*")],
)
def test_caller_without_a_right_is_denied_the_stage(
    file: Path, options: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    (statement,) = document(capsys, "--config", file, *options)["policy"]["Statement"]
    assert statement == {"Effect": "Deny", "Action": "execute-api:Invoke", "Resource": f"{STAGE}/*"}


@pytest.mark.parametrize(
    ("table", "granted", "why"),
    [(ITEMS, "GET /orders/{id}/items", "undeclared"), (NETWORKS, "GET /internal", "varies")],
)
def test_caller_without_a_policy_for_all_routes_is_status_1(
    table: str, granted: str, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path, table)
    found = document(capsys, "--config", file, *READER, status=1)
    assert (found["answer"], found["policy"], found["bytes"], found["trials"]) == ("the called method", None, None, 0)
    assert [(one["granted"], one["refused"], one["why"]) for one in found["conflicts"]] == [(granted, None, why)]
    assert policy("--config", file, *READER) == 1
    out = capsys.readouterr().out
    assert "no policy for all routes" in out
    assert f"because of {granted}: " in out


def test_complete_table_has_a_policy_that_is_right(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, "--config", write(tmp_path, "[paths]\ncomplete = true\n" + ITEMS), *READER)
    assert (found["answer"], found["wrong"]) == ("all routes", [])
    assert {"matches": "no rule", "denied_by": "nothing: no such path exists"} in found["wildcards"][0]["but"]
    assert found["trials"] > 0


@pytest.mark.parametrize(("api", "paths"), [("http", ["", "?*"]), ("rest", None)])
def test_default_route_is_of_http_apis_only(
    api: str, paths: list[str] | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = document(capsys, "--config", write(tmp_path, DEFAULT), "--api", api)
    assert found["wrong"] == []
    statement = found["policy"]["Statement"][0]
    if paths is None:
        assert statement["Effect"] == "Deny"
    else:
        assert {f"{STAGE}/GET/{path}" for path in paths} <= set(statement["Resource"])


def test_handshake_is_answered_for_itself(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, "--config", file, *READER, "--api", "websocket", status=1)
    assert (found["answer"], found["policy"]) == ("the called method", None)


@pytest.mark.parametrize("slash", ["", "/"])
def test_policy_is_for_the_given_stage(slash: str, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stage = "arn:aws-cn:execute-api:cn-north-1:123456789012:zyxwvu9876/$default"
    found = document(capsys, "--config", file, *READER, "--stage", stage + slash)
    assert allowed(found) == [f"{stage}/GET/orders/?*"]


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (("--claim", "customer"), "error: --claim has no value\nhint: give --claim NAME=VALUE\n"),
        (("--claim", "=c1"), "error: --claim has no value\nhint: give --claim NAME=VALUE\n"),
        (("--stage", "prod"), "error: --stage is no ARN of a stage\nhint: an ARN such as arn:aws:execute-api:"),
        (("--stage", STAGE.replace("prod", "*")), "error: --stage is no ARN of a stage\nhint: "),
        (("--stage", STAGE.removesuffix("/prod")), "error: --stage is no ARN of a stage\nhint: "),
        (("--api", "soap"), "error: Invalid value for '--api'"),
        (("--env-vars", "x.json"), "error: two sources of settings were given\nhint: "),
    ],
)
def test_wrong_option_is_status_2_with_a_hint(
    options: tuple[str, ...], error: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert policy("--config", file, *options) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(error)
    assert err.splitlines()[-1].startswith("hint: ")


@pytest.mark.parametrize("text", ["no toml", ISSUER, ISSUER + TABLE.replace("scopes", "scops")])
def test_wrong_settings_are_status_2_with_a_hint(text: str, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(text)
    assert policy("--config", file) == 2
    err = capsys.readouterr().err
    assert err.startswith("error: the settings are wrong\n")
    assert err.splitlines()[-1].startswith("hint: docs/settings.md")


def test_settings_may_come_from_variables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    variables = tmp_path / "env.json"
    variables.write_text(json.dumps({"Parameters": {"AUTHORIZER_CONFIG": ISSUER + TABLE}}))
    assert allowed(document(capsys, "--env-vars", variables, *READER)) == [f"{STAGE}/GET/orders/?*"]


def test_policy_that_is_wrong_would_be_status_1(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*arguments: Any) -> PolicyAnswer:
        made = answer_for(*arguments)
        object.__setattr__(made, "trials", [made.trials[0]._replace(by_policy=not made.trials[0].by_rules)])
        return made

    monkeypatch.setattr(policy_screen, "answer_for", broken)
    assert len(document(capsys, "--config", file, *READER, status=1)["wrong"]) == 1
    assert policy("--config", file, *READER) == 1
    out = capsys.readouterr().out
    assert "error: GET /: the rules say False, the policy True" in out
    assert "about all but 1" in out
