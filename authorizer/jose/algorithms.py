"""The table of signature algorithms (RFC 7518 section 3.1, RFC 8037, RFC 9864): names, key types, nothing symmetric."""

from __future__ import annotations

from typing import Final, NamedTuple

from authorizer.errors import Fault, Refused
from authorizer.reasons import Reason


class Algorithm(NamedTuple):
    """One row: what a key must be to verify with it. `hash_name` is a class name in `cryptography`'s `hashes`."""

    kty: str
    curve: str | None
    hash_name: str | None
    pss: bool = False


ALGORITHMS: Final = {
    "RS256": Algorithm("RSA", None, "SHA256"),
    "RS384": Algorithm("RSA", None, "SHA384"),
    "RS512": Algorithm("RSA", None, "SHA512"),
    "PS256": Algorithm("RSA", None, "SHA256", pss=True),
    "PS384": Algorithm("RSA", None, "SHA384", pss=True),
    "PS512": Algorithm("RSA", None, "SHA512", pss=True),
    "ES256": Algorithm("EC", "P-256", "SHA256"),
    "ES384": Algorithm("EC", "P-384", "SHA384"),
    "ES512": Algorithm("EC", "P-521", "SHA512"),
    "Ed25519": Algorithm("OKP", "Ed25519", None),
}

_SYMMETRIC: Final = frozenset({"HS256", "HS384", "HS512"})


def canonical(name: str) -> str:
    """The one name of an algorithm: `EdDSA` (RFC 8037) and `Ed25519` (RFC 9864) are the same here."""
    return "Ed25519" if name == "EdDSA" else name


def check_name(name: object) -> None:
    """Nothing for an algorithm of the table; `Refused` for none, HMAC and what is not implemented, exactly spelled."""
    if type(name) is not str or not name:
        raise _refused(Reason.ALG_MISSING, "missing" if name is None else type(name).__name__)
    if canonical(name) in ALGORITHMS:
        return
    if name.strip().lower() == "none":
        raise _refused(Reason.ALG_NONE, "none")
    if name.strip().upper() in _SYMMETRIC:
        raise _refused(Reason.ALG_SYMMETRIC, name.strip().upper())
    raise _refused(Reason.ALG_UNSUPPORTED, "an algorithm that is not implemented")


def _refused(reason: Reason, found: str) -> Refused:
    return Refused(reason, Fault(claim="alg", expected="one of the issuer's algorithms", found=found))
