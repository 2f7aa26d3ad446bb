"""Kind `cognito`: an Amazon Cognito user pool.

AWS: "Verifying JSON web tokens" in the Cognito developer guide. ID tokens name the app client in `aud`, access tokens in
`client_id`; an access token has an `aud` only when it was bound to a resource. The custom domain does not change `iss`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from authorizer.errors import Fault
from authorizer.jose.claims import ANY_AUDIENCE, Problem, is_texts, kind, missing, wrong_type
from authorizer.jose.discovery import KeysAt
from authorizer.reasons import Reason
from authorizer.verifiers.issuer_settings import DEFAULT_ALGORITHMS, audience, keys, profile
from authorizer.verifiers.trusted_issuers import TrustedIssuer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authorizer.section import Section

ANY_CLIENT: Final = "ANY_CLIENT"  # written out where any app client of the pool is accepted
_POOL_ID: Final = re.compile(r"([a-z]{2,}(?:-[a-z]+)+-\d+)_[A-Za-z0-9]+", re.ASCII)
# The DNS suffix of each partition (botocore's partitions.json); the first prefix that fits.
_SUFFIXES: Final = {
    "cn-": "amazonaws.com.cn",
    "eusc-": "amazonaws.eu",
    "us-isob-": "sc2s.sgov.gov",
    "us-isof-": "csp.hci.ic.gov",
    "us-iso-": "c2s.ic.gov",
    "eu-isoe-": "cloud.adc-e.uk",
    "": "amazonaws.com",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CognitoClaims:
    """The check that only Cognito's tokens need. `clients` and `audience` None mean any, and were spelled out."""

    token_use: frozenset[str]
    clients: frozenset[str] | None
    audience: frozenset[str] | None
    audience_required: bool

    def __call__(self, claims: Mapping[str, Any]) -> Problem | None:
        """The one problem that tells most: the wrong kind of token, then the wrong client, then the wrong resource."""
        use = claims.get("token_use")
        if use not in ("id", "access") or use not in self.token_use:
            expected, found = " or ".join(sorted(self.token_use)), use if use in ("id", "access") else kind(use)
            return Problem(Reason.TOKEN_USE_MISMATCH, Fault(claim="token_use", expected=expected, found=found))
        if use == "id":
            return self._client("aud", claims)
        return self._client("client_id", claims) or self._resource(claims)

    def _client(self, claim: str, claims: Mapping[str, Any]) -> Problem | None:
        client = claims.get(claim)
        if client is None:
            return missing(claim)
        if type(client) is not str:
            return wrong_type(claim, "an app client id", client)
        if self.clients is not None and client not in self.clients:
            expected = " or ".join(sorted(self.clients))
            return Problem(Reason.CLIENT_NOT_ALLOWED, Fault(claim=claim, expected=expected, found="another client"))
        return None

    def _resource(self, claims: Mapping[str, Any]) -> Problem | None:
        """RFC 7519 section 4.1.3: who is not named in a token's `aud` must refuse it, also where `aud` is rare."""
        value = claims.get("aud")
        if value is None:
            expected = " or ".join(sorted(self.audience or ()))
            fault = Fault(claim="aud", expected=expected, found="missing")
            return Problem(Reason.AUDIENCE_MISSING, fault) if self.audience_required else None
        if type(value) is not str and not is_texts(value):
            return wrong_type("aud", "text or a list of text", value)
        if self.audience is not None and self.audience.isdisjoint([value] if type(value) is str else value):
            expected = " or ".join(sorted(self.audience)) or "no aud, or issuer.audience in the settings"
            return Problem(Reason.AUDIENCE_MISMATCH, Fault(claim="aud", expected=expected, found="another"))
        return None


def cognito_issuer(section: Section) -> TrustedIssuer | None:
    """The user pool that a `kind = "cognito"` section describes; None when the section has problems."""
    pool = section.text("user_pool_id")
    issuers = issuer_urls(pool) if pool is not None else ()
    if pool is not None and not issuers:
        section.problem("user_pool_id", repr(pool[:60]), "a user pool id like eu-west-1_AbCdEfGhI")
    clients = section.texts("client_ids", spelled=ANY_CLIENT)
    token_use = section.texts("token_use", choices=("access", "id"))
    check = CognitoClaims(
        token_use=frozenset(token_use),
        clients=None if clients == ANY_CLIENT else frozenset(clients),
        audience=audience(section, ()),
        audience_required="audience" in section and section.raw("audience") != ANY_AUDIENCE,
    )
    source = keys(
        section,
        issuers,
        lambda max_bytes: KeysAt(f"{issuers[0]}/.well-known/jwks.json", max_bytes) if issuers else None,
    )
    shape = profile(section, None, groups_claim="cognito:groups", checks=(check,))
    if not issuers or source is None:
        return None
    return TrustedIssuer(issuers=issuers, algorithms=frozenset(DEFAULT_ALGORITHMS), profile=shape, keys=source)


def issuer_urls(user_pool_id: str) -> tuple[str, ...]:
    """Both forms of a pool's `iss`: the original host and the one that multi-Region pools use; none for no pool id."""
    match = _POOL_ID.fullmatch(user_pool_id)
    if match is None:
        return ()
    region = match[1]
    suffix = next(suffix for prefix, suffix in _SUFFIXES.items() if region.startswith(prefix))
    hosts = (f"cognito-idp.{region}.{suffix}", f"issuer-cognito-idp.{region}.{suffix}")
    return tuple(f"https://{host}/{user_pool_id}" for host in hosts)
