"""Genuine tokens of trusted issuers whose claims are not what the settings ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authorizer.testing import cognito_issuer, mint
from authorizer.testing.mint import changed
from authorizer.tools.events.apis import ALL, on, spread
from authorizer.tools.events.issuers import (
    AFTERWARDS,
    AGED_CLAIMS,
    AUDIENCE,
    BRIEF_CLAIMS,
    LAPSED,
    LOGIN_CLAIMS,
    SCOPE,
    UNTIL,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.events.apis import Sample
    from authorizer.tools.events.issuers import Issuers

_EVERYWHERE: Final = ("issuer_unknown", "audience_mismatch", "token_expired", "claim_missing", "claim_type_invalid")
_EARLIER: Final = LAPSED - 300


def samples(issuers: Issuers) -> Iterator[Sample]:
    """The cases of this family."""
    families = (_issuer, _missing, _types, _more_types, _values, _subject, _audience, _times, _spans)
    for family in families:
        for name, token in family(issuers).items():
            yield from on(ALL if name in _EVERYWHERE else spread(name), name, token)


def _issuer(issuers: Issuers) -> dict[str, str]:
    return {
        "issuer_unknown": issuers.login(iss="https://login.example.net/"),
        "issuer_unknown--no-slash-at-the-end": issuers.login(iss="https://login.example.com"),
        "issuer_unknown--missing": issuers.login(iss=...),
        "issuer_unknown--list": issuers.login(iss=["https://login.example.com/"]),
        "issuer_unknown--another-pool": issuers.user(iss=cognito_issuer("eu-west-1_ZzYyXxWwV")),
        "issuer_unknown--another-region": issuers.user(iss=cognito_issuer("eu-central-1_AbCdEfGhI")),
        "issuer_unknown--log-injection": issuers.login(iss='https://x.example.com/\r\n{"decision":"allow"}'),
    }


def _missing(issuers: Issuers) -> dict[str, str]:
    return {
        "claim_missing": issuers.login(exp=...),
        "claim_missing--cognito-exp": issuers.user(exp=...),
        "claim_missing--rfc9068-client-id": issuers.partner(client_id=...),
        "claim_missing--rfc9068-jti": issuers.partner(jti=...),
        "claim_missing--required": issuers.partner(email=...),
        "claim_missing--required-null": issuers.partner(email=None),
        "claim_missing--expected": issuers.partner(tenant=...),
        "claim_missing--iat-for-max-age": mint(issuers.keys["aged"], AGED_CLAIMS, iat=...),
    }


def _types(issuers: Issuers) -> dict[str, str]:
    times: dict[str, object] = {
        "text": str(UNTIL),
        "milliseconds": UNTIL * 1000,
        "true": True,
        "null": None,
        "negative": -1,
        "list": [UNTIL],
    }
    tokens = {f"claim_type_invalid--exp-{name}": issuers.login(exp=value) for name, value in times.items()}
    return tokens | {"claim_type_invalid": issuers.login(exp="2099-01-01T00:00:00Z")}


def _more_types(issuers: Issuers) -> dict[str, str]:
    overrides: dict[str, dict[str, object]] = {
        "iat-text": {"iat": "1704067200"},
        "nbf-object": {"nbf": {"$date": 1704067200}},
        "aud-object": {"aud": {"api": AUDIENCE}},
        "aud-list-with-number": {"aud": [AUDIENCE, 7]},
        "jti-number": {"jti": 7},
        "scope-list": {"scope": [SCOPE]},
        "groups-object": {"groups": {"admins": True}},
        "scp-number": {"scope": ..., "scp": 7},
    }
    key = issuers.keys["rsa"]
    return {
        f"claim_type_invalid--{name}": mint(key, changed(LOGIN_CLAIMS, claims)) for name, claims in overrides.items()
    }


def _values(issuers: Issuers) -> dict[str, str]:
    return {
        "claim_value_mismatch": issuers.partner(tenant="west"),
        "claim_value_mismatch--other-case": issuers.partner(tenant="North"),
        "claim_value_mismatch--list": issuers.partner(tenant=["north"]),
    }


def _subject(issuers: Issuers) -> dict[str, str]:
    return {
        "subject_missing": issuers.login(sub=...),
        "subject_missing--empty": issuers.login(sub=""),
        "subject_missing--number": issuers.login(sub=1234567890),
        "subject_missing--too-long": issuers.login(sub="s" * 256),
        "subject_missing--line-end": issuers.login(sub="user-1\nadmin"),
    }


def _audience(issuers: Issuers) -> dict[str, str]:
    return {
        "audience_missing": issuers.login(aud=...),
        "audience_missing--null": issuers.login(aud=None),
        "audience_mismatch": issuers.login(aud="billing-api"),
        "audience_mismatch--list": issuers.login(aud=["billing-api", "https://login.example.com/userinfo"]),
        "audience_mismatch--empty-list": issuers.login(aud=[]),
        "audience_mismatch--prefix": issuers.login(aud=f"{AUDIENCE}-staging"),
        "audience_mismatch--other-case": issuers.login(aud=AUDIENCE.upper()),
    }


def _times(issuers: Issuers) -> dict[str, str]:
    return {
        "token_expired": issuers.login(iat=_EARLIER, nbf=_EARLIER, exp=LAPSED),
        "token_expired--cognito": issuers.user(iat=_EARLIER, auth_time=_EARLIER, exp=LAPSED),
        "token_expired--fraction": issuers.login(iat=_EARLIER, nbf=_EARLIER, exp=LAPSED + 0.5),
        "token_expired--zero": issuers.login(exp=0),
        "token_not_yet_valid": issuers.login(nbf=UNTIL, exp=AFTERWARDS),
        "token_issued_in_future": issuers.login(iat=UNTIL, nbf=..., exp=AFTERWARDS),
        "token_issued_in_future--cognito": issuers.user(iat=UNTIL, exp=AFTERWARDS),
    }


def _spans(issuers: Issuers) -> dict[str, str]:
    return {
        "token_too_old": mint(issuers.keys["aged"], AGED_CLAIMS),
        "token_lifetime_exceeded": mint(issuers.keys["brief"], BRIEF_CLAIMS),
        "token_sender_constrained--mutual-tls": issuers.login(
            cnf={"x5t#S256": "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN"}
        ),
    }
