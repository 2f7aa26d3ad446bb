# mypy: ignore-errors
"""A backend."""


def handler(event, context):
    return {"statusCode": 200, "body": str(event["requestContext"].get("authorizer", {}).get("user"))}
