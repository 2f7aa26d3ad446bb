from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from authorizer import handler
from authorizer.errors import ConfigError, EventError
from authorizer.handler import Authorizer
from authorizer.pipeline import Pipeline
from authorizer.reasons import Reason
from authorizer.response import Unauthorized
from authorizer.section import Section
from authorizer.settings import read
from authorizer.surface import Api, Surface
from authorizer.testing import Call, SigningKey, key_set, mint
from tests.entries import ENTRIES, NAMES, Entry, allows
from tests.outcomes import event_error

if TYPE_CHECKING:
    from pathlib import Path

    from authorizer.settings import Settings

each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=NAMES)
PROGRAM = """
import json, sys
from authorizer import handler
assert not set(vars(handler)) & {"rest", "websocket", "http", "http_policy"}, "built before it is asked for"
first = getattr(handler, sys.argv[1])
assert first is getattr(handler, sys.argv[1]), "built once"
assert {"rest", "websocket", "http", "http_policy"} <= set(vars(handler)), "built together"
print(json.dumps(first(json.load(sys.stdin), None)))
"""


def settings(key: SigningKey, **tables: Any) -> dict[str, Any]:
    issuer = {
        "kind": "jwt",
        "issuer": "https://issuer.example.com/",
        "audience": ["orders-api"],
        "jwks": json.dumps(key_set(key)),
    }
    return {"issuer": [issuer], "require": {"any_valid_token": True}, "log": {"service": "handler-tests"}, **tables}


def settings_of(key: SigningKey, **tables: Any) -> Settings:
    return read(Section(settings(key, **tables)))


def toml(key: SigningKey) -> str:
    return f"""
    [[issuer]]
    kind = "jwt"
    issuer = "https://issuer.example.com/"
    audience = ["orders-api"]
    jwks = '{json.dumps(key_set(key))}'
    [require]
    any_valid_token = true
    """


def arn(event: Any) -> str:
    return str(event.get("routeArn") or event["methodArn"])


def start(name: str, event: object, **environment: str) -> subprocess.CompletedProcess[str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("AUTHORIZER_")}
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, name],
        input=json.dumps(event),
        env=plain | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@each_entry
def test_method_answers_its_events(entry: Entry, key: SigningKey) -> None:
    event = entry.build(mint(key))
    answer = getattr(Authorizer.from_config(settings(key)), entry.method)(event, None)
    assert allows(answer, arn(event))
    assert ("isAuthorized" in answer) == entry.simple


@each_entry
def test_method_answers_no_other_events(entry: Entry, key: SigningKey) -> None:
    answered = {one.surface for one in ENTRIES if one.method == entry.method}
    method = getattr(Authorizer.from_config(settings(key)), entry.method)
    for other in ENTRIES:
        if other.surface not in answered:
            with event_error(Reason.EVENT_FOR_ANOTHER_FUNCTION):
                method(other.build(mint(key)), None)


@each_entry
def test_refused_credential_gets_what_is_usual_for_the_api(entry: Entry, key: SigningKey) -> None:
    method = getattr(Authorizer.from_config(settings(key)), entry.method)
    event = entry.build(mint(key, exp=1))
    if entry.surface.api is Api.HTTP:
        assert method(event)["context"] == {"reason": "token_expired", "error": "invalid_token"}
        return
    with pytest.raises(Unauthorized) as caught:
        method(event)
    assert str(caught.value) == "Unauthorized"


@each_entry
def test_status_and_place_of_each_api_are_its_own(entry: Entry, key: SigningKey) -> None:
    api = entry.surface.api.value
    tables = {"answers": {api: 403}, "credential": {api: ["header:x-token"]}}
    method = getattr(Authorizer.from_config(settings(key, **tables)), entry.method)
    right = (
        entry.build(raw=mint(key))
        if entry.surface is Surface.REST_TOKEN
        else entry.build(mint(key), Call(place="header:X-Token"))
    )
    assert allows(method(right), arn(right))
    if entry.surface.has_fields:
        assert method(entry.build(mint(key)))["context"]["reason"] == "credential_misplaced"


@each_entry
def test_every_setting_of_rules_counts(entry: Entry, key: SigningKey) -> None:
    made = Authorizer.from_config(settings(key, require={"scopes": ["orders:write"]}))
    assert getattr(made, entry.method)(entry.build(mint(key)))["context"]["reason"] == "scope_insufficient"


def test_request_id_of_the_function_is_taken_from_the_context(
    key: SigningKey, capsys: pytest.CaptureFixture[str]
) -> None:
    class Context:
        aws_request_id = "function-request-7"

    made = Authorizer.from_config(settings(key, log={"service": "handler-request-id"}))
    for context in (Context(), object(), None):
        made.http(ENTRIES[3].build(mint(key)), context)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line.get("function_request_id") for line in lines] == ["function-request-7", None, None]


def test_settings_may_be_a_file(key: SigningKey, tmp_path: Path) -> None:
    file = tmp_path / "authorizer.toml"
    file.write_text(toml(key))
    for source in (file, str(file)):
        event = ENTRIES[3].build(mint(key))
        assert Authorizer.from_config(source).http(event)["isAuthorized"] is True


def test_wrong_settings_fail_when_the_handler_is_built(key: SigningKey) -> None:
    with pytest.raises(ConfigError):
        Authorizer.from_config({})


def test_unknown_entry_point_is_an_attribute_error() -> None:
    for name in ("lambda_handler", "Rest", "_http2"):
        with pytest.raises(AttributeError):
            getattr(handler, name)


def test_entry_points_together_answer_every_surface() -> None:
    assert {*handler.REST, *handler.WEBSOCKET, *handler.HTTP, *handler.HTTP_POLICY} == set(Surface)


