"""A small project: settings with a key of its own, and one event per API for the outcomes that matter."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

from authorizer.testing import SigningKey, key_set, mint
from authorizer.testing.events import http_v1, http_v2, rest_request, rest_token, websocket_connect
from authorizer.tools.function_environment import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

YEAR_2100 = 4_102_444_800

BUILDERS: dict[str, Callable[..., dict[str, Any]]] = {
    "rest-token": rest_token,
    "rest-request": rest_request,
    "websocket": websocket_connect,
    "http-simple": http_v2,
    "http-policy": http_v2,
    "http-policy-1.0": http_v1,
}


def settings(key: SigningKey) -> str:
    """An authorizer.toml that trusts the one key."""
    return f"""
[[issuer]]
kind = "jwt"
issuer = "https://issuer.example.com/"
audience = ["orders-api"]
algorithms = ["{key.algorithm}"]
jwks = '{json.dumps(key_set(key))}'
[require]
scopes = ["orders:read"]
"""


def tokens(key: SigningKey) -> dict[str, str | None]:
    """A token per outcome."""
    return {
        "allow-good": mint(key, exp=YEAR_2100),
        "token_expired": mint(key, iat=900, nbf=900, exp=1000),
        "scope_insufficient": mint(key, exp=YEAR_2100, scope="another"),
        "credential_missing": None,
    }


def write_events(project: Path, key: SigningKey) -> Path:
    """`events/` with schemas, settings and events, in the folder of a project."""
    events = project / "events"
    shutil.copytree(PROJECT / "events" / "schema", events / "schema")
    (events / "env.json").write_text(json.dumps({"Parameters": {"AUTHORIZER_CONFIG": settings(key)}}))
    for api, build in BUILDERS.items():
        (events / api).mkdir()
        for name, token in tokens(key).items():
            (events / api / f"{name}.json").write_text(json.dumps(build(token), indent=2))
    return events
