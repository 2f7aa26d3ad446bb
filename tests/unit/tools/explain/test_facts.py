"""What is shown of a token, and what never is."""

from __future__ import annotations

from typing import Any

import pytest

from authorizer.tools.explain.facts import distance
from tests.unit.tools.explain.sample_deployment import ISSUER, NOW, id_token, of_token, token, user_token


def shown(text: str) -> dict[str, Any]:
    facts = of_token(text).facts
    assert facts is not None
    return dict(facts)


def test_registered_names_and_times_are_shown() -> None:
    facts = shown(token(azp="web-app", aud=["orders-api", "x"]))
    assert facts["header"] == {"alg": "ES256", "kid": "own", "typ": "JWT"}
    assert facts["claims"] == {"iss": ISSUER, "aud": ["orders-api", "x"], "azp": "web-app", "scope": "orders:read"}
    assert facts["times"]["exp"] == "2026-11-23T10:05:00Z, in 5 min"
    assert facts["other_claims"] == ["sub"]
    assert (facts["signature"], facts["keys"]) == ("good", "static")


def test_claims_of_pools_are_shown() -> None:
    assert shown(user_token())["claims"]["token_use"] == "access"
    assert "email" in shown(id_token())["other_claims"]


def test_value_of_another_type_is_shown_as_its_kind() -> None:
    facts = shown(token(aud={"a": 1}, scope=["a", 1], exp="soon", iat=10**30, nbf=True))
    assert facts["claims"]["aud"] == {"kind": "an object"}
    assert facts["claims"]["scope"] == {"kind": "a list"}
    assert facts["times"] == {"iat": "a number", "nbf": "a boolean", "exp": "text"}


def test_values_are_cut() -> None:
    facts = shown(token(aud="x" * 500, scp=["y" * 500]))
    assert len(facts["claims"]["aud"]) < 200
    assert len(facts["claims"]["scp"][0]) < 200


def test_token_in_a_value_is_not_shown() -> None:
    inner = token()
    claims: dict[str, Any] = {"aud": inner, "scope": f"a {inner}", "scp": [inner], inner: 1}
    facts = shown(token(header={"kid": inner[:200]}, **claims))
    assert "eyJ" not in repr(facts)
    assert facts["claims"]["scope"] == "a [a token]"


def test_name_of_a_claim_that_names_somebody_is_masked() -> None:
    claims: dict[str, Any] = {"jane@example.com": 1, "tenant": 2}
    facts = shown(token(**claims))
    assert "jane" not in repr(facts)
    assert "tenant" in facts["other_claims"]
    assert len(facts["other_claims"]) == 3


def test_nothing_is_shown_of_no_token() -> None:
    assert of_token("opaque").facts is None


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s ago"),
        (119, "in 119 s"),
        (120, "in 2 min"),
        (-7199, "120 min ago"),
        (-7200, "2 h ago"),
        (172_799, "in 48 h"),
        (172_800, "in 2 d"),
    ],
)
def test_distance_is_told_in_the_unit_that_says_most(seconds: float, text: str) -> None:
    assert distance(seconds) == text


def test_time_is_relative_to_the_moment_that_is_explained() -> None:
    assert shown(token(exp=NOW - 3))["times"]["exp"].endswith("3 s ago")
