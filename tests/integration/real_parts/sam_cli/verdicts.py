"""What the local API Gateway of SAM CLI makes of our answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from samcli.local.apigw.authorizers.lambda_authorizer import LambdaAuthorizer
from samcli.local.apigw.exceptions import InvalidLambdaAuthorizerResponse

from tests.entries import allows
from tests.integration.real_parts.answers import answers

if TYPE_CHECKING:
    from tests.integration.real_parts.answers import Answered

UNREADABLE = "unreadable"  # sam local start-api answers 500
WHOLE = "the call"  # the answer as it is
READABLE = "the call, by what SAM CLI can read"  # without the statements that it stumbles over
OTHERS = "another call"  # that of another sample, or one that is like the called one


class Verdict(NamedTuple):
    """Whether a call is let through: True, False, or `UNREADABLE`."""

    question: str
    sample: str
    called: str
    ours: bool
    theirs: bool | str


def verdicts() -> list[Verdict]:
    """About every answer and the call that it answers, and about every policy that allows and all other calls."""
    return [
        verdict for answered in answers() for verdict in (_verdict(WHOLE, answered, answered.arn), *_more(answered))
    ]


def _more(answered: Answered) -> list[Verdict]:
    if not answered.is_policy:
        return []
    own = _verdict(READABLE, answered, answered.arn)
    return [own, *(_verdict(OTHERS, answered, arn) for arn in _others(answered))] if answered.allows else [own]


def _others(answered: Answered) -> set[str]:
    """Every other call; and for each sign in the called path, the call with a letter in its place."""
    head, path = answered.arn[: answered.arn.index("/")], answered.arn[answered.arn.index("/") :]
    like = {f"{head}{path[:at]}x{path[at + 1 :]}" for at, sign in enumerate(path) if not sign.isalnum() and at > 0}
    return ({other.arn for other in answers()} | like) - {answered.arn}


def _verdict(question: str, answered: Answered, called: str) -> Verdict:
    answer = answered.answer if question == WHOLE else _readable(answered.answer)
    ours = allows(answered.answer, called)
    return Verdict(question, answered.sample.label, called, ours, _ask(answered.sample.api, answer, called))


def _ask(api: str, answer: dict[str, Any], called: str) -> bool | str:
    gateway = LambdaAuthorizer(
        authorizer_name="authorizer",
        type=LambdaAuthorizer.TOKEN if api == "rest-token" else LambdaAuthorizer.REQUEST,
        lambda_name="function",
        identity_sources=[],
        payload_version="2.0" if api in ("http-simple", "http-policy") else "1.0",
        use_simple_response=api == "http-simple",
    )
    try:
        return bool(gateway.is_valid_response(json.dumps(answer), called))
    except InvalidLambdaAuthorizerResponse:
        return UNREADABLE


def context_of(answer: dict[str, Any]) -> dict[str, Any]:
    """The context that SAM CLI hands to the backend."""
    gateway = LambdaAuthorizer("authorizer", LambdaAuthorizer.REQUEST, "function", [], "2.0")
    context: dict[str, Any] = gateway.get_context(json.dumps(answer))
    return context


def _readable(answer: dict[str, Any]) -> dict[str, Any]:
    document = answer["policyDocument"]
    statements = [statement for statement in document["Statement"] if "Resource" in statement]
    return {**answer, "policyDocument": {**document, "Statement": statements}}
