# mypy: ignore-errors
"""An authorizer of connections."""

import logging

logger = logging.getLogger()


def handler(event, context):
    token = event["queryStringParameters"]["access_token"]
    if token != "7c5ef1":
        logger.info("refused %s", event["requestContext"]["requestId"])
        raise Exception("Unauthorized")  # noqa: TRY002  # the text is what counts
    statement = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": event["methodArn"]}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return {"principalId": "user", "policyDocument": document, "context": {"user": "one"}}
