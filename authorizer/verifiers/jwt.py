"""Kind `jwt`: an issuer whose keys are named in the settings, by URL, by file or outright."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authorizer.section import REQUIRED
from authorizer.verifiers.issuer_settings import algorithms, audience, keys, profile
from authorizer.verifiers.trusted_issuers import TrustedIssuer

if TYPE_CHECKING:
    from authorizer.section import Section


def jwt_issuer(section: Section) -> TrustedIssuer | None:
    """The issuer that a `kind = "jwt"` section describes; None when the section has problems."""
    issuer = section.text("issuer")
    accepted = audience(section, REQUIRED)
    source = keys(section, () if issuer is None else (issuer,), remote=None)
    shape = profile(section, accepted)
    signs_with = algorithms(section)
    if issuer is None or source is None:
        return None
    return TrustedIssuer(issuers=(issuer,), algorithms=signs_with, profile=shape, keys=source)
