# mypy: ignore-errors
"""An authorizer for payload 2.0 that answers with policies."""

import logging
import os

import jwt

logger = logging.getLogger()
JWKS = jwt.PyJWKClient(os.environ.get("JWKS_URI", ""))


def handler(event, context):
    token = event["identitySource"][0]
    try:
        key = JWKS.get_signing_key_from_jwt(token)
        claims = jwt.decode(token, key, algorithms=["RS256"], options={"verify_aud": False})
        if claims.get("client_id") != os.environ["CLIENT_ID"]:
            raise ValueError("another client")
    except (jwt.PyJWTError, ValueError):
        logger.warning("refused %s", event["requestContext"]["requestId"])
        return policy("nobody", "Deny", event)
    return policy(claims["sub"], "Allow", event)


def policy(user, effect, event):
    statement = dict(Action="execute-api:Invoke", Effect=effect, Resource=event["routeArn"])  # noqa: C408  # as some write it
    return {
        "principalId": user,
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": {"user": user, "groups": ["a", "b"]},
    }
