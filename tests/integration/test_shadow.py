"""A candidate's settings beside the live ones, in a function on the Lambda runtime emulator."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.testing import FakeIssuer, Fault, SigningKey, http_v2, key_set, mint
from authorizer.tools.emulator import Emulator
from authorizer.tools.function_environment import FunctionEnvironment
from tests.journal import schema
from tests.unit.tools.sample_project import YEAR_2100

if TYPE_CHECKING:
    from pathlib import Path

    from authorizer.tools.invocation import Invocation

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the emulator runs on Linux only")

CHECKS = """
def ends(principal, request):
    raise SystemExit("secret")
"""


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return SigningKey.generate("ES256")


def settings(issuer: str, keys: str, demand: str) -> str:
    head = f'[[issuer]]\nkind = "jwt"\nissuer = "{issuer}"\naudience = ["orders-api"]\nalgorithms = ["ES256"]\n'
    return f"{head}{keys}\n[require]\n{demand}\n"


def shadow_lines(result: Invocation) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in result.log_lines if line.startswith('{"level"')]
    told = [line for line in lines if line["message"].startswith("shadow: ")]
    for line in told:
        schema("shadow").validate(line)
    return told


def invoke(
    folder: Path, live: str, candidate: str, *, token: str, times: int = 1, **variables: str
) -> list[Invocation]:
    (folder / "next.toml").write_text(candidate)
    (folder / "shadow_checks.py").write_text(CHECKS)
    given = {"AUTHORIZER_CONFIG": live, "AUTHORIZER_SHADOW_FILE": str(folder / "next.toml"), **variables}
    environment = FunctionEnvironment(variables=given, import_paths=(folder,))
    with Emulator("authorizer.handler.http", environment) as function:
        return [function.invoke(json.dumps(http_v2(token)).encode()) for _ in range(times)]


@pytest.mark.parametrize(
    ("demand", "reason"),
    [('scopes = ["none"]', "scope_insufficient"), ('check = "shadow_checks.ends"', "internal_error")],
)
def test_candidate_is_told_and_does_not_count(demand: str, reason: str, key: SigningKey, tmp_path: Path) -> None:
    keys, token = f"jwks = '{json.dumps(key_set(key))}'", mint(key, exp=YEAR_2100)
    issuer = "https://issuer.example.com/"
    live, candidate = settings(issuer, keys, "any_valid_token = true"), settings(issuer, keys, demand)
    for result in invoke(tmp_path, live, candidate, token=token, times=2):
        assert result.answer["isAuthorized"] is True
        assert (result.decision or {})["decision"] == "allow"
        (line,) = shadow_lines(result)
        assert (line["live"], line["candidate_reason"]) == ("allow", reason)
        assert token not in result.output.decode()
        assert "secret" not in result.output.decode()


def test_hanging_keys_of_the_candidate_cost_its_timeout_once(key: SigningKey, tmp_path: Path) -> None:
    with FakeIssuer(key) as issuer:
        issuer.fault = Fault.HANG
        token = mint(key, exp=YEAR_2100, iss=issuer.url)
        given, fetched = f"jwks = '{json.dumps(key_set(key))}'", f'jwks_uri = "{issuer.jwks_uri}"\nkeys.timeout = 0.3'
        live, candidate = (settings(issuer.url, keys, "any_valid_token = true") for keys in (given, fetched))
        results = invoke(tmp_path, live, candidate, token=token, times=3, SSL_CERT_FILE=issuer.ca_file)
    assert [result.answer["isAuthorized"] for result in results] == [True, True, True]
    told = [[line["message"] for line in shadow_lines(result)] for result in results]
    assert told == [["shadow: paused", "shadow: other outcome"], [], []]


def test_wrong_candidate_is_told_at_the_start(key: SigningKey, tmp_path: Path) -> None:
    keys = f"jwks = '{json.dumps(key_set(key))}'"
    live = settings("https://issuer.example.com/", keys, "any_valid_token = true")
    results = invoke(tmp_path, live, "[require]\nscope = 1", token=mint(key, exp=YEAR_2100), times=2)
    assert [result.answer["isAuthorized"] for result in results] == [True, True]
    told = [line for result in results for line in shadow_lines(result)]
    assert [line["message"] for line in told] == ["shadow: settings are wrong"]
