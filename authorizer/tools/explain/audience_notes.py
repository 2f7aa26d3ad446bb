"""Near misses of a token that was made for something else: another use, another audience, another client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from authorizer.reasons import Reason
from authorizer.tools.explain.near_miss import NearMiss
from authorizer.tools.explain.note import Note, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from authorizer.tools.explain.examination import Examination
    from authorizer.tools.explain.finding import Findings
    from authorizer.verifiers.trusted_issuers import TrustedIssuer

_OF_USE: Final = frozenset(
    {
        Reason.TOKEN_USE_MISMATCH,
        Reason.TOKEN_TYPE_REJECTED,
        Reason.AUDIENCE_MISMATCH,
        Reason.CLAIM_MISSING,
        Reason.SCOPE_MISSING,
    }
)
_ID_TOKEN_ONLY: Final = ("nonce", "at_hash", "c_hash")  # OpenID Connect Core sections 2 and 3.3.2.11
_CLIENT_CLAIMS: Final = ("azp", "client_id")


def use_notes(examination: Examination, reasons: frozenset[Reason]) -> Iterator[Note]:
    """Whether an ID token was sent for an access token, or the reverse."""
    claims, parts = examination.claims, examination.parts
    if parts is None or parts.seen is None or _OF_USE.isdisjoint(reasons):
        return
    use = claims.get("token_use")
    if Reason.TOKEN_USE_MISMATCH in reasons and use == "access":
        yield Note(NearMiss.ACCESS_TOKEN_SENT, "token_use is access")
    elif use == "id":
        yield Note(NearMiss.ID_TOKEN_SENT, "token_use is id")
    elif signs := _signs_of_id_token(claims, parts.seen.header.typ):
        yield Note(NearMiss.ID_TOKEN_SENT, f"it has {' and '.join(signs)}, and no scope")


def _signs_of_id_token(claims: Mapping[str, Any], typ: str | None) -> list[str]:
    if typ == "at+jwt" or "scope" in claims or "scp" in claims or "token_use" in claims:
        return []
    return [name for name in _ID_TOKEN_ONLY if name in claims]


def audience_notes(examination: Examination, findings: Findings) -> Iterator[Note]:
    """What a refused audience is near to."""
    if examination.issuer is None or Reason.AUDIENCE_MISMATCH not in findings.reasons:
        return
    claims, accepted = examination.claims, _accepted(examination.issuer)
    clients = {claims[name] for name in _CLIENT_CLAIMS if isinstance(claims.get(name), str)}
    for audience in _texts(claims.get("aud")):
        if audience in clients:
            yield Note(NearMiss.AUDIENCE_IS_CLIENT, f"aud is the client {quoted(audience)}")
        for near in sorted(accepted):
            detail = f"the token says {quoted(audience)}, the settings say {quoted(near)}"
            if audience.rstrip("/") == near.rstrip("/"):
                yield Note(NearMiss.AUDIENCE_SLASH, detail)
            elif audience.lower() == near.lower():
                yield Note(NearMiss.AUDIENCE_CASE, detail)


def client_notes(
    examination: Examination, reasons: frozenset[Reason], issuers: Sequence[TrustedIssuer]
) -> Iterator[Note]:
    """Whether a refused app client is one of another pool's."""
    if Reason.CLIENT_NOT_ALLOWED not in reasons:
        return
    claims = examination.claims
    client = claims.get("aud" if claims.get("token_use") == "id" else "client_id")
    for issuer in issuers:
        if issuer is not examination.issuer and isinstance(client, str) and client in _of_checks(issuer, "clients"):
            yield Note(NearMiss.CLIENT_OF_OTHER_ISSUER, f"it is configured for {quoted(issuer.issuers[0])}")


def _accepted(issuer: TrustedIssuer) -> frozenset[str]:
    return (issuer.profile.audience or frozenset()) | _of_checks(issuer, "audience")


def _of_checks(issuer: TrustedIssuer, name: str) -> frozenset[str]:
    """What the checks of the issuer's own kind accept."""
    return frozenset(value for check in issuer.profile.checks for value in getattr(check, name, None) or ())


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, str)]
