"""Where the keys of each issuer in a settings file come from, as the file says it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from authorizer import config, settings
from authorizer.verifiers.cognito import issuer_urls

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPlace:
    """The keys of one issuer. Neither `jwks_uri` nor `static` means: by discovery."""

    kind: str
    issuer: str
    jwks_uri: str | None = None
    static: str | None = None  # "jwks_file orders.json", or "jwks" for keys in the settings themselves
    freshness: Mapping[str, Any]

    def __str__(self) -> str:
        return self.static or self.jwks_uri or "by discovery"


def key_places(file: Path) -> list[KeyPlace]:
    """In the order of the file; `ConfigError` when its settings are wrong."""
    settings.read(config.from_file(file))
    return [_place(table) for table in tomllib.loads(file.read_text("utf-8"))["issuer"]]


def _place(table: Mapping[str, Any]) -> KeyPlace:
    pool = table.get("user_pool_id")
    issuer = issuer_urls(pool)[0] if pool else table["issuer"]
    static = next((name for name in ("jwks_file", "jwks") if name in table), None)
    usual = f"{issuer}/.well-known/jwks.json" if pool else None
    return KeyPlace(
        kind=table["kind"],
        issuer=issuer,
        jwks_uri=None if static else table.get("jwks_uri", usual),
        static=f"{static} {table[static]}" if static == "jwks_file" else static,
        freshness=table.get("keys", {}),
    )
