from __future__ import annotations

from typing import Any

import pytest

from authorizer.errors import ConfigError
from authorizer.model import Principal, VerifiedClaims
from authorizer.reasons import Reason
from authorizer.usage_key import MAX_LENGTH, MIN_LENGTH, UsageKey, fits
from tests.outcomes import every_text, problem_paths, refused

GOLD, FREE = "gold-key-0123456789_A", "free-key-0123456789_B"
DIRECT = UsageKey(claim="api_key")
TIERS = UsageKey(claim="tier", keys={"gold": GOLD, "free": FREE})
WITH_DEFAULT = UsageKey(claim="tier", keys={"gold": GOLD, "free": FREE}, default="free")
WAITING = UsageKey(claim="tier", default="free", from_environment=True)


def who(**claims: Any) -> Principal:
    return Principal(subject="user-1", claims=VerifiedClaims(claims))


def test_claim_is_the_key_itself() -> None:
    assert DIRECT.of(who(api_key=GOLD)) == GOLD
    assert DIRECT.of(who(tier="gold")) is None


@pytest.mark.parametrize(("tier", "key"), [("gold", GOLD), ("free", FREE), ("Gold", None), ("", None), (GOLD, None)])
def test_claim_names_a_key(tier: str, key: str | None) -> None:
    assert TIERS.of(who(tier=tier)) == key
    assert WITH_DEFAULT.of(who(tier=tier)) == (key or FREE)


@pytest.mark.parametrize("claims", [{}, {"tier": None}])
def test_without_the_claim_the_default_counts(claims: dict[str, Any]) -> None:
    assert TIERS.of(who(**claims)) is None
    assert WITH_DEFAULT.of(who(**claims)) == FREE


@pytest.mark.parametrize("value", ["short", "", 5, True, [GOLD], {}, GOLD + " ", "é" * 30, "a\n" * 20, "a" * 129])
def test_claim_that_can_be_no_key_is_refused_without_being_shown(value: object) -> None:
    with refused(Reason.CONTEXT_VALUE_INVALID) as caught:
        DIRECT.of(who(api_key=value))
    assert caught.value.fault.claim == "api_key"
    assert GOLD not in every_text(caught.value)
    assert "short" not in every_text(caught.value)


@pytest.mark.parametrize("value", [5, True, ["gold"], {"gold": 1}])
@pytest.mark.parametrize("usage_key", [TIERS, WITH_DEFAULT])
def test_tier_is_text(usage_key: UsageKey, value: object) -> None:
    with refused(Reason.CONTEXT_VALUE_INVALID):
        usage_key.of(who(tier=value))


@pytest.mark.parametrize(
    ("value", "fit"),
    [
        ("a" * MIN_LENGTH, True),
        ("a" * (MIN_LENGTH - 1), False),
        ("a" * MAX_LENGTH, True),
        ("a" * (MAX_LENGTH + 1), False),
        ("6f1e2c3d-4b5a-4678-9abc-def012345678", True),
        ("-" * MIN_LENGTH, False),
        ("a b" * 10, False),
        ("é" * MIN_LENGTH, False),
        ("²" * MIN_LENGTH, False),
        (12345678901234567890, False),
        (None, False),
    ],
)
def test_keys_are_of_a_certain_form(value: object, fit: bool) -> None:
    assert fits(value) is fit


def test_keys_of_the_environment_are_supplied_once() -> None:
    supplied = WAITING.supplied({"gold": GOLD, "free": FREE})
    assert (supplied.of(who(tier="gold")), supplied.of(who())) == (GOLD, FREE)
    assert supplied.supplied(None) is supplied
    assert TIERS.supplied(None) is TIERS


def test_keys_that_are_not_supplied_are_a_problem_and_not_another_meaning() -> None:
    assert problem_paths(lambda: WAITING.supplied(None)) == ["AUTHORIZER_USAGE_KEYS"]
    assert problem_paths(lambda: WAITING.supplied({"gold": GOLD})) == ["usage_key.default"]
    with pytest.raises(ConfigError):
        WAITING.of(who(tier=GOLD))


def test_no_key_is_shown() -> None:
    for usage_key in (TIERS, WITH_DEFAULT, WAITING.supplied({"free": FREE})):
        assert GOLD not in f"{usage_key!r} {usage_key}"
        assert FREE not in f"{usage_key!r} {usage_key}"
