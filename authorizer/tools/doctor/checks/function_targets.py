"""Whether the function that an authorizer or a route names can be invoked at all: its URI, its variables, its role."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from authorizer.surface import Api as Kind
from authorizer.tools.doctor.invocation import invoked
from authorizer.tools.doctor.roles import GATEWAY, allows, role_of, trusts_gateway
from authorizer.tools.doctor.told import property_place, stage_place, stages, told
from authorizer.tools.template import Place, Unresolved
from authorizer.tools.template.shape import as_text
from authorizer.tools.template_check.template_lines import Property, property_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import Api, Stage
    from authorizer.tools.template.unresolved import Text
    from authorizer.tools.template_check.finding import Finding

_URI: Final = re.compile(r"arn:[\w-]+:apigateway:[\w-]+:lambda:path/\d{4}-\d\d-\d\d/functions/(.+)/[\w-]*invocations")
_VARIABLE: Final = re.compile(r"\$\{stageVariables\.(\w+)\}")
_PATH: Final = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """What names a function: an authorizer, or a route by its integration. `name` is how people call it."""

    api: Api
    name: str
    place: Place
    uri: Text | None
    function: Text | None
    credentials: Text | None
    lines_for: Property | None = None

    def lines(self, uri: str) -> tuple[str, ...]:
        """Another URI, in the words of the place."""
        if self.lines_for is None:
            in_body = "paths" in self.place.path
            return ("x-amazon-apigateway-integration:", f"  uri: {uri}") if in_body else (f"Uri: {uri}",)
        return property_lines(self.place, self.lines_for, self.api.kind, uri)


def _targets(view: View) -> Iterator[_Target]:
    for api, one in view.authorizers():
        if one.kind.calls_function:
            yield _Target(
                api=api,
                name=f"the authorizer {one.name}",
                place=property_place(api, one, Property.FUNCTION),
                uri=one.uri,
                function=one.function,
                credentials=one.credentials,
                lines_for=Property.FUNCTION,
            )
    yield from _of_routes(view)


def _of_routes(view: View) -> Iterator[_Target]:
    told_of: set[tuple[str, str]] = set()
    for api, route in view.routes():
        backend = route.backend
        if backend is None or str(backend.kind).upper() != "AWS_PROXY" or (api.logical_id, str(backend.uri)) in told_of:
            continue
        told_of.add((api.logical_id, str(backend.uri)))
        given = {name.lower(): value for name, value in backend.given.items()}
        credentials = as_text(given.get("credentials", given.get("credentialsarn")))
        yield _Target(
            api=api,
            name=f"the integration of {route.name}",
            place=route.place,
            uri=backend.uri,
            function=backend.function,
            credentials=credentials,
        )


def function_uris(view: View) -> Iterator[Finding]:
    """URIs that lead to no function."""
    for one in _targets(view):
        is_authorizer = one.lines_for is not None
        if one.uri is None:
            if is_authorizer:
                yield _without_function(view, one)
        elif _lost(view, one):
            yield _not_there(view, one)
        elif (is_authorizer or one.api.kind is Kind.REST) and _is_malformed(view, one):
            yield view.finding(
                "function_uri_malformed",
                one.place,
                found=f"{one.uri} for {one.name}",
                right=f"the URI to invoke it by: {_PATH}/ARN/invocations",
                fix=one.lines(f'!Sub "{_PATH}/{_sub(view, one)}/invocations"'),
            )


def _without_function(view: View, one: _Target) -> Finding:
    return view.finding(
        "authorizer_function_missing",
        one.place,
        found=f"no function for {one.name}",
        right="the URI of the function that decides",
        fix=one.lines(f'!Sub "{_PATH}/${{Function.Arn}}/invocations"'),
    )


def _not_there(view: View, one: _Target) -> Finding:
    return view.finding(
        "function_not_in_template",
        one.place,
        found=f"{', '.join(_lost(view, one))} for {one.name}, which is not there",
        right="a function that is deployed",
        fix=one.lines(f'!Sub "{_PATH}/${{Function.Arn}}/invocations"  # of: {_known_functions(view)}'),
    )


def _lost(view: View, one: _Target) -> list[str]:
    """What a URI depends on and is neither deployed nor a parameter."""
    if not isinstance(one.uri, Unresolved):
        return []
    known = view.document.resources.keys() | view.document.parameters.keys()
    return sorted(one.uri.resources - known)


def _known_functions(view: View) -> str:
    return ", ".join(one.logical_id for one in view.document.functions) or "none is in the template"


def _is_malformed(view: View, one: _Target) -> bool:
    text = told(view, one.uri)
    return text is not None and _URI.fullmatch(text) is None


def _sub(view: View, one: _Target) -> str:
    """The function of a URI as Fn::Sub takes it."""
    named = invoked(view, one.uri, str(one.function)).partition(" ")[2] if isinstance(one.function, str) else ""
    return f"${{{named}}}" if named else "${Function.Arn}"


def stage_variables(view: View) -> Iterator[Finding]:
    """Variables in URIs that a stage does not set."""
    for one in _targets(view):
        for name in dict.fromkeys(_VARIABLE.findall(str(one.uri))):
            for stage in stages(view, one.api):
                if stage.variables.get(name, "") == "":
                    yield _unset(view, one, name, stage)


def _unset(view: View, one: _Target, name: str, stage: Stage) -> Finding:
    return view.finding(
        "stage_variable_unset",
        stage_place(view, one.api, stage),
        found=f"no variable {name} in the stage {stage.name}, while the URI of {one.name} has ${{stageVariables.{name}}}",
        right=f"{name} with the name of a function, in every stage",
        fix=("Variables:", f"  {name}: !Ref Function  # of: {_known_functions(view)}"),
    )


def credentials(view: View) -> Iterator[Finding]:
    """Roles that API Gateway is to take for the call; those of HTTP APIs are looked at elsewhere."""
    for one in _targets(view):
        role = role_of(view, one.credentials)
        if role is None or one.api.kind is Kind.HTTP:
            continue
        if trusts_gateway(role) is False:
            yield view.finding(
                "credentials_role_untrusted",
                Place(role.logical_id, ("Properties", "AssumeRolePolicyDocument")),
                found=f"{role.logical_id} for {one.name}, which {GATEWAY} may not assume",
                right=f"Principal {{Service: {GATEWAY}}} and Action sts:AssumeRole in its trust policy",
                fix=(
                    "AssumeRolePolicyDocument:",
                    "  Statement:",
                    f"    - {{Effect: Allow, Principal: {{Service: {GATEWAY}}}, Action: sts:AssumeRole}}",
                ),
            )
        elif not allows(view, role, "lambda:InvokeFunction", _arn(view, one)):
            yield _without_invoke(view, one, role.logical_id)


def _without_invoke(view: View, one: _Target, role: str) -> Finding:
    function = invoked(view, one.uri, str(one.function)) if isinstance(one.function, str) else "…"
    return view.finding(
        "credentials_role_without_invoke",
        one.place,
        found=f"{role} for {one.name}, none of whose policies allows lambda:InvokeFunction of it",
        right="a policy of the role that allows it, of the same alias or version",
        fix=(
            "Policies:",
            "  - PolicyName: invoke",
            "    PolicyDocument:",
            '      Version: "2012-10-17"',
            f"      Statement: [{{Effect: Allow, Action: lambda:InvokeFunction, Resource: {function}}}]",
        ),
    )


def _arn(view: View, one: _Target) -> str | None:
    found = _URI.fullmatch(told(view, one.uri) or "")
    return None if found is None or "stageVariables." in found[1] else found[1]


CHECKS = (function_uris, stage_variables, credentials)
