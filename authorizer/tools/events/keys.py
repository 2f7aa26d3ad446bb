"""Which key a token names, and whether that key may be used: the members of one key set, good and bad."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from authorizer.testing import mint, raw_token
from authorizer.testing.compact import compact_json
from authorizer.testing.mint import header_bytes
from authorizer.tools.events.apis import ALL, on, spread
from authorizer.tools.events.issuers import LOGIN_CLAIMS, PARTNER_CLAIMS, user_claims

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.events.apis import Sample
    from authorizer.tools.events.issuers import Issuers

_EVERYWHERE: Final = ("key_unknown",)


def samples(issuers: Issuers) -> Iterator[Sample]:
    """The cases of this family. All tokens are signed by the key they name, as far as anyone has it."""
    for name, token in {**_unknown(issuers), **_unusable(issuers), **_mismatched(issuers)}.items():
        yield from on(ALL if name in _EVERYWHERE else spread(name), name, token)


def _unknown(issuers: Issuers) -> dict[str, str]:
    of_login = issuers.keys["ed"]
    return {
        "key_unknown": issuers.login(header={"kid": "rotated-away"}),
        "key_unknown--path-traversal": issuers.login(header={"kid": "../../../../dev/null"}),
        "key_unknown--sql": issuers.login(header={"kid": "x' UNION SELECT 'AQAB"}),
        "key_unknown--key-of-another-issuer": mint(of_login, PARTNER_CLAIMS, header={"typ": "at+jwt"}),
        "key_unknown--other-case": issuers.login(header={"kid": "RSA"}),
        "kid_missing": issuers.login("ed", header={"kid": ...}),
    }


def _unusable(issuers: Issuers) -> dict[str, str]:
    enc, twin = issuers.keys["enc"], issuers.keys["twin"]
    small = replace(enc, kid="small-order")
    return {
        "key_weak": issuers.login(header={"kid": "tiny"}),
        # R is the neutral element and S is zero: verifies for every message under a key of small order
        "key_weak--small-order": raw_token(
            header_bytes(small, {}), compact_json(LOGIN_CLAIMS), lambda _: b"\x01" + bytes(63)
        ),
        "key_malformed": issuers.login("p256", header={"kid": "cut"}),
        "key_use_rejected": mint(enc, LOGIN_CLAIMS),
        "key_ambiguous": mint(twin, LOGIN_CLAIMS),
        "key_ambiguous--second": mint(issuers.other_twin, LOGIN_CLAIMS),
    }


def _mismatched(issuers: Issuers) -> dict[str, str]:
    rsa, p256, p384 = (issuers.keys[kid] for kid in ("rsa", "p256", "p384"))
    return {
        "alg_key_mismatch": mint(p256, LOGIN_CLAIMS, header={"kid": "rsa"}),
        "alg_key_mismatch--curve": mint(p384, LOGIN_CLAIMS, header={"kid": "p256"}),
        "alg_key_mismatch--eddsa-for-rsa": mint(issuers.keys["ed"], LOGIN_CLAIMS, header={"kid": "rsa"}),
        "alg_not_allowed": mint(replace(rsa, kid="partner"), PARTNER_CLAIMS, header={"typ": "at+jwt"}),
        "alg_not_allowed--cognito": mint(p256, user_claims(), header={"kid": "users", "typ": ...}),
        "alg_not_allowed--pss-cognito": mint(
            replace(issuers.keys["users"], algorithm="PS256"), user_claims(), header={"typ": ...}
        ),
    }
