"""What an issuer publishes about itself: its metadata, and where each document is found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from authorizer.tools.local_issuer.client import GRANTS

if TYPE_CHECKING:
    from authorizer.tools.local_issuer.stand_in import StandIn

DISCOVERY: Final = "/.well-known/openid-configuration"  # OpenID Connect Discovery 1.0 section 4
KEYS: Final = "/.well-known/jwks.json"
_HTTPS: Final = 443

Documents = dict[str, dict[str, Any]]  # path → document


def metadata(stand_in: StandIn, issuer: str, base_url: str) -> dict[str, Any]:
    """The metadata of an issuer (RFC 8414 section 2, OpenID Connect Discovery 1.0 section 3), its endpoints at a URL."""
    return {
        "issuer": issuer,
        "jwks_uri": base_url + KEYS,
        "token_endpoint": f"{base_url}/token",
        "authorization_endpoint": f"{base_url}/authorize",
        "grant_types_supported": list(GRANTS),
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": list(stand_in.algorithms),
        "scopes_supported": list(stand_in.scopes),
    }


def documents_by_host(stand_in: StandIn) -> dict[str, Documents]:
    """Host → path → document, as functions find them on the Internet: metadata and keys, of every form of the `iss`."""
    found: dict[str, Documents] = {}
    keys = stand_in.keys.published()
    for issuer in stand_in.issuers:
        at = issuer.removesuffix("/")
        _put(found, at + DISCOVERY, metadata(stand_in, issuer, at))
        _put(found, at + KEYS, keys)
    for url in stand_in.keys_at:
        _put(found, url, keys)
    return found


def _put(found: dict[str, Documents], url: str, document: dict[str, Any]) -> None:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not host or ":" in host:  # an IPv6 address: nobody looks it up
        return
    name = host if parts.port in (None, _HTTPS) else f"{host}:{parts.port}"
    found.setdefault(name, {})[parts.path or "/"] = document
