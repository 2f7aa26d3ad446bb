"""Powertools' verifier with static keys."""

import json
from typing import Any

from aws_lambda_powertools.utilities.auth_alpha import JWTVerifier

with open("keys.json", "rb") as _file:
    _VERIFIER = JWTVerifier(
        issuer="https://issuer.example.com/",
        audience="orders-api",
        algorithms=["RS256"],
        jwks=json.load(_file),
    )


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """The simple response."""
    return _VERIFIER.authorize(event, scopes=["orders:read"], response_format="simple")
