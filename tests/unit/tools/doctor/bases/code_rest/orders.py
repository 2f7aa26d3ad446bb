# mypy: ignore-errors
"""A backend."""


def handler(event, context):
    caller = event["requestContext"]["authorizer"]
    return {"statusCode": 200, "body": f"{caller['principalId']} {caller['user']}"}
