"""`authorizer config check`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.tools.cli import commands, run

if TYPE_CHECKING:
    from pathlib import Path

REMOTE = """
[[issuer]]
kind = "oidc"
issuer = "https://login.example.com/"
audience = "ANY_AUDIENCE"
[issuer.keys]
max_age = 60
[[issuer]]
kind = "cognito"
user_pool_id = "eu-west-1_AbCdEfGhI"
client_ids = ["one", "two"]
token_use = ["access"]
"""
ROUTES = """
[[route]]
match = "GET /orders/{id}"
scopes = ["orders:read"]
groups = ["staff"]
[[route]]
match = "GET /health"
public = true
"""


def check(*arguments: object) -> int:
    return run(commands, "authorizer", ["config", "check", *map(str, arguments)])


def meaning(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    (tmp_path / "authorizer.toml").write_text(text)
    assert check(tmp_path / "authorizer.toml", "--json") == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_fine_settings_are_status_0(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(config) == 0
    assert "fine" in capsys.readouterr().out


@pytest.mark.parametrize(("ttl", "routes", "notes"), [(300, 90, 1), (0, 90, 0), (300, 3, 0)])
def test_policy_that_is_too_large_to_be_cached_is_told(
    ttl: int, routes: int, notes: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = "".join(f'[[route]]\nmatch = "GET /{"x" * 60}{at}"\nscopes = ["a"]\n' for at in range(routes))
    said = meaning(f"{REMOTE}[paths]\ncomplete = true\n[cache]\nttl = {ttl}\n{table}", tmp_path, capsys)
    assert len([note for note in said["notes"] if f"keeps it for {ttl} s" in note]) == notes


def test_every_problem_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "authorizer.toml"
    file.write_text('[[issuer]]\nkind = "jwt"\nissuer = "https://x.example.com"\naudienc = ["a"]\n')
    assert check(file) == 2
    out, err = capsys.readouterr()
    assert "issuer[0].audienc: found an unknown name; right would be audience\n" in out
    assert "require: found nothing; right would be " in out
    assert err.splitlines()[-1].startswith("hint: ")


def test_problems_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "authorizer.toml"
    file.write_text("no toml")
    assert check(file, "--json") == 2
    document = json.loads(capsys.readouterr().out)
    assert document["ok"] is False
    assert document["problems"][0].keys() == {"path", "found", "right"}


def test_issuers_are_summed_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    login, pool = meaning(REMOTE + ROUTES, tmp_path, capsys)["issuers"]
    assert (login["audience"], login["keys"]) == ("any", "by discovery")
    assert pool["audience"] == "one two"
    assert pool["keys"] == "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI/.well-known/jwks.json"


NEAR = '[[route]]\nmatch = "GET /near"\nnetworks = ["192.0.2.0/24"]\n'
OWN = '[[route]]\nmatch = "GET /own/{id}"\nclaims = { sub = { parameter = "id" } }\n'


def test_rules_that_a_token_event_suffices_for_are_not_noted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    denied = OWN + NEAR.replace("networks", "deny = true  #")
    assert not any("TOKEN" in one for one in meaning(REMOTE + ROUTES + denied, tmp_path, capsys)["notes"])


def test_rules_are_summed_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert meaning(REMOTE + ROUTES, tmp_path, capsys)["rules"] == [
        {"route": "GET /orders/{id}", "needs": "all of the scopes orders:read; one of the groups staff"},
        {"route": "GET /health", "needs": "nothing: it is public"},
        {"route": "every other route", "needs": "refused: route_unknown (403)"},
    ]


def test_who_gets_401_is_summed_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    apis = meaning(REMOTE + ROUTES + "[answers]\nwebsocket = 403\n", tmp_path, capsys)["apis"]
    assert {row["api"]: row["refused"] for row in apis} == {"rest": 401, "websocket": 403, "http": 403}


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (REMOTE + ROUTES, "tokens for every audience or client are accepted"),
        (REMOTE + ROUTES, "a withdrawn key is refused 60 s after the last fetch"),
        (REMOTE + ROUTES, "no credential is asked for at GET /health"),
        (REMOTE + "[require]\nany_valid_token = true\n", "every valid token may call everything"),
        (REMOTE + ROUTES + '[credential]\nfrom = ["cookie:session"]\n', "a TOKEN authorizer cannot be used"),
        (REMOTE + '[require]\nnetworks = ["192.0.2.0/24"]\n', "a TOKEN authorizer cannot judge any route"),
        (REMOTE + ROUTES + NEAR, "a TOKEN authorizer cannot judge GET /near: "),
        (REMOTE + ROUTES + "[answers]\nhttp = 401\n", "not proven on AWS"),
    ],
)
def test_what_to_know_is_noted(text: str, note: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert any(note in one for one in meaning(text, tmp_path, capsys)["notes"])


def test_static_keys_are_noted(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check(config)
    assert "the keys change with a deployment only" in capsys.readouterr().out
