"""A user pool and an OpenID provider, with clients; and what our own engine says of their tokens."""

from __future__ import annotations

import json
from base64 import b64encode
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from authorizer.jose.base64url import decode_ascii
from authorizer.testing import Call, http_v2
from authorizer.tools.gateway.message import HttpRequest
from authorizer.tools.local_issuer.client import Client
from authorizer.tools.local_issuer.key_ring import KeyRing
from authorizer.tools.local_issuer.local_issuers import LocalIssuers
from authorizer.tools.local_issuer.stand_in import Kind, StandIn
from authorizer.verifiers.cognito import issuer_urls

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authorizer import Authorizer

POOL: Final = "eu-west-1_AbCdEfGhI"
LOGIN: Final = "https://login.example.com/"
RESOURCE: Final = "https://api.example.com"
SCOPE: Final = "orders/read"
NOW: Final = 1_800_000_000.0

WEB = Client(id="web", scopes=("openid", SCOPE), grants=("password",))
JOB = Client(id="job", secret="s3cret&=:", scopes=(SCOPE, "orders/write"), grants=("client_credentials",))


def pool(keys: KeyRing | None = None, **changes: Any) -> StandIn:
    """A user pool, with keys that all tests share unless given."""
    plain: dict[str, Any] = {
        "name": "users",
        "kind": "cognito",
        "issuers": issuer_urls(POOL),
        "clients": (WEB, JOB),
        "scopes": ("openid", SCOPE),
        "keys": keys or ring("cognito"),
    }
    return StandIn(**plain | changes)


def provider(keys: KeyRing | None = None, **changes: Any) -> StandIn:
    """An OpenID provider, with keys that all tests share unless given."""
    plain: dict[str, Any] = {
        "name": "login",
        "kind": "oidc",
        "issuers": (LOGIN,),
        "audience": ("orders-api",),
        "clients": (WEB, JOB),
        "keys": keys or ring("oidc"),
    }
    return StandIn(**plain | changes)


@cache
def ring(kind: Kind) -> KeyRing:
    """Keys for the whole run: RSA takes long."""
    return KeyRing()


def issuers() -> LocalIssuers:
    """Both."""
    return LocalIssuers([pool(), provider()])


def settings(stand_in: StandIn, require: Mapping[str, Any], **issuer: Any) -> dict[str, Any]:
    """Settings that trust a stand-in, with its keys of this moment."""
    keys = {"jwks": stand_in.keys.published()}
    if stand_in.kind == "cognito":
        named = {"kind": "cognito", "user_pool_id": POOL, "client_ids": ["web", "job"], "token_use": ["access", "id"]}
    else:
        named = {"kind": "jwt", "issuer": stand_in.issuer, "audience": [*stand_in.audience, "web"]}
    log = {"service": "local-issuer-tests"}
    return {"issuer": [{**named, **keys, **issuer}], "require": dict(require), "answers": {"http": 403}, "log": log}


def judged(made: Authorizer, token: str) -> str | None:
    """The reason for which our engine refuses a token; None when it does not."""
    answer = made.http(http_v2(token, Call(method="GET", path="/orders/1", template="/orders/{id}")), None)
    return None if answer["isAuthorized"] else str(answer["context"]["reason"])


def claims_of(token: str) -> dict[str, Any]:
    """The payload, unproven."""
    return _object(token.split(".")[1])


def header_of(token: str) -> dict[str, Any]:
    """The header, unproven."""
    return _object(token.split(".")[0])


def _object(segment: str) -> dict[str, Any]:
    members: dict[str, Any] = json.loads(decode_ascii(segment.encode()))
    return members


def form(path: str, fields: str, *headers: tuple[str, str]) -> HttpRequest:
    """A form sent to an endpoint."""
    content = ("Content-Type", "application/x-www-form-urlencoded")
    return HttpRequest(method="POST", target=f"/_issuer{path}", headers=(content, *headers), body=fields.encode())


def basic(name: str, secret: str) -> tuple[str, str]:
    """HTTP Basic as RFC 6749 section 2.3.1 has it, both already form-encoded."""
    return "Authorization", "Basic " + b64encode(f"{name}:{secret}".encode()).decode()
