# mypy: ignore-errors
"""A backend."""


def handler(event, context):
    return {"statusCode": 200, "body": event["requestContext"]["authorizer"]["principalId"]}
