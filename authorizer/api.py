"""For functions of your own: plain factories that need no settings file.

from authorizer import http_authorizer, cognito
handler = http_authorizer(cognito("eu-west-1_AbCdEfGhI", client_ids=["4h57k…"], token_use=["access"]))
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from authorizer import settings
from authorizer.handler import Authorizer
from authorizer.jose.claims import ANY_AUDIENCE
from authorizer.section import Section
from authorizer.verifiers import KINDS
from authorizer.verifiers.cognito import ANY_CLIENT
from authorizer.verifiers.trusted_issuers import TrustedIssuer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from authorizer.response import Answer
    from authorizer.verifiers.base import Verifier
    from authorizer.verifiers.issuer_settings import IssuerOptions

    Handler = Callable[[object, object], Answer]

ANY_VALID_TOKEN: Mapping[str, Any] = {"require": {"any_valid_token": True}}


def cognito(
    user_pool_id: str,
    *,
    client_ids: Sequence[str] | str,
    token_use: Sequence[str],
    audience: Sequence[str] | str | None = None,
    **options: Unpack[IssuerOptions],
) -> TrustedIssuer:
    """An Amazon Cognito user pool. `client_ids` may be `ANY_CLIENT`; `audience` is for resource-bound access tokens.

    Raises `ConfigError` with every problem in the arguments.
    """
    named = {"user_pool_id": user_pool_id, "client_ids": client_ids, "token_use": token_use}
    return _issuer("cognito", named | ({} if audience is None else {"audience": audience}) | dict(options))


def oidc(issuer: str, *, audience: Sequence[str] | str, **options: Unpack[IssuerOptions]) -> TrustedIssuer:
    """An OpenID provider, whose keys are discovered. `audience` may be `ANY_AUDIENCE`. Raises `ConfigError`."""
    return _issuer("oidc", {"issuer": issuer, "audience": audience} | dict(options))


def jwt(issuer: str, *, audience: Sequence[str] | str, **options: Unpack[IssuerOptions]) -> TrustedIssuer:
    """An issuer whose keys are given: one of `jwks_uri`, `jwks_file` and `jwks`. Raises `ConfigError`."""
    return _issuer("jwt", {"issuer": issuer, "audience": audience} | dict(options))


def rest_authorizer(*verifiers: TrustedIssuer | Verifier, config: Mapping[str, Any] = ANY_VALID_TOKEN) -> Handler:
    """A handler for REST APIs. `config` is as in authorizer.toml; by default every valid token passes."""
    return _authorizer(verifiers, config).rest


def websocket_authorizer(*verifiers: TrustedIssuer | Verifier, config: Mapping[str, Any] = ANY_VALID_TOKEN) -> Handler:
    """A handler for the `$connect` route of WebSocket APIs; `config` as for `rest_authorizer`."""
    return _authorizer(verifiers, config).websocket


def http_authorizer(*verifiers: TrustedIssuer | Verifier, config: Mapping[str, Any] = ANY_VALID_TOKEN) -> Handler:
    """A handler for HTTP APIs with simple responses; `config` as for `rest_authorizer`."""
    return _authorizer(verifiers, config).http


def http_policy_authorizer(
    *verifiers: TrustedIssuer | Verifier, config: Mapping[str, Any] = ANY_VALID_TOKEN
) -> Handler:
    """A handler for HTTP APIs with policy responses; `config` as for `rest_authorizer`."""
    return _authorizer(verifiers, config).http_policy


def _issuer(kind: str, values: Mapping[str, Any]) -> TrustedIssuer:
    section = Section(values, kind)
    issuer = KINDS[kind](section)
    section.finish()
    section.raise_problems()
    assert issuer is not None  # a kind that returns None has noted why
    return issuer


def _authorizer(verifiers: Sequence[TrustedIssuer | Verifier], config: Mapping[str, Any]) -> Authorizer:
    issuers = [one for one in verifiers if isinstance(one, TrustedIssuer)]
    others = [one for one in verifiers if not isinstance(one, TrustedIssuer)]
    return Authorizer(settings.read(Section(config), issuers, has_others=bool(others)), others)


__all__ = [
    "ANY_AUDIENCE",
    "ANY_CLIENT",
    "cognito",
    "http_authorizer",
    "http_policy_authorizer",
    "jwt",
    "oidc",
    "rest_authorizer",
    "websocket_authorizer",
]
