from __future__ import annotations

import json
from typing import Any

import pytest

from authorizer import config
from authorizer.errors import ConfigError
from authorizer.section import Section
from authorizer.usage_key import UsageKey
from authorizer.usage_key_settings import parse_keys, read_usage_key, supplied
from tests.outcomes import outcome

VARIABLE = "AUTHORIZER_USAGE_KEYS"
GOLD, FREE = "gold-key-0123456789_A", "free-key-0123456789_B"
KEYS = {"gold": GOLD, "free": FREE}


def read(usage_key: Any) -> UsageKey | None:
    root = Section({"usage_key": usage_key})
    made = read_usage_key(root)
    root.finish()
    root.raise_problems()
    return made


def wrong(usage_key: Any) -> list[str]:
    """The places of the problems, whose text must not show a key."""
    found = outcome(lambda: read(usage_key), ConfigError)
    assert isinstance(found, ConfigError)
    assert "key-0123456789" not in f"{found!s} {found!r}"
    return [problem.path for problem in found.problems]


def test_nobody_asks_for_keys() -> None:
    assert read_usage_key(Section({})) is None
    assert supplied(None) is None


def test_settings_are_read() -> None:
    assert read({"claim": "api_key"}) == UsageKey(claim="api_key")
    assert read({"claim": "tier", "keys": KEYS}) == UsageKey(claim="tier", keys=KEYS)
    assert read({"claim": "tier", "keys": KEYS, "default": "free"}) == UsageKey(claim="tier", keys=KEYS, default="free")
    waiting = UsageKey(claim="tier", default="free", from_environment=True)
    assert read({"claim": "tier", "keys_from": VARIABLE, "default": "free"}) == waiting


BAD: list[tuple[str, Any]] = [
    ("usage_key", GOLD),
    ("usage_key", []),
    ("usage_key.claim", {}),
    ("usage_key.claim", {"claim": ""}),
    ("usage_key.keys", {"claim": "tier", "keys": {}}),
    ("usage_key.keys", {"claim": "tier", "keys": GOLD}),
    ("usage_key.keys", {"claim": "tier", "keys": [GOLD]}),
    ("usage_key.keys", {"claim": "tier", "keys": {"gold": GOLD + "!"}}),
    ("usage_key.keys", {"claim": "tier", "keys": {GOLD: "gold"}}),
    ("usage_key.keys", {"claim": "tier", "keys": {"gold": 5}}),
    ("usage_key.keys", {"claim": "tier", "keys": KEYS, "keys_from": VARIABLE}),
    ("usage_key.keys_from", {"claim": "tier", "keys_from": "MY_KEYS"}),
    ("usage_key.keys_from", {"claim": "tier", "keys_from": [GOLD]}),
    ("usage_key.default", {"claim": "tier", "default": "free"}),
    ("usage_key.default", {"claim": "api_key", "default": GOLD}),
    ("usage_key.default", {"claim": "tier", "keys": KEYS, "default": "silver"}),
    ("usage_key.default", {"claim": "tier", "keys": KEYS, "default": GOLD}),
    ("usage_key.default", {"claim": "tier", "keys": KEYS, "default": [GOLD]}),
    ("usage_key.default", {"claim": "tier", "keys_from": VARIABLE, "default": GOLD}),
    ("usage_key.key", {"claim": "tier", "key": GOLD}),
]


@pytest.mark.parametrize(("path", "table"), BAD, ids=range(len(BAD)))
def test_wrong_settings_are_named_without_a_key(path: str, table: object) -> None:
    assert wrong(table) == [path]


def test_key_in_the_place_of_a_name_is_not_shown() -> None:
    found = outcome(lambda: read({"claim": "tier", "keys": {GOLD: "gold", "bronze": "short"}}), ConfigError)
    assert isinstance(found, ConfigError)
    assert [problem.found for problem in found.problems] == [
        "number 1 with another value",
        "'bronze' with another value",
    ]


def test_variable_holds_keys_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, json.dumps(KEYS))
    assert supplied(UsageKey(claim="tier", from_environment=True)) == UsageKey(claim="tier", keys=KEYS)
    assert supplied(given := UsageKey(claim="api_key")) is given


def test_variable_that_is_asked_for_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "")
    with pytest.raises(ConfigError) as caught:
        supplied(UsageKey(claim="tier", from_environment=True))
    assert [problem.path for problem in caught.value.problems] == [VARIABLE]


@pytest.mark.parametrize(
    "text",
    [
        GOLD,
        "[",
        f'"{GOLD}"',
        f'["{GOLD}"]',
        "{}",
        "null",
        "5",
        f'{{"gold": "{GOLD}!"}}',
        f'{{"{GOLD}": 5}}',
        "[" * 100_000,
    ],
    ids=lambda text: text[:12],
)
def test_variable_that_holds_no_keys_is_a_problem_without_a_key(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_keys(text)
    assert [problem.path for problem in caught.value.problems] == [VARIABLE]
    assert "key-0123456789" not in str(caught.value)


def test_variable_goes_with_every_source() -> None:
    keys = {VARIABLE: json.dumps(KEYS)}
    assert "require" in config.from_environment({"AUTHORIZER_CONFIG": "[require]\nany_valid_token = true"} | keys)
    assert "require" in config.from_environment({"AUTHORIZER_SCOPES": "a"} | keys)
    assert config.usage_keys(keys) == keys[VARIABLE]
    assert config.usage_keys({}) == ""
