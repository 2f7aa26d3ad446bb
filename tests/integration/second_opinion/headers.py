"""Headers that ask for another algorithm, another key or another processing."""

from __future__ import annotations

import hashlib
import hmac
import json
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from authorizer.testing import ALGORITHMS
from authorizer.testing.compact import compact_json, encode, unsigned
from authorizer.testing.mint import changed

if TYPE_CHECKING:
    from collections.abc import Callable

    from authorizer.testing.compact import Signer
    from tests.integration.second_opinion.draft import Draft, Mutate

NONES: dict[str, object] = {
    "none": "none",
    "capital": "None",
    "upper": "NONE",
    "mixed": "nOnE",
    "space-before": " none",
    "space-behind": "none ",
    "newline-behind": "none\n",
    "nul-behind": "none\0",
    "full-width": "\uff4eone",
    "empty": "",
    "null": None,
    "true": True,
    "zero": 0,
    "list-empty": [],
    "list": ["none"],
    "object": {},
}
SECRETS: dict[str, Callable[[Draft], bytes]] = {
    "pem": lambda draft: draft.key.public_pem(),
    "pem-stripped": lambda draft: draft.key.public_pem().strip(),
    "der": lambda draft: draft.key.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    "jwk": lambda draft: json.dumps(draft.key.jwk()).encode(),
    "kid": lambda draft: draft.key.kid.encode(),
    "empty": lambda _: b"",
}
HMACS = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}

SPELLINGS: dict[str, Callable[[str], object]] = {
    "lower": str.lower,
    "swapped-case": str.swapcase,
    "space-before": lambda name: " " + name,
    "space-behind": lambda name: name + " ",
    "nul-behind": lambda name: name + "\0",
    "longer": lambda name: name + "6",
    "shorter": lambda name: name[:-1],
    "full-width": lambda name: chr(ord(name[0]) + 0xFEE0) + name[1:],
    "in-list": lambda name: [name],
    "in-object": lambda name: {"alg": name},
    "missing": lambda _: ...,
    "nobody's": lambda _: "XX256",
    "es256k": lambda _: "ES256K",
    "ed448": lambda _: "Ed448",
    "es521": lambda _: "ES521",
    "rsa1_5": lambda _: "RSA1_5",
    "rsa-oaep": lambda _: "RSA-OAEP-256",
    "dir": lambda _: "dir",
    "uri": lambda _: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
}

KIDS: dict[str, Callable[[str], object]] = {
    "missing": lambda _: ...,
    "null": lambda _: None,
    "empty": lambda _: "",
    "zero": lambda _: 0,
    "number": lambda _: 7,
    "true": lambda _: True,
    "list": lambda kid: [kid],
    "object": lambda kid: {"kid": kid},
    "unknown": lambda _: "nobody",
    "upper-case": str.swapcase,
    "space-behind": lambda kid: kid + " ",
    "newline-behind": lambda kid: kid + "\n",
    "nul-behind": lambda kid: kid + "\0",
    "padded": lambda kid: kid + "=",
    "prefix": lambda kid: kid[:-1],
    "path": lambda _: "../../../../dev/null",
    "query": lambda kid: f"{kid}' OR '1'='1",
    "command": lambda kid: f"{kid}|/usr/bin/id",
    "url": lambda _: "https://attacker.example.com/jwks.json",
    "long": lambda _: "k" * 257,
    "very-long": lambda _: "k" * 5000,
    "emoji": lambda _: "\U0001f511",
}

TYPES: dict[str, object] = {
    "missing": ...,
    "jwt": "JWT",
    "jwt-lower": "jwt",
    "at-jwt": "at+jwt",
    "at-jwt-upper": "AT+JWT",
    "media-type-at-jwt": "application/at+jwt",
    "media-type-jwt": "application/JWT",
    "media-type-twice": "application/application/jwt",
    "media-type-parameter": "application/jwt; charset=utf-8",
    "jose": "JOSE",
    "jose-json": "JOSE+JSON",
    "jwe": "JWE",
    "dpop": "dpop+jwt",
    "logout": "logout+jwt",
    "event": "secevent+jwt",
    "introspection": "token-introspection+jwt",
    "client-authentication": "client-authentication+jwt",
    "empty": "",
    "space-before": " JWT",
    "null": None,
    "number": 1,
    "list": ["JWT"],
    "object": {"typ": "JWT"},
}