@pytest.mark.parametrize("source", ["AUTHORIZER_CONFIG", "AUTHORIZER_CONFIG_FILE", "authorizer.toml"])
def test_entry_points_are_built_from_the_environment_at_the_first_look(
    source: str, key: SigningKey, tmp_path: Path
) -> None:
    (tmp_path / "authorizer.toml").write_text(toml(key))
    environment = {"LAMBDA_TASK_ROOT": str(tmp_path)}
    if source != "authorizer.toml":
        environment[source] = toml(key) if source == "AUTHORIZER_CONFIG" else "authorizer.toml"
    entry = ENTRIES[["AUTHORIZER_CONFIG", "AUTHORIZER_CONFIG_FILE", "authorizer.toml"].index(source)]
    event = entry.build(mint(key))
    run = start(entry.method, event, **environment)
    assert run.returncode == 0, run.stderr
    assert allows(json.loads(run.stdout.splitlines()[-1]), arn(event))


@pytest.mark.parametrize(
    ("environment", "path"),
    [
        ({}, "authorizer.toml"),
        ({"AUTHORIZER_CONFIG": "["}, "AUTHORIZER_CONFIG"),
        ({"AUTHORIZER_CONFIG": "x = 1"}, "x"),
        ({"AUTHORIZER_CONFIG": "x = 1", "AUTHORIZER_SCOPES": "a"}, "environment"),
    ],
)
def test_wrong_environment_fails_at_the_start_of_the_function(
    environment: dict[str, str], path: str, tmp_path: Path
) -> None:
    run = start("http", {}, LAMBDA_TASK_ROOT=str(tmp_path), **environment)
    assert run.returncode == 1
    assert "ConfigError" in run.stderr
    assert f"{path}: found" in run.stderr


def test_short_fingerprint_key_fails_at_the_start_of_the_function(key: SigningKey) -> None:
    run = start("http", {}, AUTHORIZER_CONFIG=toml(key), AUTHORIZER_FINGERPRINT_KEY="short-secret")
    assert "AUTHORIZER_FINGERPRINT_KEY: found 12 characters" in run.stderr
    assert "short-secret" not in run.stderr


def test_same_fingerprint_key_gives_the_same_fingerprint_in_every_environment(key: SigningKey) -> None:
    event = ENTRIES[3].build(mint(key))
    seen = []
    for secret in ("a" * 16, "a" * 16, "b" * 16, "", ""):
        run = start("http", event, AUTHORIZER_CONFIG=toml(key), AUTHORIZER_FINGERPRINT_KEY=secret)
        seen.append(json.loads(run.stdout.splitlines()[0])["token"])
    assert seen[0] == seen[1]
    assert len(set(seen)) == 4


def test_errors_are_not_the_text_that_means_401(key: SigningKey) -> None:
    with pytest.raises(EventError) as caught:
        Authorizer.from_config(settings(key)).rest({})
    assert str(caught.value) != "Unauthorized"


@each_entry
def test_pipeline_of_every_entry_point_is_the_one_that_answers(entry: Entry, key: SigningKey) -> None:
    pipelines = Authorizer.from_config(settings(key)).pipelines
    assert set(pipelines) == {one.method for one in ENTRIES}
    assert entry.surface in pipelines[entry.method].surfaces


@each_entry
def test_shadow_judges_at_every_entry_point_and_does_not_count(
    entry: Entry, key: SigningKey, capsys: pytest.CaptureFixture[str]
) -> None:
    candidate = Authorizer.from_config(settings(key, require={"scopes": ["orders:write"]}))
    live = settings_of(key, log={"service": f"handler-shadow-{entry.name}"})
    event = entry.build(mint(key))
    assert allows(getattr(Authorizer(live, shadow=candidate), entry.method)(event), arn(event))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["message"] for line in lines] == ["allow", "shadow: other outcome"]
    assert {line["service"] for line in lines} == {f"handler-shadow-{entry.name}"}


def test_without_a_shadow_every_pipeline_is_a_plain_one(key: SigningKey) -> None:
    assert {type(one) for one in Authorizer.from_config(settings(key)).pipelines.values()} == {Pipeline}


@pytest.mark.parametrize(
    ("candidate", "message"),
    [
        ("right", "shadow: other outcome"),
        ("[", "shadow: settings are wrong"),
        ("x = 1", "shadow: settings are wrong"),
        (None, "shadow: settings are wrong"),
        ("raises", "shadow: settings are wrong"),
    ],
)
def test_shadow_of_the_environment_never_keeps_the_function_from_its_start(
    candidate: str | None, message: str, key: SigningKey, tmp_path: Path
) -> None:
    (tmp_path / "checks_that_end_it.py").write_text("raise SystemExit(3)")
    text = toml(key).replace("any_valid_token = true", 'check = "checks_that_end_it.f"')
    texts = {"right": toml(key).replace("any_valid_token = true", 'scopes = ["none"]'), "raises": text}
    if candidate is not None:
        (tmp_path / "next.toml").write_text(texts.get(candidate, candidate))
    variables = {"AUTHORIZER_CONFIG": toml(key), "AUTHORIZER_SHADOW_FILE": "next.toml", "PYTHONPATH": str(tmp_path)}
    run = start("http", ENTRIES[3].build(mint(key)), LAMBDA_TASK_ROOT=str(tmp_path), **variables)
    assert run.returncode == 0, run.stderr
    *lines, answer = map(json.loads, run.stdout.splitlines())
    assert answer["isAuthorized"] is True
    assert sorted(line["message"] for line in lines) == ["allow", message]
