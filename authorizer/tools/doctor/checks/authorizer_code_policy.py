"""The policies in the code of authorizers: whether they are what API Gateway reads, and whom they let in where.

Source: API Gateway Developer Guide, "Output from an API Gateway Lambda authorizer", "Control access to HTTP APIs with AWS
Lambda authorizers".
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from authorizer.surface import Api as Kind
from authorizer.tools.doctor.code_paths import ARNS, path_of
from authorizer.tools.doctor.code_policy import end_of, literals, may_allow, resources, statements
from authorizer.tools.doctor.code_tables import answers
from authorizer.tools.doctor.foreign_code import backends, programs
from authorizer.tools.template_check.identity import METHOD, PATH, ROUTE_KEY, identities

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.asked import Use
    from authorizer.tools.doctor.code_flow import At
    from authorizer.tools.doctor.code_tables import Table
    from authorizer.tools.doctor.handler_code import Program
    from authorizer.tools.doctor.view import View
    from authorizer.tools.template_check.finding import Finding

_PARTITION: Final = "arn:aws:"
_PARAMETER: Final = re.compile(r"/\{[A-Za-z_][\w-]*\+?\}")
_ROUTE: Final = (("resource",), ("routeKey",), ("requestContext", "resourcePath"), ("requestContext", "routeKey"))
_SEVERAL = ast.Dict | ast.List | ast.Tuple | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp


def one_method(view: View) -> Iterator[Finding]:
    """A policy for the called method alone, kept for a caller who then calls another one."""
    for one, program in programs(view):
        uses = [use for use in one.uses if use.ttl and _has_several(view, use) and not _is_in_key(use)]
        for statement in statements(program) if uses else ():
            found = resources(statement)
            if found and may_allow(statement) and all(path_of(at) in ARNS for at in found):
                yield view.finding(
                    "code_policy_for_one_method",
                    program.place,
                    found=f"{program.where(_named(statement))}: an allow for the called method alone, which {uses[0]} keeps",
                    right="all that the caller may call, or method and path among the identity sources, or TTL 0",
                    fix=(
                        'stage_arn = "/".join(event["methodArn"].split("/", 2)[:2])',
                        '"Resource": [f"{stage_arn}/GET/orders/*", f"{stage_arn}/POST/orders"]',
                    ),
                )


def _named(statement: Table) -> ast.expr:
    """The table that names the resource: where the mistake shows."""
    return statement.at.node


def _has_several(view: View, use: Use) -> bool:
    """Whether the authorizer is asked for more than one path and method."""
    routes = view.guarded(use.api, use.authorizer)
    wide = [one for one in routes if one.method == "ANY" or "{" in str(one.path)]
    return use.kind is not Kind.WEBSOCKET and (len(routes) > 1 or bool(wide))


def _is_in_key(use: Use) -> bool:
    known = identities(use.authorizer)
    return {METHOD, PATH} <= known or ROUTE_KEY in known or len(known) < len(use.authorizer.identity_sources)


def written_resources(view: View) -> Iterator[Finding]:
    """Resources that allow more than is meant, or that no ARN of a call can be."""
    for _, program in programs(view):
        for statement in statements(program):
            for at in resources(statement):
                if may_allow(statement):
                    yield from _too_wide(view, program, at)
                yield from _never_met(view, program, at)


def _too_wide(view: View, program: Program, at: At) -> Iterator[Finding]:
    where = program.where(at.node)
    if at.text == "*":
        yield view.finding(
            "code_resource_star",
            program.place,
            found=f'{where}: "Resource": "*" in an allow',
            right="the methods that this caller may call",
            fix=('"Resource": [f"{stage_arn}/GET/orders/*"]',),
        )
    elif end_of(at).endswith("*/*"):
        yield view.finding(
            "code_resource_whole_stage",
            program.place,
            found=f"{where}: an allow for every method of the stage",
            right="to know: right where every caller may call everything that this authorizer guards",
        )


def _never_met(view: View, program: Program, at: At) -> Iterator[Finding]:
    where, texts = program.where(at.node), literals(at)
    if any(text.startswith(_PARTITION) for text in texts[:1]):
        yield view.finding(
            "code_hardcodes_partition",
            program.place,
            found=f"{where}: {_PARTITION}… in a Resource",
            right="the partition of the event's ARN",
            fix=('partition = event["methodArn"].split(":", 2)[1]', 'f"arn:{partition}:execute-api:…"'),
        )
    parameter = next((found[0][1:] for text in texts if (found := _PARAMETER.search(text))), None)
    if parameter is None and isinstance(at.node, ast.JoinedStr):
        inner = [one.value for one in at.node.values if isinstance(one, ast.FormattedValue)]
        parameter = next((ast.unparse(one) for one in inner if path_of(at.frame.at(one)) in _ROUTE), None)
    if parameter is not None:
        yield view.finding(
            "code_template_in_resource",
            program.place,
            found=f"{where}: {parameter} in a Resource, which is part of a route and of no call",
            right="* where a call has a value",
            fix=('f"{stage_arn}/GET/orders/*"  # for the route GET /orders/{id}',),
        )


def connection_resources(view: View) -> Iterator[Finding]:
    """Of WebSocket APIs: there is one ARN that is ever compared, and it ends with $connect."""
    for one, program in programs(view):
        uses = [use for use in one.uses if use.kind is Kind.WEBSOCKET]
        for statement in statements(program) if len(uses) == len(one.uses) else ():
            for at in resources(statement):
                end = end_of(at)
                if end and may_allow(statement) and not end.endswith(("$connect", "*")):
                    yield view.finding(
                        "code_resource_not_connect",
                        program.place,
                        found=f"{program.where(at.node)}: a Resource that ends with {end[-40:]}, at {uses[0]}",
                        right="the methodArn, which ends with /$connect",
                        fix=('"Resource": event["methodArn"]',),
                    )


def nested_context(view: View) -> Iterator[Finding]:
    """Context values with parts, which a REST API cannot read."""
    for one, program in programs(view):
        uses = [use for use in one.uses if use.kind is not Kind.HTTP]
        for context in (each for answer in answers(program) for each in answer.tables("context")) if uses else ():
            for key in context.items:
                nested = [at for at in context.values(key) if isinstance(at.node, _SEVERAL)]
                if nested:
                    yield view.finding(
                        "code_nested_context",
                        program.place,
                        found=f"{program.where(nested[0].node)}: context.{key} has parts, at {uses[0]}",
                        right="a text, a number or a boolean",
                        fix=(f'"{key}": json.dumps(…)  # the backend reads it with json.loads',),
                    )


def shapes(view: View) -> Iterator[Finding]:
    """Answers in the words of another kind of authorizer."""
    for one, program in programs(view):
        if program.name in backends(view):
            continue
        found = answers(program)
        yield from _statuses(view, program, found)
        if all(use.is_simple for use in one.uses):
            yield from _of_simple(view, program, found)
        elif not any(use.is_simple for use in one.uses):
            simple = next((each for each in found if "isAuthorized" in each.items), None)
            if simple is not None and "policyDocument" not in program.texts:
                yield view.finding(
                    "code_simple_on_policy",
                    program.place,
                    found=f"{program.where(simple.at.node)}: isAuthorized, and {one.uses[0]} reads policies",
                    right="a policy, or an HTTP API's authorizer with payload 2.0 and EnableSimpleResponses: true",
                    fix=('{"principalId": user, "policyDocument": {"Version": "2012-10-17", "Statement": […]}}',),
                )


def _statuses(view: View, program: Program, found: list[Table]) -> Iterator[Finding]:
    known = ("policyDocument", "isAuthorized")
    wrong = [one for one in found if "statusCode" in one.items and not any(name in one.items for name in known)]
    if wrong:
        yield view.finding(
            "code_returns_status",
            program.place,
            found=f"{program.where(wrong[0].at.node)}: returns a statusCode, as backends do",
            right='a refusal in an authorizer\'s words; for a 401, raise Exception("Unauthorized") on REST and WebSocket',
            fix=('raise Exception("Unauthorized")  # or return {"isAuthorized": False} to an HTTP API',),
        )


def _of_simple(view: View, program: Program, found: list[Table]) -> Iterator[Finding]:
    policy = next((one for one in found if "policyDocument" in one.items), None)
    if policy is not None and "isAuthorized" not in program.texts:
        yield view.finding(
            "code_policy_on_simple",
            program.place,
            found=f"{program.where(policy.at.node)}: a policyDocument, and the API reads isAuthorized",
            right="isAuthorized, or EnableSimpleResponses: false",
            fix=('return {"isAuthorized": True, "context": {"user": user}}',),
        )
    for one in found:
        for key in one.items:
            if key != "isAuthorized" and key.replace("_", "").lower() == "isauthorized":
                yield view.finding(
                    "code_is_authorized_spelled",
                    program.place,
                    found=f"{program.where(one.at.node)}: {key}",
                    right="isAuthorized, letter by letter",
                    fix=('"isAuthorized": True',),
                )
        texts = [at.text for at in one.values("isAuthorized") if at.text is not None]
        if texts:
            yield view.finding(
                "code_is_authorized_text",
                program.place,
                found=f'{program.where(one.at.node)}: "isAuthorized": "{texts[0]}"',
                right="True or False, without quotes",
                fix=('"isAuthorized": allowed is True',),
            )


CHECKS = (one_method, written_resources, connection_resources, nested_context, shapes)