MEMBERS: dict[str, dict[str, object]] = {
    "crit-empty": {"crit": []},
    "crit-null": {"crit": None},
    "crit-text": {"crit": "exp"},
    "crit-object": {"crit": {}},
    "crit-exp": {"crit": ["exp"]},
    "crit-exp-present": {"crit": ["exp"], "exp": 1},
    "crit-alg": {"crit": ["alg"]},
    "crit-unknown": {"crit": ["x-unknown"], "x-unknown": True},
    "crit-number": {"crit": [1]},
    "crit-b64-alone": {"crit": ["b64"]},
    "crit-b64-true": {"crit": ["b64"], "b64": True},
    "crit-b64-false": {"crit": ["b64"], "b64": False},
    "crit-b64-false-upper-case": {"CRIT": ["b64"], "B64": False},
    "b64-true": {"b64": True},
    "b64-false": {"b64": False},
    "b64-null": {"b64": None},
    "b64-text": {"b64": "false"},
    "zip": {"zip": "DEF"},
    "zip-null": {"zip": None},
    "zip-unknown": {"zip": "GZ"},
    "enc": {"enc": "A256GCM"},
    "enc-null": {"enc": None},
    "cty-jwt": {"cty": "JWT"},
    "cty-number": {"cty": 1},
    "jku": {"jku": "https://attacker.example.com/jwks.json"},
    "x5u": {"x5u": "https://attacker.example.com/chain.pem"},
    "x5c": {"x5c": ["MIIB"]},
    "x5t": {"x5t": "dGh1bWI", "x5t#S256": "dGh1bWI"},
    "jku-local-file": {"jku": "file:///etc/passwd", "x5u": "file:///etc/passwd"},
    "jwk-number": {"jwk": 1},
    "jwk-symmetric": {"jwk": {"kty": "oct", "k": "AA"}},
    "claims-as-members": {"iss": "https://attacker.example.com/", "exp": 0, "aud": "x"},
    "nonce": {"nonce": "x"},
    "pbes2": {"p2c": 2**31, "p2s": "AA"},
    "epk": {"epk": {"kty": "EC"}, "apu": "AA", "apv": "AA"},
    "ppt": {"ppt": "shaken"},
    "members-many": {f"x-{number}": number for number in range(100)},
    "member-long": {"x": "x" * 5000},
    "member-nested": {"x": {"a": [{"b": [1]}]}},
}


def _with(**changes: Any) -> Mutate:
    return lambda draft: draft.with_header(**changes)


def _unsigned(**changes: object) -> Mutate:
    return lambda draft: draft.with_header(signer=unsigned, **changes)


def _spelled(change: Callable[[str], object]) -> Mutate:
    return lambda draft: draft.with_header(alg=change(draft.key.algorithm))


def _kid(change: Callable[[str], object]) -> Mutate:
    return lambda draft: draft.with_header(kid=change(draft.key.kid))


def _hmac(name: str, secret: Callable[[Draft], bytes]) -> Mutate:
    def mutate(draft: Draft) -> str:
        return draft.with_header(alg=name, signer=lambda message: hmac.digest(secret(draft), message, HMACS[name]))

    return mutate


def _signer_of(draft: Draft, algorithm: str) -> Signer:
    """Signs with the draft's key, by another algorithm where the key can."""
    rsa = isinstance(draft.key.private.public_key(), RSAPublicKey)
    return replace(draft.key, algorithm=algorithm).sign if rsa and algorithm[:2] in ("RS", "PS") else draft.key.sign


def _other_algorithm(name: str) -> Mutate:
    """Another algorithm for the same key: within the family the signature is right."""
    return lambda draft: draft.with_header(alg=name, signer=_signer_of(draft, name))


