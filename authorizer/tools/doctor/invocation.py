"""Why API Gateway may not invoke a function of a template: the permission that comes nearest, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.doctor.told import reference, told
from authorizer.tools.gateway.glob import matcher
from authorizer.tools.template import Unresolved
from authorizer.tools.template.unresolved import resources_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import Api, Resource
    from authorizer.tools.template.unresolved import Text

_PERMISSION: Final = "AWS::Lambda::Permission"
_ALIASES: Final = ("AWS::Lambda::Alias", "AWS::Lambda::Version")
_FUNCTION: Final = "AWS::Lambda::Function"
_ACTIONS: Final = ("lambda:InvokeFunction", "lambda:*", "*")
_CALLERS: Final = ("apigateway.amazonaws.com", "*")


class Flaw(Enum):
    """What keeps a permission from counting."""

    QUALIFIER = auto()
    PRINCIPAL = auto()
    API = auto()
    SOURCE = auto()


@dataclass(frozen=True, slots=True)
class Refusal:
    """No permission counts. `nearest` is one with a single flaw, where there is one."""

    flaw: Flaw | None = None
    nearest: Resource | None = None

    def given(self, name: str) -> Any:
        """A property of the nearest permission."""
        return self.nearest.properties.get(name) if self.nearest is not None else None


def refusal(view: View, uri: Text | None, source: str | None) -> Refusal | None:
    """Why what an URI names may not be invoked for a source (None: of an API that only a deployment knows); None where it
    may, or nobody can tell."""
    wanted = _wanted(view, uri)
    if wanted is None or (source is not None and view.permissions.covers(uri, source)):
        return None
    judged = list(_judged(view, wanted, source))
    if not all(flaws for _, flaws in judged):
        return None
    nearest = [Refusal(next(iter(flaws)), one) for one, flaws in judged if flaws is not None and len(flaws) == 1]
    return nearest[-1] if nearest else Refusal()


def _wanted(view: View, uri: Text | None) -> str | None:
    """The function that a URI names, with its alias or version; None where a stage or only a deployment knows it."""
    wanted = function_of(view.names.text(uri))
    if not wanted or "${" in wanted or (isinstance(uri, Unresolved) and not _is_of_functions(view, uri)):
        return None
    return wanted


def _judged(view: View, wanted: str, source: str | None) -> Iterator[tuple[Resource, set[Flaw] | None]]:
    """The permissions of a function with what is wrong with each; None where only a deployment knows, or whose it is."""
    name, _, qualifier = wanted.partition(":")
    for one in view.of_type(_PERMISSION):
        given = one.properties.get("FunctionName")
        function = told(view, given)
        if function is None:
            if any(resource in view.document.resources for resource in resources_in(given)):
                yield one, None
            continue
        its_name, _, its_qualifier = function_of(function).partition(":")
        if its_name == name:
            flaws = _flaws(view, one, source)
            yield one, flaws if flaws is None or its_qualifier == qualifier else {*flaws, Flaw.QUALIFIER}


def _is_of_functions(view: View, uri: Unresolved) -> bool:
    """Whether a URI depends on functions of the template alone, whose names have stand-ins."""
    known = view.document.resources
    return all(name in known and known[name].type in (_FUNCTION, *_ALIASES) for name in uri.resources)


def function_of(text: str) -> str:
    """`name` or `name:qualifier`, of a name, an ARN or the URI of an integration."""
    text = text.partition("/functions/")[2].removesuffix("/invocations") or text
    return (text.rpartition(":function:")[2] or text).removesuffix(":$LATEST")


def _flaws(view: View, permission: Resource, source: str | None) -> set[Flaw] | None:
    """What is wrong beside the name of the function; None where only a deployment knows."""
    said = {name: told(view, permission.properties.get(name)) for name in ("Action", "Principal", "SourceArn")}
    if any(text is None and permission.properties.get(name) is not None for name, text in said.items()):
        return None
    flaws = set()
    if said["Principal"] not in _CALLERS or said["Action"] not in _ACTIONS:
        flaws.add(Flaw.PRINCIPAL)
    pattern = said["SourceArn"]
    if pattern is not None and source is not None and not matcher(pattern)(source):
        flaws.add(Flaw.SOURCE if matcher(_api_of(pattern))(_api_of(source)) else Flaw.API)
    return flaws


def _api_of(arn: str) -> str:
    """An ARN without what follows the API: its partition, service, Region, account and API."""
    return arn.partition("/")[0]


def invoked(view: View, uri: Text | None, function: str) -> str:
    """How a permission names what a URI names: the alias or version in it, else the function."""
    names = uri.resources if isinstance(uri, Unresolved) else frozenset()
    through = [one for one in view.of_type(*_ALIASES) if one.logical_id in names]
    if through:
        return reference(view, through[0])
    resource = view.document.resources.get(function)
    return reference(view, resource, "Arn") if resource is not None and resource.type == _FUNCTION else function


def source_arn(api: Api, rest: str) -> str:
    """A SourceArn as a template writes it: for the authorizers of an API, or for its methods."""
    stack = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}"
    named = api.logical_id.removeprefix("Ref ")
    return f'!Sub "{stack}:${{{named}}}/{rest}"'


def permission_lines(logical_id: str, function: str, source: str) -> Iterator[str]:
    """A permission, as a resource of a template."""
    yield f"{logical_id}:"
    yield "  Type: AWS::Lambda::Permission"
    yield "  Properties:"
    yield "    Action: lambda:InvokeFunction"
    yield f"    FunctionName: {function}"
    yield "    Principal: apigateway.amazonaws.com"
    yield f"    SourceArn: {source}"


def commands(view: View, uri: Text | None, source: str) -> tuple[str, ...]:
    """The command that gives the permission to what is deployed."""
    name, _, qualifier = function_of(view.names.text(uri)).partition(":")
    which = f" --qualifier {qualifier}" if qualifier else ""
    who = "--action lambda:InvokeFunction --principal apigateway.amazonaws.com"
    return (
        f"aws lambda add-permission --function-name {name}{which} --statement-id api {who} --source-arn '{source}'",
    )
