"""`authorizer rules from-openapi`."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.tools.cli import group, run
from authorizer.tools.rules_from_openapi import from_openapi

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENT = """
openapi: 3.0.3
servers: [{url: https://example.com/base}]
components: {securitySchemes: {oauth: {type: oauth2}}}
security: [{oauth: [read]}]
paths:
  /orders/{id}: {get: {}, delete: {security: [{oauth: [write]}, {oauth: [admin]}]}}
  /health: {get: {security: []}}
  /me: {get: {security: [{oauth: []}]}}
"""
TABLE: list[dict[str, Any]] = [
    {"match": "GET /health", "public": True},
    {"match": "GET /me", "any_valid_token": True},
    {"match": "DELETE /orders/{id}", "any_scopes": ["admin", "write"]},
    {"match": "GET /orders/{id}", "scopes": ["read"]},
]
UNSAID = DOCUMENT + "  /both: {get: {security: [{oauth: [a, b]}, {oauth: [c]}]}}\n"


def rules(*arguments: object) -> int:
    command = group("")
    command.command("from-openapi")(from_openapi)
    command.callback()(lambda: None)
    return run(command, "authorizer rules", ["from-openapi", *map(str, arguments)])


@pytest.fixture
def api(tmp_path: Path) -> Path:
    file = tmp_path / "api.yaml"
    file.write_text(DOCUMENT)
    return file


def settings(folder: Path, routes: list[dict[str, Any]]) -> Path:
    lines = ["[[issuer]]", 'kind = "of no kind"']
    for route in routes:
        lines += ["[[route]]", *(f"{name} = {json.dumps(value)}" for name, value in route.items())]
    file = folder / "authorizer.toml"
    file.write_text("\n".join(lines))
    return file


def compared(api: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    status = rules(api, "--check", file, "--json")
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return status, found


def test_table_is_written_as_toml(api: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rules(api) == 0
    out, err = capsys.readouterr()
    assert tomllib.loads(out)["route"] == TABLE
    assert err == ""


def test_header_says_what_it_was_made_from(api: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules(api, "--scheme", "oauth", "--unsecured", "skip")
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith("# ")
    assert "authorizer rules from-openapi api.yaml --scheme oauth --unsecured skip" in first
    assert str(api.parent) not in first


def test_file_name_cannot_end_the_comment(api: Path, capsys: pytest.CaptureFixture[str]) -> None:
    odd = api.rename(api.with_name('a\n[[route]]\nmatch = "GET ~x"\npublic = true\n#.yaml'))
    rules(odd)
    assert tomllib.loads(capsys.readouterr().out)["route"] == TABLE


def test_table_as_json(api: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rules(api, "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"ok": True, "routes": TABLE, "problems": []}


def test_what_cannot_be_said_is_left_out_and_told(api: Path, capsys: pytest.CaptureFixture[str]) -> None:
    api.write_text(UNSAID)
    assert rules(api) == 2
    out, err = capsys.readouterr()
    assert tomllib.loads(out)["route"] == TABLE
    assert "# Left out, so refused: GET /both: " in out
    assert "GET /both" in err


def test_problems_as_json(api: Path, capsys: pytest.CaptureFixture[str]) -> None:
    api.write_text(UNSAID)
    assert rules(api, "--json") == 2
    found = json.loads(capsys.readouterr().out)
    assert (found["ok"], [(one["match"], one["code"]) for one in found["problems"]]) == (
        False,
        [("GET /both", "alternatives")],
    )


def test_same_routes_are_status_0(api: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    renamed = [{**row, "match": row["match"].replace("{id}", "{order}")} for row in reversed(TABLE)]
    assert compared(api, settings(tmp_path, renamed), capsys) == (0, {"same": True, "differences": [], "problems": []})


def test_what_was_written_is_the_same(api: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules(api)
    (tmp_path / "made.toml").write_text(capsys.readouterr().out)
    assert rules(api, "--check", tmp_path / "made.toml") == 0


def test_drift_is_status_1(api: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    routes: list[dict[str, Any]] = [
        {"match": "GET /me", "public": True},
        {"match": "$connect", "scopes": ["s"]},
        *TABLE[2:],
    ]
    status, found = compared(api, settings(tmp_path, routes), capsys)
    assert status == 1
    assert found["differences"] == [
        {"match": "$connect", "drift": "added", "document": None, "settings": {"scopes": ["s"]}},
        {"match": "GET /health", "drift": "missing", "document": {"public": True}, "settings": None},
        {
            "match": "GET /me",
            "drift": "different",
            "document": {"any_valid_token": True},
            "settings": {"public": True},
        },
    ]


def test_drift_as_a_table(api: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rules(api, "--check", settings(tmp_path, [*TABLE, {"match": "GET /x", "groups": ["g"]}])) == 1
    rows = [line.split() for line in capsys.readouterr().out.splitlines() if "GET" in line]
    assert rows == [["GET", "/x", "added", "groups"]]


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"scopes": ["read"], "groups": ["staff"]}, True),
        ({"scopes": ["read", "more"]}, False),
        ({"any_scopes": ["read"]}, False),
        ({"groups": ["staff"]}, False),
        ({"any_valid_token": True}, False),
        ({"public": True}, False),
    ],
)
def test_only_what_openapi_can_say_is_compared(
    change: dict[str, Any], same: bool, api: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = settings(tmp_path, [*TABLE[:3], {"match": "GET /orders/{id}", **change}])
    assert compared(api, file, capsys)[0] == (0 if same else 1)


def test_route_that_the_document_cannot_say_is_neither(
    api: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    api.write_text(UNSAID)
    file = settings(tmp_path, [*TABLE, {"match": "GET /both", "scopes": ["a"]}])
    status, found = compared(api, file, capsys)
    assert (status, found["same"], len(found["problems"])) == (2, True, 1)


@pytest.mark.parametrize(
    "text",
    [
        "[require]\nany_valid_token = true",
        "route = 5",
        "[[route]]\nscopes = ['a']",
        "[[route]]\nmatch = 'x'",
        "[[route]]\nmatch = 'GET /'\nscopes = 'a'",
        "no toml",
    ],
)
def test_settings_without_a_table_are_told(text: str, api: Path, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(text)
    assert rules(api, "--check", tmp_path / "settings.toml") == 2


@pytest.mark.parametrize("text", ["Resources: {}", "openapi: 3.0.0", "openapi: 3.0.0\npaths: {}", "- a"])
def test_file_without_operations_is_told(text: str, api: Path, capsys: pytest.CaptureFixture[str]) -> None:
    api.write_text(text)
    assert rules(api) == 2
    assert capsys.readouterr().out == ""