def _other_algorithm_and_kid(name: str) -> Mutate:
    """Another algorithm and its published key, signed with the first one."""
    return lambda draft: draft.with_header(alg=name, kid=draft.published[name].kid, signer=_signer_of(draft, name))


def _kid_of(name: str) -> Mutate:
    return lambda draft: draft.with_header(kid=draft.published[name].kid)


def _foreign(**members: Callable[[Draft], Any]) -> Mutate:
    """Signed by a key that nobody published, which the header brings along."""

    def mutate(draft: Draft) -> str:
        changes: dict[str, Any] = {name.replace("__", "#"): value(draft) for name, value in members.items()}
        return draft.with_header(signer=draft.foreign.sign, **changes)

    return mutate


def _inflatable(draft: Draft) -> str:
    deflate = zlib.compressobj(wbits=-15)
    payload = deflate.compress(draft.payload_bytes) + deflate.flush()
    return draft.of_bytes(header=compact_json(changed(draft.header, {"zip": "DEF"})), payload=payload)


def _detached(draft: Draft) -> str:
    """RFC 7797: the payload is signed as it is, and not part of the token."""
    header = encode(compact_json(changed(draft.header, {"crit": ["b64"], "b64": False})))
    signature = draft.key.sign(header.encode() + b"." + draft.payload_bytes)
    return f"{header}..{encode(signature)}"


def _unencoded(draft: Draft) -> str:
    header = encode(compact_json(changed(draft.header, {"crit": ["b64"], "b64": False})))
    return draft.of_segments(header, draft.payload_bytes.decode())


def _foreign_jwk(draft: Draft, **changes: Any) -> dict[str, Any]:
    return draft.foreign.jwk(**changes)


MUTATIONS: dict[str, Mutate] = {
    **{f"alg-none-{name}": _unsigned(alg=value) for name, value in NONES.items()},
    **{f"alg-none-{name}-without-kid": _unsigned(alg=value, kid=...) for name, value in NONES.items()},
    **{f"alg-none-{name}-but-signed": _with(alg=value) for name, value in NONES.items()},
    **{f"{mac}-secret-{name}": _hmac(mac, secret) for mac in HMACS for name, secret in SECRETS.items()},
    **{f"alg-spelled-{name}": _spelled(change) for name, change in SPELLINGS.items()},
    **{f"alg-swapped-{name}": _other_algorithm(name) for name in ALGORITHMS},
    **{f"alg-and-kid-swapped-{name}": _other_algorithm_and_kid(name) for name in ALGORITHMS},
    **{f"kid-swapped-{name}": _kid_of(name) for name in ALGORITHMS},
    **{f"kid-{name}": _kid(change) for name, change in KIDS.items()},
    "kid-of-next-key": lambda draft: draft.with_header(kid=draft.next_key.kid),
    **{f"typ-{name}": _with(typ=value) for name, value in TYPES.items()},
    **{f"member-{name}": _with(**changes) for name, changes in MEMBERS.items()},
    "inflatable": _inflatable,
    "detached": _detached,
    "unencoded": _unencoded,
    "jwk-own": lambda draft: draft.with_header(jwk=draft.key.jwk()),
    "jwk-foreign-but-own-signature": lambda draft: draft.with_header(jwk=_foreign_jwk(draft)),
    "jwk-foreign": _foreign(jwk=_foreign_jwk),
    "jwk-foreign-kid-own": _foreign(jwk=lambda draft: _foreign_jwk(draft, kid=draft.key.kid)),
    "jwk-foreign-kid-foreign": _foreign(jwk=_foreign_jwk, kid=lambda draft: draft.foreign.kid),
    "jwk-foreign-without-kid": _foreign(jwk=_foreign_jwk, kid=lambda _: ...),
    "jku-foreign": _foreign(jku=lambda _: "https://attacker.example.com/jwks.json"),
    "x5u-foreign": _foreign(x5u=lambda _: "https://attacker.example.com/chain.pem"),
    "x5c-foreign": _foreign(x5c=lambda draft: [draft.foreign.public_pem().decode()]),
    "x5t-foreign": _foreign(x5t__S256=lambda _: "dGh1bWI"),
}
