from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.errors import Unavailable
from authorizer.jose import key_set
from authorizer.jose.key_source import Freshness, RemoteKeys
from authorizer.jose.token import Header
from authorizer.reasons import Reason
from authorizer.testing import key_set as jwks
from authorizer.testing import mint
from authorizer.tools.explain.deployment import Deployment, known_keys
from authorizer.tools.explain.explanation import explain_token
from authorizer.tools.explain.near_miss import NearMiss
from tests.unit.tools.explain.sample_deployment import (
    ISSUER,
    NOW,
    REALM,
    codes,
    functions,
    near_misses,
    of_token,
    signing_keys,
    token,
)

if TYPE_CHECKING:
    from authorizer.jose.fetch import Deadline
    from authorizer.jose.key_set import KeySet


@dataclass
class Published:
    """A key set behind a URL; counts how often it is fetched."""

    keys: KeySet | None
    fetches: int = 0

    def __call__(self, _: Deadline) -> KeySet:
        self.fetches += 1
        if self.keys is None:
            raise Unavailable(Reason.KEYS_UNREACHABLE)
        return self.keys


def published(kid: str) -> Published:
    return Published(key_set.build(jwks(signing_keys()[kid])["keys"]))


def with_remote_keys(own: Published, other: Published) -> Deployment:
    """The first two issuers publish their keys."""
    made = functions()
    first, second, *others = made.issuers
    remote = [replace(first, keys=RemoteKeys(own, Freshness())), replace(second, keys=RemoteKeys(other, Freshness()))]
    issuers = [*remote, *others]
    trusted = type(made.trusted)(issuers)
    pipelines = {name: replace(one, verifiers=[trusted]) for name, one in made.pipelines.items()}
    return replace(made, issuers=issuers, pipelines=pipelines)


def test_issuer_and_kid_of_the_signer_are_named() -> None:
    (note,) = of_token(token("realm")).notes
    assert note.near_miss is NearMiss.KEY_OF_OTHER_ISSUER
    assert REALM in note.detail
    assert "realm" in note.detail


@pytest.mark.parametrize("kid", ["realm", "shared"])
def test_kid_of_another_issuer_is_nothing_where_the_signature_is_nobodys(kid: str) -> None:
    assert near_misses(of_token(mint(signing_keys()["stranger"], now=NOW, header={"kid": kid}))) == []


def test_key_that_shares_its_kid_is_known_by_the_signature() -> None:
    (note,) = of_token(token("shared-of-realm")).notes
    assert (note.near_miss, REALM in note.detail) == (NearMiss.KEY_OF_OTHER_ISSUER, True)


@pytest.mark.parametrize("iss", [..., 5, [ISSUER]])
def test_token_that_names_no_issuer_is_not_called_another_issuers(iss: Any) -> None:
    assert near_misses(of_token(token(iss=iss))) == []


def test_missing_kid_is_near_to_the_key_that_signed() -> None:
    explained = of_token(token("next", header={"kid": ...}))
    assert (codes(explained), near_misses(explained)) == (["kid_missing"], [NearMiss.KEY_OF_OTHER_KID.value])


def test_signer_of_a_token_of_an_unknown_issuer_is_named() -> None:
    explained = of_token(token(iss="https://nobody.example.net/"))
    (note,) = explained.notes
    assert note.near_miss is NearMiss.KEY_OF_OTHER_ISSUER
    assert ISSUER in note.detail


def test_good_token_asks_its_own_issuer_only() -> None:
    own, other = published("own"), published("realm")
    assert explain_token(token(exp=1), with_remote_keys(own, other)).decision == "deny"
    assert (own.fetches, other.fetches) == (1, 0)


def test_unknown_key_asks_the_named_issuer_only() -> None:
    own, other = published("own"), published("realm")
    explained = explain_token(token("realm"), with_remote_keys(own, other))
    assert (codes(explained), near_misses(explained)) == (["key_unknown"], [])
    assert (own.fetches, other.fetches) == (1, 0)


def test_keys_of_others_that_are_there_are_used() -> None:
    own, other = published("own"), published("realm")
    made = with_remote_keys(own, other)
    explain_token(token("realm", iss=REALM), made)
    explained = explain_token(token("realm"), made)
    assert (codes(explained), near_misses(explained)) == (["key_unknown"], [NearMiss.KEY_OF_OTHER_ISSUER.value])
    assert (own.fetches, other.fetches) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "fetches"),
    [
        ({"iss": "https://nobody.example.net/"}, 0),
        ({"iss": ...}, 0),
        ({"iss": ISSUER.replace("https", "http")}, 1),
        ({"header": {"alg": "none"}}, 0),
        ({"header": {"alg": "RS256"}}, 0),
        ({"iss": ISSUER[:-1], "header": {"alg": "RS256"}}, 0),
    ],
    ids=["unknown", "missing", "almost", "none", "not-allowed", "almost-not-allowed"],
)
def test_nothing_is_fetched_that_the_function_would_not_ask(changes: dict[str, Any], fetches: int) -> None:
    own, other = published("own"), published("realm")
    assert explain_token(token(**changes), with_remote_keys(own, other)).decision == "deny"
    assert (own.fetches, other.fetches) == (fetches, 0)


def test_keys_that_cannot_be_had_leave_the_signature_open() -> None:
    other = published("realm")
    explained = explain_token(token(exp=NOW - 74), with_remote_keys(Published(None), other))
    assert (codes(explained), explained.decision) == (["keys_unreachable", "token_expired"], "error")
    assert explained.findings[1].unproven
    assert near_misses(explained) == [NearMiss.EXPIRED_JUST_NOW.value]
    assert other.fetches == 0


def test_known_keys_ask_nobody() -> None:
    own = published("own")
    issuer = with_remote_keys(own, published("realm")).issuers[0]
    assert (known_keys(issuer), own.fetches) == (None, 0)
    issuer.keys.find(Header("ES256", "own", None), NOW)
    assert (known_keys(issuer), own.fetches) == (own.keys, 1)
