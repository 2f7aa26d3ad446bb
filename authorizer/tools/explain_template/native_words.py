"""Why API Gateway's own authorizers refuse a token, and what to do at the login, in the client or in the template.

No fix says to trust what an unproven token names: that is what a forger would ask for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from authorizer.jose.claims import is_texts
from authorizer.reasons import Reason
from authorizer.surface import Api as Kind
from authorizer.tools.explain.facts import distance
from authorizer.tools.explain.issuer_notes import issuer_notes
from authorizer.tools.explain.near_miss import NearMiss
from authorizer.tools.explain.note import listed, quoted
from authorizer.tools.explain.parts import read_parts
from authorizer.tools.explain_template.unknown import made_up
from authorizer.tools.gateway.native_token import scopes_in
from authorizer.tools.template import AuthorizerKind
from authorizer.verifiers.cognito import issuer_urls

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from authorizer.tools.explain_template.scene import Seat
    from authorizer.tools.template.unresolved import Text

Words = tuple[str, str]  # why, and what to do

SDK_SCOPE: Final = "aws.cognito.signin.user.admin"
_DISCOVERY: Final = "/.well-known/openid-configuration"
_TRULY: Final = f"Write into the template what `issuer` in the issuer's {_DISCOVERY} says, to the last slash."
_NEAR: Final = {
    NearMiss.ISSUER_SLASH: ("they differ by the slash at the end", _TRULY),
    NearMiss.ISSUER_SCHEME: ("they differ by the scheme", _TRULY),
    NearMiss.ISSUER_CASE: ("they differ by upper and lower case", _TRULY),
    NearMiss.ISSUER_COGNITO_FORM: ("a pool has two forms of its issuer, and this is the other one", _TRULY),
    NearMiss.ISSUER_COGNITO_POOL: ("another user pool", ""),
    NearMiss.ISSUER_HOST: ("the same host, and another realm or tenant", ""),
}


def refusal_words(seat: Seat, reason: Reason) -> Words:
    """Why, and what to do, both in one line. Of the token only what `explain` shows too."""
    words = _WORDS.get(reason)
    if words is not None:
        return words(seat)
    return reason.remedy.cause, reason.remedy.fix


def _issuer(seat: Seat) -> Words:
    name, trusted = seat.scene.asked.claims.get("iss"), _trusted(seat)
    said = quoted(name) if type(name) is str else "no text"
    near = next(issuer_notes(name, trusted), None) if type(name) is str else None
    how, fix = _NEAR.get(near.near_miss, ("", "")) if near is not None else ("", "")
    known = _told(seat)
    why = f"iss is {said}; trusted: {known}" + (f" ({how})" if how else "")
    return why, fix or f"Sign in at {known}, or call the API of the stage that the token is for."


def _trusted(seat: Seat) -> list[str]:
    names = seat.scene.names
    pools = [issuer for arn in seat.authorizer.user_pools for issuer in issuer_urls(_pool(names.text(arn)))]
    return pools + [names.text(one.issuer) for one in seat.authorizer.issuers]


def _pool(arn: str) -> str:
    """Its id is the last part of the ARN."""
    return arn.rpartition("/")[2]


def _told(seat: Seat) -> str:
    """Whom the authorizer trusts: pools by id; what is made up, as the resource of the template that it is made of."""
    names = seat.scene.names
    issuers = tuple(one.issuer for one in seat.authorizer.issuers)
    hidden = _hidden(seat, (*seat.authorizer.user_pools, *issuers))
    pools = listed(map(_pool, map(names.text, seat.authorizer.user_pools)))
    return hidden or (f"user pool {pools}" if pools else listed(map(names.text, issuers)))


def _hidden(seat: Seat, texts: Iterable[Text]) -> str:
    """The resources of the template that made-up names stand for; nothing where all are told."""
    hidden = made_up(texts, seat.scene.names)
    return f"{' and '.join(hidden)} of the template" if hidden else ""


def _audience(seat: Seat) -> Words:
    claims = seat.scene.asked.claims
    if seat.authorizer.kind is AuthorizerKind.COGNITO_USER_POOLS:
        return _expression(claims.get("aud") is None)
    texts = [text for one in seat.authorizer.issuers for text in one.audience]
    taken = _hidden(seat, texts) or listed(map(seat.scene.names.text, texts))
    claim = "aud" if "aud" in claims else "client_id"
    found = f"{claim} is {_shown(claims[claim])}" if claim in claims else "there is neither aud nor client_id"
    fix = "Sign in with an app client that the authorizer names, or ask the issuer for an audience that it names."
    return f"{found}; accepted: {taken}", fix


def _expression(missing: bool) -> Words:
    if missing:
        fix = "Send the ID token, on a method without scopes; or drop the validation expression, which bars access tokens."
        return "the validation expression is for aud, and access tokens have none", fix
    fix = "Sign in with an app client that the validation expression names."
    return "aud does not match the validation expression", fix


def _shown(value: Any) -> str:
    if type(value) is str:
        return quoted(value)
    return listed(value) if is_texts(value) else "no text"


def _use(seat: Seat) -> Words:
    if seat.scopes:
        fix = "Send the access token of the same login (access_token)."
        return "the method asks for scopes, so it takes access tokens, and this is none", fix
    fix = "Send the ID token of the same login (id_token), or name authorizationScopes at the method."
    return "the method asks for no scopes, so it takes ID tokens, and this is none", fix


def _scope(seat: Seat) -> Words:
    names = ("scope",) if seat.authorizer.kind is AuthorizerKind.COGNITO_USER_POOLS else ("scope", "scp")
    held = scopes_in(seat.scene.asked.claims, *names)
    wanted = " or ".join(seat.scopes)
    if held == (SDK_SCOPE,):
        fix = f"Sign in at the OAuth endpoints (/oauth2/authorize, /oauth2/token) and ask for {wanted}: the SDK gives none."
        return f"the only scope is {SDK_SCOPE}, of a sign-in with the SDK; needed is {wanted}", fix
    fix = f"Ask for {wanted} at the login, with a client that may have it; of Cognito, AllowedOAuthScopes says so."
    if seat.scene.asked.claims.get("token_use") == "id":
        fix = f"Send the access token, not the ID token, and ask for {wanted} at the login."
    return f"the scopes are {listed(held) or 'none'}; needed is {wanted}", fix


def _expired(seat: Seat) -> Words:
    asked = seat.scene.asked
    return f"exp was {distance(asked.claims['exp'] - asked.now)}", "Refresh the token, or sign in again."


def _algorithm(seat: Seat) -> Words:
    said = read_parts(seat.scene.asked.token).members.get("alg")
    why = f"alg is {quoted(said) if type(said) is str else 'no text'}"
    if seat.api.kind is Kind.HTTP:
        why += ", and JWT authorizers of HTTP APIs take RS256, RS384 and RS512"
        fix = (
            "Have the issuer sign with RS256; ES256 passes a JWT authorizer of a REST API, and our Lambda authorizers."
        )
    elif seat.authorizer.kind is AuthorizerKind.COGNITO_USER_POOLS:
        why, fix = f"{why}, and user pools sign with RS256", "Send the token as the user pool issued it."
    else:
        why += ", which the authorizer does not name"
        fix = "Have the issuer sign with what defaultAlgorithms names; RS and ES can be named there, HS cannot."
    return why, fix


def _credential(seat: Seat) -> Words:
    sources = " or ".join(map(str, seat.authorizer.identity_sources)) or "no identity source"
    why = "this is no token that can be read"
    return (
        why,
        f"Send one JWT and nothing else, with `Bearer` and one space before it, where the authorizer looks: {sources}.",
    )


_WORDS: Final[dict[Reason, Callable[[Seat], Words]]] = {
    Reason.ISSUER_UNKNOWN: _issuer,
    Reason.AUDIENCE_MISSING: _audience,
    Reason.AUDIENCE_MISMATCH: _audience,
    Reason.TOKEN_USE_MISMATCH: _use,
    Reason.SCOPE_MISSING: _scope,
    Reason.SCOPE_INSUFFICIENT: _scope,
    Reason.TOKEN_EXPIRED: _expired,
    Reason.ALG_NOT_ALLOWED: _algorithm,
    Reason.ALG_SYMMETRIC: _algorithm,
    **dict.fromkeys(
        (
            Reason.CREDENTIAL_MISSING,
            Reason.CREDENTIAL_MALFORMED,
            Reason.CREDENTIAL_KIND_UNKNOWN,
            Reason.CREDENTIAL_SCHEME_UNSUPPORTED,
        ),
        _credential,
    ),
}
