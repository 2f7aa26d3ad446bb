"""What the gateway's own authorizers share: a token is read and proven by our engine, and judged by API Gateway's rules.

As API Gateway, and other than our own verifiers: no leeway for any time, `kid` is needed, and `sub` and `jti` are not looked
at. A token is expired at `exp` and valid from `nbf` and `iat` on; without `exp` it is refused, since AWS's steps for JWT
authorizers say that it "must be after the current time".

Stricter than API Gateway is known to be. Nobody has shown what it does with these; here they are refused, so that nothing
is granted that the local gateway only guesses at. All are lines of `authorizer.jose`:

- headers with `crit` or `b64`; members that occur twice; JSON that nests deeper than 16; base64url with padding;
- `typ` other than `JWT`, `at+jwt` or none: DPoP proofs and logout tokens;
- `cnf`: AWS documents no check of sender-constrained tokens, so that API Gateway probably takes them as bearer tokens;
- times after the year 9999, which are milliseconds; a `kid` of more than 256 characters;
- RSA keys below 2048 bits, keys whose `use` or `alg` is another, and two different keys of one `kid`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from authorizer.errors import Fault, Refused
from authorizer.jose import key_set, signature, token
from authorizer.jose.claims import Profile, is_texts, problems, wrong_type
from authorizer.reasons import Reason
from authorizer.tools.gateway.issuers import Unreachable
from authorizer.tools.gateway.native import NativeRefusal, Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from authorizer.jose.key_set import KeySet
    from authorizer.jose.token import UnverifiedToken
    from authorizer.model import VerifiedClaims
    from authorizer.tools.gateway.issuers import Issuers

DISCOVERY: Final = "discovery"  # `Fault.claim` of keys that cannot be had: which document could not
KEYS: Final = "keys"
_SCHEME: Final = "Bearer"
_PROFILE: Final = Profile(audience=None, leeway=0)
_NOT_LOOKED_AT: Final = frozenset({"sub", "jti"})
_REFUSALS: Final = {
    Reason.CREDENTIAL_MISSING: Refusal.MISSING,
    Reason.TOKEN_EXPIRED: Refusal.EXPIRED,
    Reason.SCOPE_MISSING: Refusal.SCOPE,
    Reason.SCOPE_INSUFFICIENT: Refusal.SCOPE,
}


def native_refusal(refused: Refused, description: str) -> NativeRefusal:
    """The refusal of API Gateway for one of our engine."""
    return NativeRefusal(_REFUSALS.get(refused.reason, Refusal.INVALID), refused.reason.value, description)


def rest_refusal(refused: Refused) -> NativeRefusal:
    """The refusal of a REST API, whose texts are two: clients' code tests for the one of expired tokens."""
    expired = refused.reason is Reason.TOKEN_EXPIRED
    return native_refusal(refused, "The incoming token has expired" if expired else "Unauthorized")


def read(value: str | None) -> UnverifiedToken:
    """The token in a header, bare or behind `Bearer` and one space, nothing proven; `Refused` for anything else.

    AWS: "The identitySource can include only the token, or the token prefixed with Bearer". Other spellings of the scheme
    are refused: the sources have `Bearer` only.
    """
    if value is None or not value.strip():
        raise Refused(Reason.CREDENTIAL_MISSING)
    scheme, space, _ = value.partition(" ")
    if scheme and space and scheme != _SCHEME and "." not in scheme:
        raise Refused(Reason.CREDENTIAL_SCHEME_UNSUPPORTED)
    bare = value.removeprefix(f"{_SCHEME} ")
    if bare in ("", _SCHEME) or any(character.isspace() for character in bare):
        raise Refused(Reason.CREDENTIAL_MALFORMED)
    if not token.is_jwt(bare):
        raise Refused(Reason.CREDENTIAL_KIND_UNKNOWN)
    return token.parse(bare)


