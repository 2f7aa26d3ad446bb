"""Our allow answers, made a second time by the response builders of Powertools, in both ways that these offer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from aws_lambda_powertools.utilities.data_classes.api_gateway_authorizer_event import (
    APIGatewayAuthorizerResponse,
    APIGatewayAuthorizerResponseWebSocket,
    parse_api_gateway_arn,
)

from authorizer import arn
from tests.integration.real_parts.answers import answers

if TYPE_CHECKING:
    from collections.abc import Callable

    from authorizer.arn import MethodArn
    from tests.integration.real_parts.answers import Answered

    Answer = dict[str, Any]

SAME, ANOTHER = "the same", "another"


class Rebuilt(NamedTuple):
    """What became of one allow answer when Powertools made it: `SAME`, `ANOTHER`, or the name of its error."""

    sample: str
    way: str
    outcome: str


def rebuild() -> list[Rebuilt]:
    """Every allow answer that is a policy for one method, in every way. Its builders make none for all routes."""
    allowed = [answered for answered in answers() if answered.is_for_the_method and answered.allows]
    return [Rebuilt(one.sample.label, way, _outcome(one, make)) for one in allowed for way, make in WAYS.items()]


def _outcome(answered: Answered, make: Callable[[Answered], Answer]) -> str:
    try:
        theirs = make(answered)
    except ValueError as error:
        return type(error).__name__
    return SAME if _comparable(answered.answer) == _comparable(theirs) else ANOTHER


def _from_arn(answered: Answered) -> Answer:
    """As their documentation shows it: from the ARN of the event."""
    given = answered.arn, answered.answer["principalId"], answered.answer["context"]
    if answered.sample.api == "websocket":
        handshake = APIGatewayAuthorizerResponseWebSocket.from_route_arn(*given)
        handshake.allow_route("$connect")
        return handshake.asdict()
    parsed, response = parse_api_gateway_arn(answered.arn), APIGatewayAuthorizerResponse.from_route_arn(*given)
    response.allow_route(str(parsed.http_method), parsed.resource)
    return response.asdict()


def _from_parts(answered: Answered) -> Answer:
    """From the parts of the ARN as we read it."""
    called = arn.parse(answered.arn)
    if answered.sample.api == "websocket":
        handshake = APIGatewayAuthorizerResponseWebSocket(**_arguments(answered, called))
        handshake.allow_route("$connect")
        return handshake.asdict()
    response = APIGatewayAuthorizerResponse(**_arguments(answered, called))
    response.allow_route(called.method, called.path)
    return response.asdict()


WAYS = {"from_route_arn": _from_arn, "parts": _from_parts}


def _arguments(answered: Answered, called: MethodArn) -> dict[str, Any]:
    return {
        "principal_id": answered.answer["principalId"],
        "region": called.region,
        "aws_account_id": called.account,
        "api_id": called.api_id,
        "stage": called.stage,
        "context": answered.answer["context"],
        "partition": called.partition,
    }


def _comparable(answer: Answer) -> Answer:
    """With all resources as lists, and without what an IAM policy says anyway by not saying it: the denial of the rest."""
    document = answer["policyDocument"]
    statements = [
        {**statement, "Resource": _list(statement["Resource"])}
        for statement in document["Statement"]
        if statement["Effect"] == "Allow"
    ]
    return {"context": {}, **answer, "policyDocument": {**document, "Statement": statements}}


def _list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
