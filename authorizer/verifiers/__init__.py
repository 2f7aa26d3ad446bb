"""Verifiers, one file per kind. To add a kind of issuer: one file, one row in `KINDS`, one test file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authorizer.verifiers.cognito import cognito_issuer
from authorizer.verifiers.jwt import jwt_issuer
from authorizer.verifiers.oidc import oidc_issuer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from authorizer.section import Section
    from authorizer.verifiers.trusted_issuers import TrustedIssuer

KINDS: Final[Mapping[str, Callable[[Section], TrustedIssuer | None]]] = {
    "cognito": cognito_issuer,
    "oidc": oidc_issuer,
    "jwt": jwt_issuer,
}
