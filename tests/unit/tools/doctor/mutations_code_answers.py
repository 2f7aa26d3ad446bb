"""Known mistakes in what the code of an authorizer answers, and in what it and a backend look for in their events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.tools.doctor.mutation import BASES, Mutation

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.tools.doctor.mutation import Template

_REST, _HTTP, _SIMPLE, _V1 = "code_rest.yaml", "code_http.yaml", "http_lambda.yaml", "http_lambda_v1.yaml"
_TOKEN_AUTH, _REQUEST_AUTH, _ORDERS_AUTH, _ORDERS = "token_auth.py", "request_auth.py", "orders_auth.py", "orders.py"


def _as_it_is(template: Template) -> None:
    """The template is right."""


def _changed(base: str, file: str, was: str, now: str) -> str:
    text = (BASES / base.removesuffix(".yaml") / file).read_text("utf-8")
    assert was in text, was
    return text.replace(was, now)


def _mutation(name: str, code: str, where: tuple[str, str], change: tuple[str, str]) -> Mutation:
    """`where`: the base, and the file in its folder; `change`: what is there, and the mistake."""
    files = {where[1]: _changed(*where, *change)}
    return Mutation(name=f"answer: {name}", base=where[0], edit=_as_it_is, code=code, files=files)


def _template(name: str, code: str, base: str, edit: Callable[[Template], object]) -> Mutation:
    return Mutation(name=f"answer: {name}", base=base, edit=edit, code=code)


def _cached(template: Template) -> None:
    given = template["Resources"]["Users"]["Properties"]
    given["AuthorizerResultTtlInSeconds"] = 300


def _cached_partners(template: Template) -> None:
    """Kept, and used for two methods."""
    resources = template["Resources"]
    resources["Partners"]["Properties"]["AuthorizerResultTtlInSeconds"] = 60
    resources["GetOrder"]["Properties"]["AuthorizerId"] = {"Ref": "Partners"}
    del resources["Users"], resources["UsersPermission"]


def _without_source(template: Template) -> None:
    del template["Resources"]["Users"]["Properties"]["IdentitySource"]


_ALLOWED = 'allowed = [f"{base}/GET/orders/*", f"{base}/POST/orders"]'
_YES = '{"isAuthorized": event["routeKey"] in routes, "context": {"user": key}}'
_NO = '{"isAuthorized": False}'
_POLICY = '{"principalId": key, "policyDocument": {"Version": "2012-10-17", "Statement": []}}'
_CALLER = '["requestContext"]["authorizer"]'

MUTATIONS = [
    _template("a policy for one method is kept", "code_policy_for_one_method", _REST, _cached_partners),
    _template("a policy for one route is kept", "code_policy_for_one_method", _HTTP, _cached),
    _mutation("an allow for all", "code_resource_star", (_REST, _TOKEN_AUTH), (_ALLOWED, 'allowed = "*"')),
    _mutation(
        "an allow for the stage",
        "code_resource_whole_stage",
        (_REST, _TOKEN_AUTH),
        (_ALLOWED, 'allowed = f"{base}/*/*"'),
    ),
    _mutation(
        "the partition aws",
        "code_hardcodes_partition",
        (_REST, _TOKEN_AUTH),
        (_ALLOWED, 'allowed = [f"arn:aws:execute-api:{parts[3]}:{parts[4]}:{api}/{stage}/GET/orders/*"]'),
    ),
    _mutation(
        "a parameter of a route",
        "code_template_in_resource",
        (_REST, _TOKEN_AUTH),
        (_ALLOWED, 'allowed = [base + "/GET/orders/{id}"]'),
    ),
    _mutation(
        "a greedy parameter in an f-string",
        "code_template_in_resource",
        (_REST, _TOKEN_AUTH),
        (_ALLOWED, 'allowed = [f"{base}/GET/{{proxy+}}"]'),
    ),
    _mutation(
        "the route of the event",
        "code_template_in_resource",
        (_REST, _REQUEST_AUTH),
        (
            'return policy(user, "Allow", event["methodArn"])',
            'return policy(user, "Allow", f"arn:*:execute-api:*:*:*/v1/GET{event[\'resource\']}")',
        ),
    ),
    _mutation(
        "a list in the context", "code_nested_context", (_REST, _TOKEN_AUTH), ('"admin": False', '"roles": ["a"]')
    ),
    _mutation(
        "a table in the context, by steps",
        "code_nested_context",
        (_REST, _REQUEST_AUTH),
        ('answer["context"] = {"user": user, "level": 1}', 'answer["context"] = {"user": {"name": user}}'),
    ),
    _mutation(
        "the status of a backend",
        "code_returns_status",
        (_REST, _REQUEST_AUTH),
        ('return policy("nobody", "Deny", event["methodArn"])', 'return {"statusCode": 401, "body": "no"}'),
    ),
    _mutation(
        "the status of a backend to an HTTP API",
        "code_returns_status",
        (_SIMPLE, _ORDERS_AUTH),
        (f"    return {_NO}", '    return {"statusCode": 403}'),
    ),
    Mutation(
        name="answer: a policy to an API that wants a yes",
        base=_SIMPLE,
        edit=_as_it_is,
        code="code_policy_on_simple",
        files={
            _ORDERS_AUTH: _changed(_SIMPLE, _ORDERS_AUTH, _YES, _POLICY).replace(
                _NO, _POLICY.replace("key", '"nobody"')
            )
        },
    ),
    Mutation(
        name="answer: a yes to an API that wants a policy",
        base=_V1,
        edit=_as_it_is,
        code="code_simple_on_policy",
        files={
            _ORDERS_AUTH: 'def handler(event, context):\n    return {"isAuthorized": bool(event["identitySource"])}\n'
        },
    ),
    _mutation(
        "isAuthorized as .NET writes it",
        "code_is_authorized_spelled",
        (_SIMPLE, _ORDERS_AUTH),
        (_NO, '{"IsAuthorized": False}'),
    ),
    _mutation(
        "isAuthorized with an underscore",
        "code_is_authorized_spelled",
        (_SIMPLE, _ORDERS_AUTH),
        (_NO, '{"is_authorized": False}'),
    ),
    _mutation("a text", "code_is_authorized_text", (_SIMPLE, _ORDERS_AUTH), (_NO, '{"isAuthorized": "false"}')),
    _mutation(
        "a header as people write it",
        "code_header_case",
        (_SIMPLE, _ORDERS_AUTH),
        ('headers.get("authorization", "")', 'headers["Authorization"]'),
    ),
    _template("no identity source", "code_identity_source_null", _HTTP, _without_source),
    Mutation(
        name="answer: authorizationToken in a REQUEST event",
        base=_REST,
        edit=_as_it_is,
        code="code_token_field_on_request",
        files={
            _REQUEST_AUTH: _changed(
                _REST,
                _REQUEST_AUTH,
                '    headers = {name.lower(): value for name, value in (event["headers"] or {}).items()}\n',
                "",
            ).replace('headers.get("authorization", "")', 'event["authorizationToken"]')
        },
    ),
    _mutation(
        "headers in a TOKEN event",
        "code_request_field_on_token",
        (_REST, _TOKEN_AUTH),
        ('event["authorizationToken"]', 'event["headers"]["Authorization"]'),
    ),
    _mutation(
        "methodArn in payload 2.0",
        "code_arn_of_other_payload",
        (_HTTP, _ORDERS_AUTH),
        ('event["routeArn"]', 'event["methodArn"]'),
    ),
    _mutation(
        "routeArn in payload 1.0",
        "code_arn_of_other_payload",
        (_V1, _ORDERS_AUTH),
        ('event["methodArn"]', 'event["routeArn"]'),
    ),
    _mutation(
        "an ARN cut at every colon",
        "code_splits_arn_by_colon",
        (_REST, _TOKEN_AUTH),
        (
            'parts = arn.split(":", 5)\n    api, stage = parts[5].split("/")[:2]',
            'parts = arn.split(":")\n    api, stage, verb, path = parts[5].split("/", 3)',
        ),
    ),
    _mutation(
        "context of another API, in a REST backend",
        "code_backend_reads_wrong_context",
        (_REST, _ORDERS),
        ("{caller['user']}", "{caller['lambda']['user']}"),
    ),
    _mutation(
        "claims behind a Lambda authorizer",
        "code_backend_reads_wrong_context",
        (_REST, _ORDERS),
        ("{caller['user']}", "{caller['claims']['sub']}"),
    ),
    _mutation(
        "a flat context in an HTTP backend",
        "code_backend_reads_wrong_context",
        (_SIMPLE, _ORDERS),
        (f'event{_CALLER}["lambda"]["user"]', f'event{_CALLER}["user"]'),
    ),
    _mutation(
        "claims of a JWT authorizer in an HTTP backend",
        "code_backend_reads_wrong_context",
        (_HTTP, _ORDERS),
        (f'event{_CALLER}["lambda"]', f'event{_CALLER}.get("jwt", {{}}).get("claims")'),
    ),
    _mutation(
        "a backend without a status",
        "code_backend_answers_without_status",
        (_REST, _ORDERS),
        ('{"statusCode": 200, "body": ', '{"message": '),
    ),
    _mutation(
        "a WebSocket policy for messages",
        "code_resource_not_connect",
        ("websocket.yaml", "news_auth.py"),
        ('"Resource": event["methodArn"]', '"Resource": event["methodArn"].replace("$connect", "") + "sendMessage"'),
    ),
]
