"""A compact JWS taken apart, nothing of it proven (RFC 7515 sections 3.1 and 5.2)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from authorizer.errors import Fault, Refused
from authorizer.jose import base64url, strict_json
from authorizer.jose.algorithms import canonical, check_name
from authorizer.reasons import Reason

MAX_KID = 256  # characters; Cognito's have 44, Entra's 43, certificate thumbprints 64


class Header(NamedTuple):
    """What we read of a JOSE header. `jwk`, `jku`, `x5u` and `x5c` are ignored: a token does not choose its key."""

    algorithm: str
    kid: str | None
    typ: str | None


class UnverifiedToken(NamedTuple):
    """A well-formed compact JWS. The claims were parsed from exactly the bytes that `signing_input` ends with."""

    header: Header
    claims: dict[str, Any]
    signing_input: bytes
    signature: bytes

    def __repr__(self) -> str:
        return f"UnverifiedToken(header={self.header!r})"


def is_jwt(value: str) -> bool:
    """Whether the credential has the shape of a JWS or JWE at all: two or four dots (RFC 7516 section 9)."""
    return value.count(".") in (2, 4)


def parse(value: str) -> UnverifiedToken:
    """The token, nothing proven; `Refused` when it is not one strict JWS with a header we can work with."""
    raw = _ascii(value)
    parts = raw.split(b".")
    if len(parts) != 3:
        raise Refused(Reason.TOKEN_ENCRYPTED, Fault(claim="token", expected="a signed JWT (JWS)", found="JWE"))
    protected, payload, signature = parts
    header = _header(protected)
    claims = _object(payload, "payload")
    if not signature:
        raise Refused(Reason.SIGNATURE_MISSING, Fault(claim="signature", expected="a signature", found="nothing"))
    return UnverifiedToken(header, claims, raw[: -len(signature) - 1], _decode(signature, "signature"))


def _ascii(value: str) -> bytes:
    try:
        return value.encode("ascii")
    except UnicodeEncodeError:
        raise _not_base64("token") from None


@lru_cache(maxsize=256)  # one entry per key of each issuer in honest traffic; a header is not a secret
def _header(segment: bytes) -> Header:
    members = _object(segment, "header")
    if "enc" in members or "zip" in members:
        raise Refused(Reason.TOKEN_ENCRYPTED, Fault(claim="enc", expected="a signed JWT (JWS)", found="JWE"))
    check_name(members.get("alg"))
    if "crit" in members or "b64" in members:  # RFC 7515 section 4.1.11, RFC 7797 section 6
        raise Refused(
            Reason.CRIT_UNSUPPORTED, Fault(claim="crit", expected="no critical extensions", found="crit or b64")
        )
    return Header(canonical(members["alg"]), _kid(members), _typ(members.get("typ")))


def _kid(members: dict[str, Any]) -> str | None:
    if "kid" not in members:
        return None
    kid = members["kid"]
    if type(kid) is not str or not 0 < len(kid) <= MAX_KID or not kid.isprintable():
        expected = f"1 to {MAX_KID} printable characters"
        raise Refused(Reason.KID_INVALID, Fault(claim="kid", expected=expected, found=type(kid).__name__))
    return kid


def _typ(typ: object) -> str | None:
    """The media type without its optional prefix, in lower case (RFC 7515 section 4.1.9)."""
    if typ is None:
        return None
    if type(typ) is not str:
        raise Refused(Reason.TOKEN_TYPE_REJECTED, Fault(claim="typ", expected="text", found=type(typ).__name__))
    return typ.lower().removeprefix("application/")


def _object(segment: bytes, name: str) -> dict[str, Any]:
    try:
        return strict_json.parse_object(_decode(segment, name))
    except strict_json.NotStrictJson as error:
        fault = Fault(claim=name, expected="one strict JSON object", found=str(error))
        raise Refused(Reason.TOKEN_JSON_INVALID, fault) from None


def _decode(segment: bytes, name: str) -> bytes:
    try:
        return base64url.decode_ascii(segment)
    except base64url.NotBase64Url:
        raise _not_base64(name) from None


def _not_base64(name: str) -> Refused:
    fault = Fault(claim=name, expected="base64url without padding", found="other characters or stray bits")
    return Refused(Reason.TOKEN_BASE64_INVALID, fault)
