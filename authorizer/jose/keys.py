"""JWK → public key, or the reason why not (RFC 7517 section 4, RFC 7518 section 6, RFC 8037 section 2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from authorizer.jose import base64url
from authorizer.jose.algorithms import ALGORITHMS, canonical
from authorizer.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

VerifyingKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey

MIN_RSA_BITS: Final = 2048  # RFC 7518 section 3.3
MAX_RSA_BITS: Final = 8192  # verification time grows with the square; no issuer uses more
MIN_EXPONENT: Final = 65537  # FIPS 186-5 section 5.1: odd, above 2^16
MAX_EXPONENT_BITS: Final = 32  # a large exponent makes verification slow on purpose
MAX_KID: Final = 256

# RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1.
_PRIVATE: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_CURVES: Final = {"P-256": (ec.SECP256R1, 32), "P-384": (ec.SECP384R1, 48), "P-521": (ec.SECP521R1, 66)}
_FIELD: Final = 2**255 - 19
# y coordinates of the points of small order (RFC 7748 section 6.1 names the danger): anyone can sign for such a key.
_Y8: Final = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_SMALL_ORDER: Final = frozenset({0, 1, _FIELD - 1, _Y8, _FIELD - _Y8})


class KeyRejected(Exception):
    """A member of a key set that must not verify anything, with the reason a token that names it is refused for."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """A key and all that it may be used for: a token cannot choose another algorithm family for it."""

    kid: str | None
    algorithms: frozenset[str]
    key: VerifyingKey = field(repr=False)


def public_key(jwk: Mapping[str, Any]) -> PublicKey:
    """The key of one JWK; `KeyRejected` when it is symmetric, private, weak, malformed or not meant for signatures."""
    kid = jwk.get("kid")
    if kid is not None and (type(kid) is not str or not 0 < len(kid) <= MAX_KID):
        raise KeyRejected(Reason.KEY_MALFORMED)
    _check_use(jwk)
    build = _BUILDERS.get(str(jwk.get("kty")))
    if build is None or not _PRIVATE.isdisjoint(jwk):  # a private key that was published is anybody's
        raise KeyRejected(Reason.KEY_MALFORMED)
    try:
        key, curve = build(jwk)
    except (ValueError, KeyError, TypeError):
        raise KeyRejected(Reason.KEY_MALFORMED) from None
    return PublicKey(kid=kid, algorithms=_algorithms(jwk, curve), key=key)


def _check_use(jwk: Mapping[str, Any]) -> None:
    """RFC 7517 sections 4.2 and 4.3: where the key says what it is for, it must be for verifying signatures."""
    operations = jwk.get("key_ops")
    if jwk.get("use", "sig") != "sig":
        raise KeyRejected(Reason.KEY_USE_REJECTED)
    if operations is not None and (type(operations) is not list or "verify" not in operations):
        raise KeyRejected(Reason.KEY_USE_REJECTED)


def _algorithms(jwk: Mapping[str, Any], curve: str | None) -> frozenset[str]:
    fitting = {name for name, row in ALGORITHMS.items() if row.kty == jwk["kty"] and row.curve == curve}
    if "alg" not in jwk:
        return frozenset(fitting)
    named = jwk["alg"]
    if type(named) is not str or canonical(named) not in fitting:
        raise KeyRejected(Reason.KEY_MALFORMED)  # one key, one algorithm (RFC 7517 section 4.4)
    return frozenset({canonical(named)})


def _bytes(jwk: Mapping[str, Any], part: str) -> bytes:
    if type(jwk[part]) is not str:
        raise KeyRejected(Reason.KEY_MALFORMED)
    return base64url.decode(jwk[part])


def _rsa(jwk: Mapping[str, Any]) -> tuple[VerifyingKey, None]:
    n, e = (int.from_bytes(_bytes(jwk, part), "big") for part in ("n", "e"))
    if not MIN_RSA_BITS <= n.bit_length() <= MAX_RSA_BITS:
        raise KeyRejected(Reason.KEY_WEAK)
    if e % 2 == 0 or e < MIN_EXPONENT or e.bit_length() > MAX_EXPONENT_BITS:
        raise KeyRejected(Reason.KEY_WEAK)
    if n % 2 == 0:
        raise KeyRejected(Reason.KEY_MALFORMED)
    return rsa.RSAPublicNumbers(e, n).public_key(), None


def _ec(jwk: Mapping[str, Any]) -> tuple[VerifyingKey, str]:
    curve, size = _CURVES[jwk["crv"]]
    x, y = (_bytes(jwk, part) for part in ("x", "y"))
    if len(x) != size or len(y) != size:  # RFC 7518 section 6.2.1.2: full size, leading zeros included
        raise KeyRejected(Reason.KEY_MALFORMED)
    numbers = ec.EllipticCurvePublicNumbers(int.from_bytes(x, "big"), int.from_bytes(y, "big"), curve())
    return numbers.public_key(), jwk["crv"]  # refuses a point that is not on the curve


def _okp(jwk: Mapping[str, Any]) -> tuple[VerifyingKey, str]:
    x = _bytes(jwk, "x")
    if jwk["crv"] != "Ed25519" or len(x) != 32:
        raise KeyRejected(Reason.KEY_MALFORMED)
    y = int.from_bytes(x, "little") & (2**255 - 1)
    if y >= _FIELD or y in _SMALL_ORDER:  # RFC 8032 section 5.1.3 step 1: one encoding per point
        raise KeyRejected(Reason.KEY_WEAK)
    return ed25519.Ed25519PublicKey.from_public_bytes(x), "Ed25519"


_BUILDERS: Final[Mapping[str, Callable[[Mapping[str, Any]], tuple[VerifyingKey, str | None]]]] = {
    "RSA": _rsa,
    "EC": _ec,
    "OKP": _okp,
}
