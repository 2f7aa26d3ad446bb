"""Settings of any kind are read, or are a `ConfigError` that names places; never a crash, never a silent laxity."""

from __future__ import annotations

import tomllib
from copy import deepcopy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from authorizer import config
from authorizer import settings as reading
from authorizer.errors import ConfigError
from authorizer.section import Section
from authorizer.testing import SigningKey, key_set
from authorizer.variables import VARIABLES
from tests.outcomes import outcome
from tests.properties.json_values import ANY_TEXT, VALUES

NAMES = ["issuer", "route", "require", "credential", "answers", "log", "context"]
POOL = {"kind": "cognito", "user_pool_id": "eu-west-1_AbC", "client_ids": ["a"], "token_use": ["access"]}
OIDC = {"kind": "oidc", "issuer": "https://login.example.com/", "audience": ["a"], "keys": {"timeout": 1}}
WORDS = st.sampled_from(
    [
        "ANY_AUDIENCE",
        "ANY_CLIENT",
        "https://x.example.com/",
        "GET /a",
        "$default",
        "header:x",
        "all",
        "RS256",
        "rfc9068",
        "a\0b",
    ]
)
VALUE = VALUES | WORDS | st.lists(WORDS, max_size=3)


def base(key: SigningKey) -> dict[str, Any]:
    jwt = {
        "kind": "jwt",
        "issuer": "https://x/",
        "audience": ["a"],
        "jwks": key_set(key),
        "expected_claims": {"a": "b"},
    }
    return {
        "issuer": [POOL, OIDC, jwt],
        "route": [{"match": "GET /a", "scopes": ["a"]}, {"match": "$default", "public": True}],
        "credential": {"from": ["header:x"], "max_bytes": 500},
        "answers": {"rest": 403},
        "log": {"allows": 0.5, "subject": "off", "service": "x"},
        "context": {"user": "sub", "groups": {"claim": "groups", "join": ",", "max": 64, "default": ["a"]}},
    }


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for name, item in items for found in ((*path, name), *places(item, (*path, name)))]


def read(values: dict[str, Any]) -> reading.Settings | ConfigError:
    return outcome(lambda: reading.read(Section(values)), ConfigError)


def check(made: reading.Settings | ConfigError) -> None:
    if isinstance(made, ConfigError):
        assert made.problems
        assert all(problem.found for problem in made.problems)
        return
    assert made.issuers
    assert made.rules.routes or made.rules.everywhere is not None
    assert all(sources.places for sources in made.sources.values())
    for issuer in made.issuers:
        assert issuer.algorithms
        assert all(issuer.issuers)


@given(st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), VALUE, max_size=4))
def test_any_settings_are_read_or_named(values: dict[str, Any]) -> None:
    check(read(values))


@settings(max_examples=200)
@given(data=st.data(), value=VALUE)
def test_good_settings_with_one_thing_replaced_are_read_or_named(
    key: SigningKey, data: st.DataObject, value: Any
) -> None:
    values: Any = deepcopy(base(key))
    assert not isinstance(read(values), ConfigError)
    *parents, name = data.draw(st.sampled_from(places(values)))
    target = values
    for parent in parents:
        target = target[parent]
    target[name] = value
    check(read(values))


@settings(max_examples=60)
@given(data=st.data(), name=st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=12), value=VALUE)
def test_name_that_nobody_knows_is_always_named(key: SigningKey, data: st.DataObject, name: str, value: Any) -> None:
    values: Any = deepcopy(base(key))
    tables = [path for path in places(values) if len(path) == 2 and isinstance(path[1], int)] + [
        ("credential",),
        ("answers",),
        ("log",),
        (),
    ]
    target = values
    for parent in data.draw(st.sampled_from(tables)):
        target = target[parent]
    unknown = f"{name}_of_nobody"
    target[unknown] = value
    made = read(values)
    assert isinstance(made, ConfigError)
    assert any(problem.path.endswith(unknown) for problem in made.problems)


@given(ANY_TEXT | st.text('[]{}="\n.,#abc12 ', max_size=60))
def test_any_text_is_toml_or_named(text: str) -> None:
    made = outcome(lambda: config.from_environment({"AUTHORIZER_CONFIG": text or " "}), ConfigError)
    if isinstance(made, ConfigError):
        assert [problem.path for problem in made.problems] == ["AUTHORIZER_CONFIG"]
    else:
        assert tomllib.loads(text or " ") is not None


ENVIRONMENT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20) | WORDS.filter(
    lambda word: "\0" not in word
)


@settings(max_examples=100)
@given(st.dictionaries(st.sampled_from(sorted(VARIABLES)), ENVIRONMENT, max_size=6))
def test_any_variables_are_read_or_named(environ: dict[str, str]) -> None:
    made = outcome(
        lambda: reading.read(config.from_environment({"LAMBDA_TASK_ROOT": "/nowhere", **environ})), ConfigError
    )
    check(made)
