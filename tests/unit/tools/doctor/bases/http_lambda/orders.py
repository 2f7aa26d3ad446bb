# mypy: ignore-errors
"""A backend."""


def handler(event, context):
    user = event["requestContext"]["authorizer"]["lambda"]["user"]
    return {"statusCode": 200, "body": user}
