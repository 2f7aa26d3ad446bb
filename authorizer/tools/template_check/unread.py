"""What of a template could not be read: an error where a route, an authorizer or a function may be lost by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authorizer.tools.template import Unresolved
from authorizer.tools.template.shape import as_map
from authorizer.tools.template_check.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from authorizer.tools.template import Document, Place, Problem

TELLING: Final = "a value that the template tells, or --parameter Name=Value that tells it"
LOST: Final[Mapping[str, str]] = {  # code → what is right
    "transform_unknown": "what `aws cloudformation get-template --template-stage Processed` gives, checked in its place",
    "loops_unread": "resources without Fn::ForEach, or loops that `sam validate` accepts",
    "body_elsewhere": "a file beside the template, which `aws cloudformation package` and `sam package` upload",
    "body_unreadable": "an OpenAPI document in the template, or in a file beside it",
    "authorizer_kind": "TOKEN, REQUEST, JWT or COGNITO_USER_POOLS: without it there is no such authorizer",
    "authorizer_kind_unknown": TELLING,
    "authorizer_unresolved": f"the scheme itself: {TELLING}",
    "scheme_unknown": "a scheme of the document: without it the operation has no authorizer",
    "path_unresolved": TELLING,
    "security_unresolved": TELLING,
    "path_ref": "what it leads to, written here, or a $ref to #/… in the same document",
    "base_path_unresolved": f"a base path, and ignore, prepend or split: {TELLING}",
    "api_unresolved": TELLING,
    "properties_unresolved": TELLING,
}
HINTS: Final = (  # what API Gateway does is known, though it is not what is written
    "root_security_ignored",
    "scheme_idle",
    "authorizers_several",  # the first is asked, and its routes are compared with its rules
)
_OF_APIS: Final = ("AWS::ApiGateway", "AWS::Lambda::", "AWS::Serverless::")
_ELSEWHERE: Final = ("Outputs", "Metadata")


def lost(document: Document) -> Iterator[Finding]:
    """What may hide a route, an authorizer or a function. A code that nobody knows counts as one that does."""
    for one in document.problems:
        if one.code not in HINTS and _may_hide(document, one.place):
            right = LOST.get(one.code, TELLING)
            yield Finding(
                code=one.code,
                place=one.place,
                line=document.line(one.place),
                found=one.message,
                right=right,
                fix=parameters_that_tell(document) if TELLING in right else (),
            )


def hints(document: Document) -> Iterator[Problem]:
    """What is good to know."""
    return (one for one in document.problems if one.code in HINTS or not _may_hide(document, one.place))


def parameters_that_tell(document: Document) -> tuple[str, ...]:
    """The arguments for what has no value yet."""
    return tuple(
        f"--parameter {name}=…" for name, value in document.parameters.items() if isinstance(value, Unresolved)
    )


def _may_hide(document: Document, place: Place) -> bool:
    """Whether something about APIs and functions may be there: not in a resource of another kind, or one not deployed."""
    name = place.resource
    if not name and place.path[:1] == ("Resources",):
        name = "".join(place.path[1:2])
    if not name or name.startswith("Fn::"):
        return "".join(place.path[:1]) not in _ELSEWHERE
    resource = document.resources.get(name)
    if resource is None:
        return name not in as_map(document.source.document.get("Resources"))
    return resource.type.startswith(_OF_APIS)