def fetch_keys(issuers: Issuers, issuer: str, max_bytes: int | None = None) -> KeySet:
    """The keys of an issuer; `Refused` when they cannot be had, are too many bytes as compact JSON, or none is usable.

    `Fault.claim` of the refusal is `DISCOVERY` or `KEYS`.
    """
    try:
        document = issuers.key_set(issuer)
    except Unreachable as error:
        raise Refused(
            Reason.KEYS_UNREACHABLE, Fault(claim=DISCOVERY if DISCOVERY in str(error).lower() else KEYS)
        ) from None
    if max_bytes is not None and _size(document) > max_bytes:
        raise Refused(Reason.KEYS_RESPONSE_INVALID, Fault(claim=KEYS, expected=f"at most {max_bytes} bytes"))
    try:
        return key_set.build(document.get("keys"))
    except key_set.NotAKeySet as error:
        reason = Reason.KEYS_EMPTY if error.empty else Reason.KEYS_RESPONSE_INVALID
        raise Refused(reason, Fault(claim=KEYS)) from None


def _size(document: Mapping[str, Any]) -> int:
    return len(json.dumps(dict(document), separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace"))


def check_header(unverified: UnverifiedToken, algorithms: Sequence[str]) -> None:
    """Nothing where the algorithm is one of these and there is a `kid`; `Refused` otherwise (RFC 8725 section 3.1)."""
    name = unverified.header.algorithm
    if name not in algorithms:
        raise Refused(Reason.ALG_NOT_ALLOWED, Fault(claim="alg", expected=" or ".join(algorithms), found=name))
    if unverified.header.kid is None:
        raise Refused(Reason.KID_MISSING, Fault(claim="kid", expected="a kid", found="missing"))


def prove(unverified: UnverifiedToken, keys: KeySet) -> VerifiedClaims:
    """The claims, now proven to be signed with the issuer's key of that `kid`; `Refused` when they are not."""
    return signature.prove(unverified, keys.find(unverified.header))


def check_contents(claims: Mapping[str, Any], typ: str | None, now: float) -> None:
    """Nothing for a token whose times hold at `now` (RFC 7519 sections 4.1.4 to 4.1.6) and that is a bearer token."""
    for problem in problems(claims, typ, _PROFILE, now):
        if problem.fault.claim not in _NOT_LOOKED_AT:
            raise Refused(*problem)


def check_audience(claims: Mapping[str, Any], accepted: Sequence[str]) -> None:
    """Nothing where `aud`, or only where there is no `aud` the `client_id`, is accepted; `Refused` otherwise.

    AWS: "Troubleshooting issues with HTTP API JWT authorizers". An `aud` of null is an `aud` that is not accepted.
    """
    name = "aud" if "aud" in claims else "client_id"
    if name not in claims:
        raise Refused(Reason.AUDIENCE_MISSING, Fault(claim="aud", expected=" or ".join(accepted), found="missing"))
    value = claims[name]
    if type(value) is not str and (name == "client_id" or not is_texts(value)):
        raise Refused(*wrong_type(name, "text, or for aud a list of text", value))
    if set(accepted).isdisjoint([value] if type(value) is str else value):
        expected = " or ".join(accepted)
        raise Refused(Reason.AUDIENCE_MISMATCH, Fault(claim=name, expected=expected, found="another"))


def scopes_in(claims: Mapping[str, Any], *names: str) -> tuple[str, ...]:
    """All scopes in these claims, in order and none twice; of claims that are neither text nor a list of text, none."""
    found: dict[str, None] = {}
    for name in names:
        value: Any = claims.get(name)
        texts = value.split(" ") if type(value) is str else value if is_texts(value) else ()
        found |= dict.fromkeys(text for text in texts if text)
    return tuple(found)


def check_scopes(held: Sequence[str], asked: Sequence[str]) -> tuple[str, ...] | None:
    """The scopes of the token, all of them, where one is asked for; None where none is; `Refused` without one of those."""
    if not asked:
        return None
    if set(held).isdisjoint(asked):
        reason = Reason.SCOPE_INSUFFICIENT if held else Reason.SCOPE_MISSING
        raise Refused(reason, Fault(claim="scope", expected=" or ".join(asked), found="another" if held else "none"))
    return tuple(held)
