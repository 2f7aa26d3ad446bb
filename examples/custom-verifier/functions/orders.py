"""A backend that answers with the caller that it was given from the authorizer."""

import json
from typing import Any


def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    """The caller, as API Gateway hands it over."""
    caller = event["requestContext"]["authorizer"]["principalId"]
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": json.dumps({"caller": caller})}
