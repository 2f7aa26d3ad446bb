"""Tokens as the issuers that we stand in for would sign them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from authorizer.testing import cognito_access_claims, cognito_client_credentials_claims, cognito_id_claims
from authorizer.tools.local_issuer.broken import broken_token
from authorizer.tools.local_issuer.draft import Draft
from authorizer.tools.local_issuer.key_ring import ALWAYS, USES
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from authorizer.tools.local_issuer.key_ring import TokenUse
    from authorizer.tools.local_issuer.stand_in import Kind, StandIn

    Claims = dict[str, object]

LIFETIME: Final = 3600  # seconds: what user pools take by default
SUBJECT: Final = "user-1"
_SIGN_IN: Final = "aws.cognito.signin.user.admin"  # the scope of a Cognito user who asked for none


@dataclass(frozen=True, slots=True, kw_only=True)
class MintRequest:
    """What a token is to be. A subject that is the client makes it a machine's, as client credentials do.

    `claims` are put over the usual ones, None drops one. `audience` None is the stand-in's own. `broken`: the code of the
    reason for which the token is to be refused.
    """

    client_id: str
    subject: str = SUBJECT
    scopes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    claims: Mapping[str, object] = field(default_factory=dict, repr=False)
    lifetime: int = LIFETIME
    algorithm: str = ALWAYS
    token_use: TokenUse = "access"
    audience: tuple[str, ...] | None = None
    broken: str | None = None

    @property
    def is_machine(self) -> bool:
        """Whether nobody is signed in."""
        return self.subject == self.client_id


def minted(stand_in: StandIn, request: MintRequest, now: float) -> str:
    """A signed token, issued at `now` (seconds since 1970). `CommandError` when the stand-in makes no such tokens."""
    draft = _draft(stand_in, request, int(now))
    return draft.signed() if request.broken is None else broken_token(request.broken, draft)


def _draft(stand_in: StandIn, request: MintRequest, now: int) -> Draft:
    if request.algorithm not in stand_in.algorithms:
        hint = f"it signs with {', '.join(stand_in.algorithms)}; alg_not_allowed is a way to break a token"
        raise CommandError(f"{stand_in.name} does not sign with this algorithm", hint)
    if request.token_use not in USES:
        raise CommandError("there is no such use of tokens", f"one of {', '.join(USES)}")
    claims = _MAKERS[stand_in.kind, request.token_use](stand_in, request, now)
    draft = Draft(
        stand_in=stand_in,
        use=request.token_use,
        key=stand_in.keys.signing(request.algorithm, request.token_use),
        claims=claims,
        typ=_TYPES[stand_in.kind, request.token_use],
        now=now,
        lifetime=request.lifetime,
    )
    groups = {stand_in.groups_claim: list(request.groups) or None}
    return draft.changed({**groups, **request.claims})


def _cognito_access(stand_in: StandIn, request: MintRequest, now: int) -> Claims:
    audience = _audience(stand_in.audience if request.audience is None else request.audience)
    own = _cognito(stand_in, request, now) | {"scope": " ".join(request.scopes) or None, "aud": audience}
    if request.is_machine:
        machine = cognito_client_credentials_claims(client_id=request.client_id, now=now)
        return machine | own
    user = {"username": request.subject, "scope": own["scope"] or _SIGN_IN}
    return cognito_access_claims(client_id=request.client_id, now=now) | own | _session() | user


def _cognito_id(stand_in: StandIn, request: MintRequest, now: int) -> Claims:
    """Without what is other in every pool (`custom:…`), and without the hash of an access token that is not there."""
    email = request.subject if "@" in request.subject else f"{request.subject}@example.com"
    user = {"cognito:username": request.subject, "email": email, "at_hash": None, "custom:tenant": None}
    claims = cognito_id_claims(client_id=request.client_id, now=now)
    return claims | _cognito(stand_in, request, now) | _session() | user


def _cognito(stand_in: StandIn, request: MintRequest, now: int) -> Claims:
    return {"iss": stand_in.issuer, "sub": request.subject, "exp": now + request.lifetime, "jti": str(uuid4())}


def _session() -> Claims:
    return {"origin_jti": str(uuid4()), "event_id": str(uuid4())}


def _oidc_access(stand_in: StandIn, request: MintRequest, now: int) -> Claims:
    """RFC 9068 section 2.2."""
    audience = stand_in.audience if request.audience is None else request.audience
    own = {"scope": " ".join(request.scopes) or None, "client_id": request.client_id}
    return _oidc(stand_in, request, now) | {"aud": _audience(audience)} | own


def _oidc_id(stand_in: StandIn, request: MintRequest, now: int) -> Claims:
    """OpenID Connect Core section 2: an ID token is for the client."""
    return _oidc(stand_in, request, now) | {"aud": _audience(request.audience or (request.client_id,))}


def _oidc(stand_in: StandIn, request: MintRequest, now: int) -> Claims:
    times = {"iat": now, "nbf": now, "exp": now + request.lifetime}
    return {"iss": stand_in.issuer, "sub": request.subject, **times, "jti": str(uuid4())}


def _audience(names: tuple[str, ...]) -> str | list[str] | None:
    """RFC 7519 section 4.1.3: one name is text, more are a list."""
    return list(names) if len(names) > 1 else next(iter(names), None)


_MAKERS: Final[Mapping[tuple[Kind, TokenUse], Callable[[StandIn, MintRequest, int], Claims]]] = {
    ("cognito", "access"): _cognito_access,
    ("cognito", "id"): _cognito_id,
    ("oidc", "access"): _oidc_access,
    ("oidc", "id"): _oidc_id,
}
# RFC 9068 section 2.1 says `at+jwt`; the header of a user pool's tokens has no `typ`.
_TYPES: Final[Mapping[tuple[Kind, TokenUse], str | None]] = {
    ("cognito", "access"): None,
    ("cognito", "id"): None,
    ("oidc", "access"): "at+jwt",
    ("oidc", "id"): "JWT",
}
