from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authorizer.jose import key_set, signature
from authorizer.jose import token as compact
from authorizer.testing import ALGORITHMS, mint
from authorizer.tools.explain_template.supposed import supposed
from authorizer.tools.gateway.native_jwt_rest import JWT_ALGORITHMS

if TYPE_CHECKING:
    from authorizer.testing import SigningKey


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256"])
def test_copy_is_signed_and_says_the_same(algorithm: str, keys: dict[str, SigningKey]) -> None:
    text = mint(keys[algorithm])
    copy = supposed(text)
    seen = compact.parse(copy.token)
    assert copy.token.rpartition(".")[0] == text.rpartition(".")[0]
    assert copy.token != text
    public = key_set.build(copy.key_set("anybody")["keys"]).find(seen.header)
    assert signature.prove(seen, public) == compact.parse(text).claims


def test_issuers_key_is_none_of_its_keys(keys: dict[str, SigningKey]) -> None:
    key = keys["RS256"]
    assert supposed(mint(key)).published["keys"][0]["n"] != key.jwk()["n"]


def test_token_without_kid_stays_as_it_is(keys: dict[str, SigningKey]) -> None:
    text = mint(keys["RS256"], header={"kid": ...})
    assert supposed(text).token == text


@given(st.text())
def test_text_that_is_no_token_stays_as_it_is(text: str) -> None:
    assert supposed(text).token == text


def test_nothing_of_the_token_is_in_its_repr(keys: dict[str, SigningKey]) -> None:
    text = mint(keys["RS256"])
    shown = repr(supposed(text))
    assert not [part for part in text.split(".") if part in shown]


def test_every_algorithm_of_jwt_authorizers_can_be_supposed() -> None:
    assert set(JWT_ALGORITHMS) <= set(ALGORITHMS)
