from __future__ import annotations

import pytest

from authorizer.tools.explain.issuer_notes import issuer_notes, same_issuer
from authorizer.tools.explain.near_miss import NearMiss

LOGIN = "https://login.example.com/"
REALM = "https://sso.example.com/realms/orders"
POOL = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI"
OTHER_FORM = POOL.replace("cognito-idp", "issuer-cognito-idp")
KNOWN = (LOGIN, REALM, POOL)
SPELLED: dict[str, tuple[str, set[NearMiss]]] = {
    "https://login.example.com": (LOGIN, {NearMiss.ISSUER_SLASH}),
    "https://login.example.com//": (LOGIN, {NearMiss.ISSUER_SLASH}),
    "http://login.example.com/": (LOGIN, {NearMiss.ISSUER_SCHEME}),
    "login.example.com/": (LOGIN, {NearMiss.ISSUER_SCHEME}),
    "https://Login.example.com/": (LOGIN, {NearMiss.ISSUER_CASE}),
    "HTTPS://login.example.com/": (LOGIN, {NearMiss.ISSUER_CASE}),
    "http://LOGIN.example.com": (LOGIN, {NearMiss.ISSUER_SLASH, NearMiss.ISSUER_SCHEME, NearMiss.ISSUER_CASE}),
    f"{REALM}/": (REALM, {NearMiss.ISSUER_SLASH}),
    OTHER_FORM: (POOL, {NearMiss.ISSUER_COGNITO_FORM}),
}
OTHERS: dict[str, set[NearMiss]] = {
    "https://sso.example.com/realms/billing": {NearMiss.ISSUER_HOST},
    "https://sso.example.com:8443/realms/orders": {NearMiss.ISSUER_HOST},
    "https://login.example.com/v2": {NearMiss.ISSUER_HOST},
    POOL[:-1]: {NearMiss.ISSUER_COGNITO_POOL},
    POOL.replace("eu-west-1", "eu-central-1"): {NearMiss.ISSUER_COGNITO_POOL},
    "https://login.example.net/": set(),
    "https://login.example.com.attacker.example/": set(),
    # Letter case counts in a path: realms of Keycloak have it.
    "https://sso.example.com/realms/Orders": {NearMiss.ISSUER_HOST},
    # Another host with our pool id, our region's host with a foreign one, and both in another spelling.
    POOL.replace("amazonaws.com", "evil.example"): set(),
    POOL.replace("//cognito-idp.eu-west-1", "//cognito-idp.us-east-1"): set(),
    POOL.replace("https", "http").replace("amazonaws.com", "evil.example"): set(),
    POOL.replace("eu-west-1_", "us-east-1_"): {NearMiss.ISSUER_HOST},
    # What a URL parser and a reader may understand in two ways.
    "https://login.example.com@evil.example/": set(),
    "https://user@login.example.com/": set(),
    "https://login.example.com\\@evil.example/": set(),
    "https://login.example.com/\\evil.example": set(),
    "https://login.example.com/ , or write jwks_uri": set(),
    "https://login.example.com/\x1b[2J": set(),
    "https://login.example.com#/": set(),
    "https://login.example.com\u2044/": set(),
    "https://\u017fso.example.com/realms/orders": set(),  # casefold() makes it sso
    "https://[::1": set(),
    "": set(),
    "é\x00": set(),
}


def found(name: str) -> set[NearMiss]:
    return {note.near_miss for note in issuer_notes(name, KNOWN)}


@pytest.mark.parametrize("name", SPELLED)
def test_same_issuer_in_another_spelling(name: str) -> None:
    known, near_misses = SPELLED[name]
    assert (same_issuer(name, KNOWN), found(name)) == (known, near_misses)


@pytest.mark.parametrize("name", OTHERS)
def test_another_issuer_is_not_taken_for_the_same(name: str) -> None:
    assert (same_issuer(name, KNOWN), found(name)) == (None, OTHERS[name])


def test_pool_is_near_only_where_pools_are_configured() -> None:
    assert list(issuer_notes(POOL[:-1], [LOGIN])) == []


def test_name_is_quoted_and_cut() -> None:
    (note,) = issuer_notes("https://login.example.com/" + "x" * 500, [LOGIN])
    assert '"https://login.example.com/xxx' in note.detail
    assert len(note.detail) < 400
