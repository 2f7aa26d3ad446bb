"""The token as text, before its claims count: encoding, header, algorithm, signature. Nothing else is wrong with them."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from authorizer.testing import FORGERIES, attacker_key, mint, raw_token
from authorizer.testing.compact import compact_json
from authorizer.testing.mint import header_bytes
from authorizer.tools.events.apis import ALL, on, spread
from authorizer.tools.events.issuers import LOGIN_CLAIMS, user_claims

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.testing import Forgery
    from authorizer.tools.events.apis import Sample
    from authorizer.tools.events.issuers import Issuers

_EVERYWHERE: Final = ("signature_invalid", "alg_none")


def samples(issuers: Issuers) -> Iterator[Sample]:
    """The forgeries of the test kit, made of a token that passes, and a few that need more than one key."""
    key = issuers.keys["rsa"]
    for code, forgeries in groupby(FORGERIES, lambda forgery: forgery.reason_code):
        for name, forgery in _named(code, list(forgeries)).items():
            apis = ALL if name in _EVERYWHERE else spread(name)
            yield from on(apis, name, forgery.token(key, LOGIN_CLAIMS))
    for name, token in {**_headers(issuers), **_signatures(issuers)}.items():
        yield from on(spread(name), name, token)


def _named(code: str, forgeries: list[Forgery]) -> dict[str, Forgery]:
    """The first forgery of a reason is its plain case, the others are variants."""
    first, *others = forgeries
    return {code: first} | {f"{code}--{other.name}": other for other in others}


def _headers(issuers: Issuers) -> dict[str, str]:
    plain: dict[str, dict[str, object]] = {
        "alg_none--mixed-case": {"alg": "nOnE"},
        "alg_missing--number": {"alg": 256},
        "alg_missing--empty": {"alg": ""},
        "alg_symmetric--hs512": {"alg": "HS512"},
        "alg_unsupported--es256k": {"alg": "ES256K"},
        "alg_unsupported--lower-case": {"alg": "rs256"},
        "kid_invalid--too-long": {"kid": "k" * 257},
        "kid_invalid--control-character": {"kid": "rsa\x00"},
        "token_encrypted--enc-in-header": {"enc": "A256GCM"},
        "token_encrypted--compressed": {"zip": "DEF"},
        "token_type_rejected--request-object": {"typ": "oauth-authz-req+jwt"},
        "token_type_rejected--list": {"typ": ["JWT"]},
        "crit_unsupported--empty": {"crit": []},
    }
    tokens = {name: issuers.login(header=header) for name, header in plain.items()}
    return tokens | {"token_type_rejected--rfc9068": issuers.partner(header={"typ": "JWT"})}


def _signatures(issuers: Issuers) -> dict[str, str]:
    good = issuers.login()
    payload = compact_json(LOGIN_CLAIMS)
    p256, ed = issuers.keys["p256"], issuers.keys["ed"]
    return {
        "token_base64_invalid--cut-off": good[:-1],
        "token_json_invalid--text": raw_token(header_bytes(p256, {}), b"hello", p256.sign),
        "token_json_invalid--cut-off": raw_token(header_bytes(p256, {}), payload[:-1], p256.sign),
        "token_json_invalid--empty": raw_token(header_bytes(p256, {}), b"", p256.sign),
        "signature_invalid--ecdsa-zeros": raw_token(header_bytes(p256, {}), payload, lambda _: bytes(64)),
        "signature_invalid--eddsa-too-short": raw_token(header_bytes(ed, {}), payload, lambda _: bytes(32)),
        "signature_invalid--pss-for-pkcs1": issuers.login(header={"alg": "PS256"}),
        "signature_invalid--cognito": mint(attacker_key("RS256"), user_claims(), header={"kid": "users", "typ": ...}),
    }
