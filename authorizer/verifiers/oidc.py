"""Kind `oidc`: an issuer whose keys are found by OpenID Connect Discovery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authorizer.clock import now
from authorizer.jose.discovery import DiscoveredKeys
from authorizer.jose.fetch import is_https
from authorizer.section import REQUIRED
from authorizer.verifiers.issuer_settings import algorithms, audience, keys, profile
from authorizer.verifiers.trusted_issuers import TrustedIssuer

if TYPE_CHECKING:
    from authorizer.section import Section


def oidc_issuer(section: Section) -> TrustedIssuer | None:
    """The issuer that a `kind = "oidc"` section describes; None when the section has problems."""
    issuer = section.text("issuer")
    if issuer is not None and (not is_https(issuer) or "?" in issuer):
        section.problem(
            "issuer", repr(issuer[:60]), "an https URL without query and fragment, exactly as in the token's iss"
        )
    names = () if issuer is None else (issuer,)
    accepted = audience(section, REQUIRED)
    source = keys(section, names, lambda max_bytes: DiscoveredKeys(issuer or "", max_bytes, now))
    shape = profile(section, accepted)
    signs_with = algorithms(section)
    if issuer is None or source is None:
        return None
    return TrustedIssuer(issuers=(issuer,), algorithms=signs_with, profile=shape, keys=source)
