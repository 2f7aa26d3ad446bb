"""Claims as Amazon Cognito user pools write them. See the Cognito guide, "Understanding user pool JSON web tokens".

Cognito's header has no `typ`: `mint(key, cognito_access_claims(), header={"typ": ...})` is exact in that too.
"""

from __future__ import annotations

from authorizer import clock
from authorizer.testing.mint import changed

USER_POOL_ID = "eu-west-1_AbCdEfGhI"
CLIENT_ID = "4h57kexampleclientid12345"
_SUBJECT = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
_LIFETIME = 3600  # seconds: Cognito's default for access and ID tokens


def cognito_issuer(user_pool_id: str = USER_POOL_ID) -> str:
    """The issuer of a pool: the form that the API calls ORIGINAL, with the suffix of the pool's partition."""
    region = user_pool_id.partition("_")[0]
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return f"https://cognito-idp.{region}.{suffix}/{user_pool_id}"


def cognito_access_claims(
    *, user_pool_id: str = USER_POOL_ID, client_id: str = CLIENT_ID, now: float | None = None, **overrides: object
) -> dict[str, object]:
    """An access token of a signed-in user: `client_id` and `username`, and no `aud`."""
    own = {
        "client_id": client_id,
        "version": 2,
        "token_use": "access",
        "scope": "openid orders/read",
        "username": "jane",
    }
    return changed(_user(user_pool_id, now) | own, overrides)


def cognito_id_claims(
    *, user_pool_id: str = USER_POOL_ID, client_id: str = CLIENT_ID, now: float | None = None, **overrides: object
) -> dict[str, object]:
    """An ID token of a signed-in user: `aud` is the app client, there is no `client_id` and no `scope`."""
    own = {
        "aud": client_id,
        "token_use": "id",
        "cognito:username": "jane",
        "email": "jane@example.com",
        "email_verified": True,
        "at_hash": "kq0mWVg7y4Yb1o9Z1hYx3A",
        "custom:tenant": "example",
    }
    return changed(_user(user_pool_id, now) | own, overrides)


def cognito_client_credentials_claims(
    *, user_pool_id: str = USER_POOL_ID, client_id: str = CLIENT_ID, now: float | None = None, **overrides: object
) -> dict[str, object]:
    """An access token of a machine: `sub` is the app client, there is no user and no group."""
    own = {"sub": client_id, "client_id": client_id, "version": 2, "token_use": "access", "scope": "orders/read"}
    return changed(_session(user_pool_id, now) | own, overrides)


def cognito_resource_bound_claims(
    resource: str = "https://api.example.com",
    *,
    user_pool_id: str = USER_POOL_ID,
    client_id: str = CLIENT_ID,
    now: float | None = None,
    **overrides: object,
) -> dict[str, object]:
    """An access token asked for with `resource` (RFC 8707): as any other, with the resource's URL in `aud`."""
    claims = cognito_access_claims(user_pool_id=user_pool_id, client_id=client_id, now=now)
    return changed(claims | {"aud": resource}, overrides)


def _session(user_pool_id: str, now: float | None) -> dict[str, object]:
    issued = int(clock.now() if now is None else now)
    return {
        "iss": cognito_issuer(user_pool_id),
        "auth_time": issued,
        "iat": issued,
        "exp": issued + _LIFETIME,
        "jti": "11111111-2222-4333-8444-555555555555",
    }


def _user(user_pool_id: str, now: float | None) -> dict[str, object]:
    return _session(user_pool_id, now) | {
        "sub": _SUBJECT,
        "origin_jti": "22222222-3333-4444-8555-666666666666",
        "event_id": "33333333-4444-4555-8666-777777777777",
        "cognito:groups": ["readers"],
    }
