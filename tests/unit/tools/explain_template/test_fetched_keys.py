from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from authorizer.errors import Unavailable
from authorizer.reasons import Reason
from authorizer.tools.explain_template.fetched_keys import FetchedKeys, NoKeys
from authorizer.tools.gateway.issuers import Unreachable

if TYPE_CHECKING:
    from authorizer.jose.fetch import Deadline

ISSUER = "https://issuer.example.com/"
METADATA = "https://issuer.example.com/.well-known/openid-configuration"
KEYS = "https://keys.example.com/jwks"
POOL = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI"
OTHER_FORM = "https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI"
SET = {"keys": [{"kty": "RSA"}]}


class Web:
    """Documents by URL."""

    def __init__(self, **documents: bytes) -> None:
        self.documents = {name.replace("_", "-"): body for name, body in documents.items()}
        self.got: list[str] = []

    def __call__(self, url: str, deadline: Deadline) -> bytes:
        assert deadline.remaining() > 0
        self.got.append(url)
        name = "keys" if url.endswith(("jwks", "jwks.json")) else "discovery"
        if name not in self.documents:
            raise Unavailable(Reason.KEYS_STATUS)
        return self.documents[name]


def discovery(issuer: str = ISSUER, jwks_uri: str = KEYS) -> bytes:
    return json.dumps({"issuer": issuer, "jwks_uri": jwks_uri}).encode()


def test_keys_are_those_that_discovery_names() -> None:
    web = Web(discovery=discovery(), keys=json.dumps(SET).encode())
    assert FetchedKeys(web).key_set(ISSUER) == SET
    assert web.got == [METADATA, KEYS]


@pytest.mark.parametrize("issuer", [POOL, OTHER_FORM])
def test_keys_of_a_pool_are_in_one_place(issuer: str) -> None:
    web = Web(keys=json.dumps(SET).encode())
    assert FetchedKeys(web).key_set(issuer) == SET
    assert web.got == [f"{POOL}/.well-known/jwks.json"]


def test_issuer_is_asked_once() -> None:
    web = Web(discovery=discovery(), keys=json.dumps(SET).encode())
    issuers = FetchedKeys(web)
    assert issuers.key_set(ISSUER) == issuers.key_set(ISSUER)
    assert len(web.got) == 2


@pytest.mark.parametrize(
    ("web", "step"),
    [
        (Web(), "discovery"),
        (Web(discovery=b"[]"), "discovery"),
        (Web(discovery=discovery("https://another.example.com/")), "discovery"),
        (Web(discovery=discovery(jwks_uri="http://keys.example.com/jwks")), "discovery"),
        (Web(discovery=discovery()), "keys"),
        (Web(discovery=discovery(), keys=b"no JSON"), "keys"),
    ],
    ids=["nobody", "no_object", "other_issuer", "plain_http", "no_keys", "no_json"],
)
def test_failure_says_which_document_and_is_kept(web: Web, step: str) -> None:
    issuers = FetchedKeys(web)
    for _ in range(2):
        with pytest.raises(Unreachable, match=f"^{step}"):
            issuers.key_set(ISSUER)
    assert len(web.got) == len(set(web.got))


@pytest.mark.parametrize("issuer", ["http://issuer.example.com/", "file:///etc/passwd", "", "https://", "x"])
def test_nothing_but_https_is_fetched(issuer: str) -> None:
    with pytest.raises(Unreachable):
        FetchedKeys().key_set(issuer)


def test_offline_nobody_is_asked() -> None:
    with pytest.raises(Unreachable):
        NoKeys().key_set(ISSUER)
