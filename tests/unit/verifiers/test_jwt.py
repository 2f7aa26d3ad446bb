from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from authorizer import jwt
from authorizer.jose.key_source import RemoteKeys, StaticKeys
from authorizer.testing import SigningKey, key_set
from authorizer.verifiers import KINDS
from authorizer.verifiers.issuer_settings import KEY_PLACES
from tests.outcomes import problem_paths


@pytest.mark.parametrize(
    "issuer", ["https://x.example.com/", "http://x.example.com", "x", "urn:example:issuer", "é", " x"]
)
def test_issuer_is_any_text_because_nothing_is_fetched_from_it(issuer: str, key: SigningKey) -> None:
    made = jwt(issuer, audience=["a"], jwks=key_set(key))
    assert made.issuers == (issuer,)
    assert isinstance(made.keys, StaticKeys)


def test_keys_behind_a_url_are_fetched() -> None:
    assert isinstance(jwt("x", audience=["a"], jwks_uri="https://x.example.com/keys").keys, RemoteKeys)


def test_keys_are_given_in_exactly_one_place(key: SigningKey) -> None:
    given: dict[str, Any] = {"jwks_uri": "https://x.example.com/", "jwks_file": "x", "jwks": key_set(key)}
    assert set(given) == set(KEY_PLACES)
    assert problem_paths(lambda: jwt("x", audience=["a"])) == ["jwt.jwks_uri"]
    for one, other in (("jwks_uri", "jwks_file"), ("jwks_uri", "jwks"), ("jwks_file", "jwks")):
        options = {one: given[one], other: given[other]}
        assert problem_paths(partial(jwt, "x", audience=["a"], **options))[0] == f"jwt.{one}"


def test_every_kind_is_in_the_table() -> None:
    assert set(KINDS) == {"cognito", "oidc", "jwt"}
