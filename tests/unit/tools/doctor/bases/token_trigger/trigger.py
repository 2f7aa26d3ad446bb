"""Adds the scope of the orders API to access tokens."""

from typing import Any


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    event["response"]["claimsAndScopeOverrideDetails"] = {"accessTokenGeneration": {"scopesToAdd": ["orders/read"]}}
    return event
