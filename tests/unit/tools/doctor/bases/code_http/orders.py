# mypy: ignore-errors
"""A backend."""


def handler(event, context):
    caller = event["requestContext"]["authorizer"]["lambda"]
    return {"statusCode": 200, "body": caller["user"]}
