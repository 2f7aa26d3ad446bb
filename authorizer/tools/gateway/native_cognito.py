"""The REST API authorizer `COGNITO_USER_POOLS`.

AWS: "Control access to REST APIs using Amazon Cognito user pools as an authorizer"; API reference, `CreateAuthorizer`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from authorizer.errors import Fault, Refused
from authorizer.jose.claims import kind, wrong_type
from authorizer.reasons import Reason
from authorizer.tools.gateway.claim_texts import rest_texts
from authorizer.tools.gateway.native import NativeGrant
from authorizer.tools.gateway.native_token import (
    check_contents,
    check_header,
    check_scopes,
    fetch_keys,
    prove,
    read,
    rest_refusal,
    scopes_in,
)
from authorizer.verifiers.cognito import issuer_urls

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authorizer.jose.token import UnverifiedToken
    from authorizer.tools.gateway.issuers import Issuers

_ALGORITHMS: Final = ("RS256",)


@dataclass(frozen=True, slots=True, kw_only=True)
class CognitoAuthorizer:
    """User pools, by ARN, whose tokens count, from whichever app client. `ValueError` for an ARN or expression that is none.

    Keys are asked for at every check, of the form of the pool's issuer that the token names: how long API Gateway keeps
    keys of user pools is not documented.
    """

    user_pools: tuple[str, ...]
    validation_expression: str | None = None
    issuers: Issuers = field(repr=False)

    def __post_init__(self) -> None:
        for arn in self.user_pools:
            if not _issuers_of(arn):
                right = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_AbCdEfGhI"
                raise ValueError(f"found the user pool {arn[:100]!r}; right would be an ARN like {right}")
        try:
            re.compile(self.validation_expression or "")
        except re.error as error:
            raise ValueError(f"the validation expression is no regular expression: {error}") from None

    def check(self, token: str | None, scopes: tuple[str, ...], now: float) -> NativeGrant:
        """The grant for a header's value, with the method's scopes and the time; `NativeRefusal` for any other token.

        Without method scopes only ID tokens pass, with them only access tokens that hold one of them. Claims are as
        `rest_texts` writes them, and `scopes` are all of the token's. Sources leave open, or differ in: the order of the
        checks, the form of `cognito:groups` (here `a,b`), and whether a missing scope is 401 or 403.
        """
        try:
            unverified = read(token)
            claims = self._proven(unverified)
            check_contents(claims, unverified.header.typ, now)
            _check_use(claims, "access" if scopes else "id")
            self._check_audience(claims)
            held = check_scopes(scopes_in(claims, "scope"), scopes)
        except Refused as refused:
            raise rest_refusal(refused) from None
        return NativeGrant(claims=rest_texts(claims), scopes=held)

    def _proven(self, unverified: UnverifiedToken) -> Mapping[str, Any]:
        check_header(unverified, _ALGORITHMS)
        issuer = unverified.claims.get("iss")
        if type(issuer) is not str or not any(issuer in _issuers_of(arn) for arn in self.user_pools):
            raise Refused(Reason.ISSUER_UNKNOWN, Fault(claim="iss", expected="a user pool of the authorizer"))
        return prove(unverified, fetch_keys(self.issuers, issuer))

    def _check_audience(self, claims: Mapping[str, Any]) -> None:
        """The expression is for the whole of `aud`, which access tokens do not have (API reference, `CreateAuthorizer`)."""
        expression = self.validation_expression
        if not expression:
            return
        audience = claims.get("aud")
        if audience is None:
            raise Refused(Reason.AUDIENCE_MISSING, Fault(claim="aud", expected=expression, found="missing"))
        if type(audience) is not str:
            raise Refused(*wrong_type("aud", "text", audience))
        if re.fullmatch(expression, audience) is None:
            raise Refused(Reason.AUDIENCE_MISMATCH, Fault(claim="aud", expected=expression, found="another"))


def _issuers_of(arn: str) -> tuple[str, ...]:
    """Both forms of the issuer of a pool: its id is the last part of the ARN."""
    return issuer_urls(arn.rpartition("/")[2]) if arn.startswith("arn:") else ()


def _check_use(claims: Mapping[str, Any], right: str) -> None:
    use = claims.get("token_use")
    if use != right:
        found = use if use in ("id", "access") else kind(use)
        raise Refused(Reason.TOKEN_USE_MISMATCH, Fault(claim="token_use", expected=right, found=found))
