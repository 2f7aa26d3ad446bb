from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING

import pytest

from authorizer.surface import Surface
from authorizer.testing import key_set
from authorizer.tools.entry_point import EntryPoint
from authorizer.tools.explain.deployment import deployment, known_keys
from authorizer.tools.explain.explanation import explain_token
from authorizer.tools.explain.finding import NOT_ASKED
from authorizer.tools.function_environment import FunctionEnvironment
from authorizer.tools.terminal import CommandError
from tests.unit.tools.explain.sample_deployment import ISSUER, NOW, codes, functions, signing_keys, token

if TYPE_CHECKING:
    from pathlib import Path

REMOTE = f"""
[[issuer]]
kind = "jwt"
issuer = "{ISSUER}"
audience = ["orders-api"]
algorithms = ["ES256"]
jwks_uri = "https://localhost:1/jwks.json"
SNAPSHOT
[require]
any_valid_token = true
"""
OWN_KEY = json.dumps(key_set(signing_keys()["own"]))


def environment(text: str) -> FunctionEnvironment:
    return FunctionEnvironment(variables={"AUTHORIZER_CONFIG": text})


def remote(snapshot: Path | None = None) -> str:
    return REMOTE.replace("SNAPSHOT", f'[issuer.keys]\nsnapshot = "{snapshot}"' if snapshot else "")


@pytest.mark.parametrize("entry_point", EntryPoint)
def test_every_entry_point_has_its_pipeline(entry_point: EntryPoint) -> None:
    made = functions()
    for surface in made.pipeline(entry_point).surfaces:
        assert surface in made.pipeline_of(surface).surfaces


@pytest.mark.parametrize("surface", Surface)
def test_every_surface_is_answered(surface: Surface) -> None:
    assert surface in functions().pipeline_of(surface).surfaces


def test_wrong_settings_are_told_problem_by_problem() -> None:
    with pytest.raises(CommandError) as caught:
        deployment(environment("[require]\nany_valid_token = 7\nno_such = 1"), NOW)
    _, *problems = str(caught.value).splitlines()
    places = {problem.partition(":")[0] for problem in problems}
    assert {"issuer", "require.any_valid_token", "require.no_such"} <= places
    assert all("right would be" in problem for problem in problems)
    assert "--env-vars" in caught.value.hint


def test_keys_are_fetched_as_the_function_does() -> None:
    explained = explain_token(token(exp=1), deployment(environment(remote()), NOW))
    assert (codes(explained), explained.decision) == (["keys_unreachable", "token_expired"], "error")
    assert explained.findings[0].fault.found != NOT_ASKED


def test_offline_fetches_nothing() -> None:
    explained = explain_token(token(exp=1), deployment(environment(remote()), NOW, offline=True))
    assert (codes(explained), explained.decision) == (["keys_unreachable", "token_expired"], "error")
    assert explained.findings[0].fault.found == NOT_ASKED


def test_offline_uses_the_keys_that_are_there(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    date = "2026-11-20T00:00:00Z"
    document = key_set(signing_keys()["own"]) | {"issuer": ISSUER, "fetched_at": date}
    file.write_text(json.dumps(document))
    made = deployment(environment(remote(file)), NOW, offline=True)
    assert explain_token(token(), made).decision == "allow"
    assert codes(explain_token(token("stranger"), made)) == ["keys_unreachable"]
    issuer = made.issuers[0]
    assert known_keys(issuer) is not None


def test_static_keys_are_there_offline() -> None:
    text = REMOTE.replace('jwks_uri = "https://localhost:1/jwks.json"', f"jwks = '{OWN_KEY}'")
    made = deployment(environment(text.replace("SNAPSHOT", "")), NOW, offline=True)
    assert explain_token(token(), made).decision == "allow"


def test_fingerprint_key_of_the_function_that_is_wrong_is_told() -> None:
    variables = {"AUTHORIZER_CONFIG": remote(), "AUTHORIZER_FINGERPRINT_KEY": "short-secret"}
    with pytest.raises(CommandError) as caught:
        deployment(FunctionEnvironment(variables=variables), NOW)
    assert "AUTHORIZER_FINGERPRINT_KEY" in str(caught.value)
    assert "short-secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AUTHORIZER_FINGERPRINT_KEY", "short"),
        ("AUTHORIZER_SCOPES", "another"),
        ("POWERTOOLS_LOG_LEVEL", "nonsense"),
        ("POWERTOOLS_LOGGER_SAMPLE_RATE", "nonsense"),
        ("AWS_LAMBDA_LOG_LEVEL", "ERROR"),
    ],
)
def test_variables_of_the_users_own_shell_do_not_matter(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    text = remote().replace('jwks_uri = "https://localhost:1/jwks.json"', f"jwks = '{OWN_KEY}'")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert explain_token(token(), deployment(environment(text), NOW)).decision == "allow"
