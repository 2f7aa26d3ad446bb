# mypy: ignore-errors
"""An authorizer for TOKEN events, whose answers are kept."""

import os

import jwt

ISSUER, AUDIENCE = os.environ.get("ISSUER", ""), os.environ.get("AUDIENCE", "")
JWKS = jwt.PyJWKClient(f"{ISSUER}/.well-known/jwks.json", cache_keys=True)


def handler(event, context):
    token = event["authorizationToken"].removeprefix("Bearer ")
    try:
        key = JWKS.get_signing_key_from_jwt(token).key
        claims = jwt.decode(token, key, algorithms=["RS256"], audience=AUDIENCE, issuer=ISSUER)
    except jwt.PyJWTError as error:
        print(f"refused: {type(error).__name__}")
        raise Exception("Unauthorized") from None  # noqa: TRY002  # the text is what counts
    return build(claims["sub"], event["methodArn"])


def build(user, arn):
    parts = arn.split(":", 5)
    api, stage = parts[5].split("/")[:2]
    base = ":".join([*parts[:5], f"{api}/{stage}"])
    allowed = [f"{base}/GET/orders/*", f"{base}/POST/orders"]
    return {
        "principalId": user,
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [{"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": allowed}],
        },
        "context": {"user": user, "admin": False},
    }
