"""Functions that trust five issuers, whose keys a test has, and ways to ask `explain` about a token of theirs."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from authorizer import settings
from authorizer.section import Section
from authorizer.testing import SigningKey, cognito_access_claims, cognito_id_claims, http_v2, key_set, mint
from authorizer.tools.entry_point import EntryPoint
from authorizer.tools.explain.deployment import Deployment, deployed
from authorizer.tools.explain.explanation import Explanation, explain_event, explain_token

if TYPE_CHECKING:
    from authorizer.testing import Call

NOW = 1_795_428_000
ISSUER = "https://issuer.example.com/"
REALM = "https://sso.example.com/realms/orders"
POOL, ID_POOL, FORM_POOL = "eu-west-1_AbCdEfGhI", "eu-west-1_JkLmNoPqR", "eu-west-1_SpelledOut"
CLIENT, ID_CLIENT = "4h57kexampleclientid12345", "5i68lexampleclientid67890"
COGNITO = "https://cognito-idp.eu-west-1.amazonaws.com"
ROUTES: list[dict[str, Any]] = [
    {"match": "GET /orders/{id}", "scopes": ["orders:read"]},
    {"match": "POST /orders", "any_scopes": ["orders/write", "orders/all"]},
    {"match": "ANY /admin/{proxy+}", "groups": ["admins"]},
    {"match": "GET /me", "any_valid_token": True},
    {"match": "GET /health", "public": True},
]


@cache
def signing_keys() -> dict[str, SigningKey]:
    """By kid. `shared` is the kid of two keys, of two issuers."""
    keys = {kid: SigningKey.generate("ES256", kid=kid) for kid in ("own", "next", "realm", "stranger")}
    keys["shared"] = SigningKey.generate("ES256", kid="shared")
    keys["shared-of-realm"] = SigningKey.generate("ES256", kid="shared")
    users = SigningKey.generate("RS256", kid="users")
    return keys | {"users": users, "members": SigningKey.generate("RS256", kid="members")}


def configuration(**tables: Any) -> dict[str, Any]:
    """The settings, with whole tables changed; `...` drops one."""
    keys = signing_keys()
    es256 = {"kind": "jwt", "algorithms": ["ES256"], "audience": ["orders-api"]}
    pool = {"kind": "cognito", "jwks": key_set(keys["users"])}
    issuers = [
        es256 | {"issuer": ISSUER, "jwks": key_set(keys["own"], keys["next"], keys["shared"])},
        es256 | {"issuer": REALM, "jwks": key_set(keys["realm"], keys["shared-of-realm"])},
        pool | {"user_pool_id": POOL, "client_ids": [CLIENT], "token_use": ["access"]},
        {"kind": "cognito", "user_pool_id": ID_POOL, "client_ids": [ID_CLIENT], "token_use": ["id"]}
        | {"jwks": key_set(keys["members"])},
        es256 | {"issuer": f"{COGNITO}/{FORM_POOL}", "jwks": key_set(keys["own"])},
    ]
    whole = {"issuer": issuers, "route": ROUTES, "log": {"service": "explain-tests"}} | tables
    return {name: table for name, table in whole.items() if table is not ...}


def functions(now: float = NOW, **tables: Any) -> Deployment:
    """Everything that answers, with these settings, at this time."""
    return deployed(settings.read(Section(configuration(**tables))), now)


def token(kid: str = "own", *, header: Any = None, **claims: Any) -> str:
    """A good token of the first issuer, but for what is changed."""
    return mint(signing_keys()[kid], now=NOW, header=header, **claims)


def user_token(**claims: Any) -> str:
    """A Cognito access token, which opens what any valid token opens."""
    return mint(
        signing_keys()["users"], cognito_access_claims(client_id=CLIENT, now=NOW), header={"typ": ...}, **claims
    )


def id_token(pool: str = ID_POOL, client: str = ID_CLIENT, **claims: Any) -> str:
    """A Cognito ID token."""
    key = signing_keys()["members" if pool == ID_POOL else "users"]
    return mint(key, cognito_id_claims(user_pool_id=pool, client_id=client, now=NOW), header={"typ": ...}, **claims)


def of_token(text: str, **tables: Any) -> Explanation:
    """What is said of a bare token."""
    return explain_token(text, functions(**tables))


def of_call(text: str | None, call: Call | None = None, *, raw: str | None = None, **tables: Any) -> Explanation:
    """What is said of a call of an HTTP API."""
    event = http_v2(text, *([] if call is None else [call]), raw=raw)
    return explain_event(event, EntryPoint.HTTP, functions(**tables))


def codes(explained: Explanation) -> list[str]:
    """The reasons, in the order in which they were found."""
    return [finding.reason.value for finding in explained.findings]


def near_misses(explained: Explanation) -> list[str]:
    """The codes of the notes."""
    return [note.near_miss.value for note in explained.notes]


def with_kid(kid: str, other: str) -> SigningKey:
    """A key under another name."""
    return replace(signing_keys()[kid], kid=other)
