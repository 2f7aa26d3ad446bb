"""Who passes: every kind of token of every kind of issuer, every algorithm, and what may be left out of a token."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from authorizer.testing import ALGORITHMS, cognito_client_credentials_claims, mint
from authorizer.tools.events.apis import ADMIN, ALL, FILE, ORDER, WITH_PATH, on, spread
from authorizer.tools.events.issuers import ADMINS, AUDIENCE, ISSUED, LOGIN_CLAIMS, SCOPE, UNTIL, USERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.testing import SigningKey
    from authorizer.tools.events.apis import Sample
    from authorizer.tools.events.issuers import Issuers

_MULTI_REGION: Final = f"https://issuer-cognito-idp.eu-west-1.amazonaws.com/{USERS}"


def samples(issuers: Issuers) -> Iterator[Sample]:
    """The cases of this family."""
    for name, token in _kinds(issuers).items():
        yield from on(ALL, name, token)
    yield from _id_tokens(issuers)
    for name, token in {**_algorithms(issuers), **_headers(issuers), **_claims(issuers)}.items():
        yield from on(spread(name), name, token)
    yield from _groups(issuers)
    name, create = "allow-any-scope", replace(ORDER, method="POST", path="/orders")
    yield from on(spread(name, WITH_PATH), name, issuers.login(scope="orders/all"), create)


def _kinds(issuers: Issuers) -> dict[str, str]:
    machine = cognito_client_credentials_claims(now=ISSUED, exp=UNTIL, scope=SCOPE)
    return {
        "allow-jwt-access-token": issuers.login(),
        "allow-oidc-access-token-rfc9068": issuers.partner(),
        "allow-cognito-access-token": issuers.user(),
        "allow-cognito-client-credentials": mint(issuers.keys["users"], machine, header={"typ": ...}),
        "allow-cognito-resource-bound": issuers.bound_member(),
    }


def _id_tokens(issuers: Issuers) -> Iterator[Sample]:
    """An ID token passes where no scopes are asked for, or when a pre token generation trigger adds some."""
    yield from on(WITH_PATH, "allow-cognito-id-token", issuers.member(), FILE)
    yield from on(["websocket"], "allow-cognito-id-token", issuers.member(scope=SCOPE))


def _algorithms(issuers: Issuers) -> dict[str, str]:
    known = [name for name in ALGORITHMS if name != "ES512"]
    return {f"allow-alg-{name.lower()}": mint(_key(issuers, name), LOGIN_CLAIMS) for name in known}


def _key(issuers: Issuers, algorithm: str) -> SigningKey:
    kids = {"RS": "rsa", "PS": "rsa", "ES256": "p256", "ES384": "p384", "Ed": "ed"}
    kid = kids.get(algorithm) or kids[algorithm[:2]]
    return replace(issuers.keys[kid], algorithm=algorithm)


def _headers(issuers: Issuers) -> dict[str, str]:
    elsewhere = "https://attacker.example.com/jwks.json"
    return {
        "allow-no-kid-and-one-fitting-key": issuers.login("p256", header={"kid": ...}),
        "allow-no-typ": issuers.login(header={"typ": ...}),
        "allow-typ-with-prefix": issuers.login(header={"typ": "application/at+jwt"}),
        "allow-typ-in-upper-case": issuers.partner(header={"typ": "AT+JWT"}),
        "allow-jku-ignored": issuers.login(header={"jku": elsewhere, "x5u": elsewhere}),
        "allow-unknown-header-parameter": issuers.login(header={"pi.atm": "v1"}),
    }


def _claims(issuers: Issuers) -> dict[str, str]:
    return {
        "allow-audience-list": issuers.login(aud=["https://login.example.com/userinfo", AUDIENCE]),
        "allow-fractional-times": issuers.login(exp=UNTIL + 0.5, iat=ISSUED + 0.25),
        "allow-no-iat-and-no-nbf": issuers.login(iat=..., nbf=...),
        "allow-scopes-in-scp-list": issuers.login(scope=..., scp=["openid", SCOPE]),
        "allow-scopes-in-scp-text": issuers.login(scope=..., scp=f"openid {SCOPE}"),
        "allow-second-expected-value": issuers.partner(tenant="south"),
        "allow-cognito-multi-region-issuer": issuers.user(iss=_MULTI_REGION),
        "allow-context-number": issuers.login(tenant=42),
        "allow-subject-of-255-characters": issuers.login(sub="s" * 255),
        "allow-non-ascii-claim": issuers.login(name="Zo\u00eb M\u00fcller"),
    }


def _groups(issuers: Issuers) -> Iterator[Sample]:
    yield from on(WITH_PATH, "allow-group", issuers.login(groups=["readers", ADMINS]), ADMIN)
    tokens = {
        "allow-group-as-text": issuers.login(groups=ADMINS),
        "allow-cognito-group": issuers.user(**{"cognito:groups": [ADMINS]}),
    }
    for name, token in tokens.items():
        yield from on(spread(name, WITH_PATH), name, token, ADMIN)
