"""Tokens that no issuer signs: one good token, broken in one way each, with the reason it must be refused for.

A forgery is made from the key and the claims of a token that would be accepted, so that nothing else is wrong with it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from authorizer.testing.compact import Signer, compact_json, encode, raw_token, sealed, unsigned
from authorizer.testing.keys import SigningKey
from authorizer.testing.mint import default_claims, header_bytes

Claims = Mapping[str, object]
Forge = Callable[[SigningKey, Claims], str]

_DEPTH = 100  # deeper than any token is, and no depth at which Python's own parser gives up


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgery:
    """One way to break a token, and the code of the reason for which it must be refused."""

    name: str
    reason_code: str
    forge: Forge = field(repr=False)

    def token(self, key: SigningKey, claims: Claims | None = None) -> str:
        """The broken token, made of what would be a good one; `claims` default to `default_claims()`."""
        return self.forge(key, default_claims() if claims is None else claims)


def hmac_signer(secret: bytes) -> Signer:
    """A signer of HS256 with any secret, a public key included."""
    return lambda message: hmac.digest(secret, message, hashlib.sha256)


@cache
def attacker_key(algorithm: str) -> SigningKey:
    """A key that nobody published. One per algorithm and process, because RSA keys are slow to make."""
    return SigningKey.generate(algorithm)


def _header(key: SigningKey, **changes: object) -> bytes:
    return header_bytes(key, changes)


def _header_with(**changes: object) -> Forge:
    return lambda key, claims: raw_token(_header(key, **changes), compact_json(claims), key.sign)


def _header_bytes(change: Callable[[bytes], bytes]) -> Forge:
    return lambda key, claims: raw_token(change(_header(key)), compact_json(claims), key.sign)


def _payload_bytes(change: Callable[[bytes], bytes]) -> Forge:
    return lambda key, claims: raw_token(_header(key), change(compact_json(claims)), key.sign)


def _payload_end(member: bytes) -> Forge:
    return _payload_bytes(lambda payload: payload[:-1] + b"," + member + b"}")


def _signed_by(signer: Callable[[SigningKey], Signer], **changes: object) -> Forge:
    return lambda key, claims: raw_token(_header(key, **changes), compact_json(claims), signer(key))


def _attacker(key: SigningKey) -> Signer:
    return attacker_key(key.algorithm).sign


def _zeros(key: SigningKey) -> Signer:
    return lambda message: bytes(len(key.sign(message)))  # CVE-2022-21449


def _flipped(key: SigningKey) -> Signer:
    def sign(message: bytes) -> bytes:
        signature = key.sign(message)
        return signature[:-1] + bytes([signature[-1] ^ 1])

    return sign


def _embedded_jwk(key: SigningKey, claims: Claims) -> str:
    jwk = attacker_key(key.algorithm).jwk(kid=key.kid)
    return raw_token(_header(key, jwk=jwk), compact_json(claims), _attacker(key))


def _swapped_payload(key: SigningKey, claims: Claims) -> str:
    header, _, signature = raw_token(_header(key), compact_json(claims), key.sign).split(".")
    return f"{header}.{encode(compact_json({**claims, 'sub': 'admin'}))}.{signature}"


def _standard_alphabet(key: SigningKey, claims: Claims) -> str:
    segment = encode(compact_json({**claims, "padding": ">>>>>>"}))  # three of them on a boundary give "Pj4-"
    return sealed(encode(_header(key)), segment.replace("-", "+").replace("_", "/"), key.sign)


def _trailing_bits(key: SigningKey, claims: Claims) -> str:
    payload = compact_json(claims)
    payload += b" " * ((1 - len(payload)) % 3)  # one byte beyond a group of three: four unused bits at the end
    segment = encode(payload)
    return sealed(encode(_header(key)), segment[:-1] + chr(ord(segment[-1]) + 1), key.sign)


def _encrypted(key: SigningKey, claims: Claims) -> str:
    header = compact_json({"alg": "RSA-OAEP-256", "enc": "A256GCM", "kid": key.kid})
    return ".".join(map(encode, (header, b"\1" * 256, b"\2" * 12, compact_json(claims), b"\3" * 16)))


def _sender_constrained(key: SigningKey, claims: Claims) -> str:
    return raw_token(_header(key), compact_json({**claims, "cnf": {"jkt": "0ZcOCORZNYy"}}), key.sign)


_NESTED = b'"x":' + b"[" * _DEPTH + b"]" * _DEPTH

_FORGES: dict[str, dict[str, Forge]] = {
    "alg_none": {
        "alg-none": _signed_by(lambda _: unsigned, alg="none"),
        "alg-none-with-signature": _header_with(alg="none"),
    },
    "alg_symmetric": {"public-key-as-secret": _signed_by(lambda key: hmac_signer(key.public_pem()), alg="HS256")},
    "alg_missing": {"no-alg": _header_with(alg=...)},
    "alg_unsupported": {"alg-of-nobody": _header_with(alg="XX256")},
    "crit_unsupported": {
        "crit": _header_with(crit=["exp"]),
        "crit-b64": _header_with(crit=["b64"], b64=False),
    },
    "kid_invalid": {"kid-list": _header_with(kid=["a", "b"]), "kid-number": _header_with(kid=7)},
    "token_type_rejected": {"typ-dpop": _header_with(typ="dpop+jwt"), "typ-logout": _header_with(typ="logout+jwt")},
    "token_json_invalid": {
        "header-member-twice": _header_bytes(lambda header: b'{"alg":"none",' + header[1:]),
        "header-not-an-object": _header_bytes(lambda header: b"[" + header + b"]"),
        "claim-twice": _payload_bytes(lambda payload: b'{"sub":"admin",' + payload[1:]),
        "claims-not-an-object": _payload_bytes(lambda payload: b"[" + payload + b"]"),
        "claims-utf-16": _payload_bytes(lambda payload: payload.decode().encode("utf-16")),
        "claims-byte-order-mark": _payload_bytes(lambda payload: b"\xef\xbb\xbf" + payload),
        "claims-invalid-utf-8": _payload_end(b'"x":"\xff"'),
        "claims-nan": _payload_end(b'"x":NaN'),
        "claims-nested-deeply": _payload_end(_NESTED),
        "claims-more-behind": _payload_bytes(lambda payload: payload + b"{}"),
    },
    "token_base64_invalid": {
        "base64-padding": lambda key, claims: _header_with()(key, claims) + "==",
        "base64-standard-alphabet": _standard_alphabet,
        "base64-trailing-bits": _trailing_bits,
    },
    "token_encrypted": {"five-segments": _encrypted},
    "signature_missing": {"no-signature": _signed_by(lambda _: unsigned)},
    "signature_invalid": {
        "signature-of-another-key": _signed_by(_attacker),
        "signature-of-zeros": _signed_by(_zeros),
        "signature-bit-flipped": _signed_by(_flipped),
        "claims-swapped": _swapped_payload,
        "embedded-jwk": _embedded_jwk,
        "jku": _signed_by(_attacker, jku="https://attacker.example.com/jwks.json"),
        "x5u": _signed_by(_attacker, x5u="https://attacker.example.com/chain.pem"),
    },
    "token_sender_constrained": {"cnf": _sender_constrained},
}

FORGERIES = tuple(
    Forgery(name=name, reason_code=code, forge=forge)
    for code, forges in _FORGES.items()
    for name, forge in forges.items()
)
