# mypy: ignore-errors
"""An authorizer for REQUEST events, whose answers nobody keeps."""

from verify import verified


def handler(event, context):
    headers = {name.lower(): value for name, value in (event["headers"] or {}).items()}
    user = verified(headers.get("authorization", ""))
    if user is None:
        return policy("nobody", "Deny", event["methodArn"])
    return policy(user, "Allow", event["methodArn"])


def policy(user, effect, resource):
    answer = {"principalId": user}
    if effect and resource:
        document = {}
        document["Version"] = "2012-10-17"
        statement = {}
        statement["Action"] = "execute-api:Invoke"
        statement["Effect"] = effect
        statement["Resource"] = resource
        document["Statement"] = [statement]
        answer["policyDocument"] = document
    answer["context"] = {"user": user, "level": 1}
    return answer
