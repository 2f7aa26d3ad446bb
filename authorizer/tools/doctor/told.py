"""What of a template is told, as text, and where its parts stand in what a person wrote."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.template import Place, Unresolved
from authorizer.tools.template.shape import as_map, as_text, properties_of, type_of
from authorizer.tools.template_check.answering import answering
from authorizer.tools.template_check.template_lines import Property, way

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import Api, ApiAuthorizer, ApiRoute, Resource, Stage
    from authorizer.tools.template.unresolved import Text

_LEFT: Final = re.compile(r"\$\{(?!stageVariables\.)")
_REFERENCE: Final = re.compile(r"\$\{(?:Ref|GetAtt) ([\w:]+)")
_NAMED: Final = ("AWS::ApiGateway", "AWS::Lambda::", "AWS::IAM::Role", "AWS::Cognito::")  # whose ids have stand-ins
_SAM: Final = "AWS::Serverless::"


def told(view: View, value: object) -> str | None:
    """A text, with stand-ins for the ids of the template's own resources; None where there is none, or only a deployment
    knows a part of it."""
    text = as_text(value)
    if text is None or not _has_stand_ins(view, text):
        return None
    written = view.names.text(text)
    return None if _LEFT.search(written) else written


def _has_stand_ins(view: View, text: Text) -> bool:
    """Whether all that a text refers to is of the template, and of a type whose ids are made up: no parameter without a
    value, and nothing that another stack puts out."""
    named = set(_REFERENCE.findall(str(text))) | (text.resources if isinstance(text, Unresolved) else set())
    known = view.document.resources
    return all(name in known and known[name].type.startswith(_NAMED) for name in named)


def written(view: View, logical_id: str) -> Mapping[str, Any]:
    """A resource as its author wrote it, empty where SAM made it up."""
    return as_map(as_map(view.document.source.document.get("Resources")).get(logical_id))


def of_own(view: View, api: Api) -> bool:
    """Whether all of an API is in the document: no part of another, and no OpenAPI document that stands alone."""
    return not api.external and api.logical_id in view.document.resources


def is_known(api: Api) -> bool:
    """Whether the id of an API can be told: one from elsewhere may be a parameter without a value."""
    return not api.external or " " not in api.logical_id


def stages(view: View, api: Api) -> Iterator[Stage]:
    """The stages of an API but the one named Stage, which SAM adds where a template names no OpenApiVersion."""
    for one in api.stages:
        resource = view.document.resources.get(one.place.resource)
        is_stage = resource is not None and resource.type == "AWS::ApiGateway::Stage"
        if view.deployed or is_stage or written(view, one.place.resource):
            yield one


def stage_place(view: View, api: Api, stage: Stage) -> Place:
    """Where a stage is written: in its resource, or in that of its API."""
    return (
        stage.place if view.deployed or written(view, stage.place.resource) else Place(api.logical_id, ("Properties",))
    )


def stage_properties(view: View, stage: Stage) -> Mapping[str, Any]:
    """What is set for a stage, be it by a deployment."""
    resource = view.document.resources.get(stage.place.resource)
    given: Mapping[str, Any] = resource.properties if resource is not None else {}
    return {**as_map(given.get("StageDescription")), **given}


def decided(view: View, api: Api, stage: Stage, name: str) -> bool:
    """Whether the author wrote a property of a stage, be it that a parameter leaves it out."""
    shared = as_map(as_map(view.document.source.document.get("Globals")).get("Api"))
    places = (properties_of(written(view, one)) for one in (stage.place.resource, api.logical_id))
    return any(name in one for one in (shared, *places))


def is_sam(view: View, logical_id: str) -> bool:
    """Whether SAM's words count for a resource."""
    return type_of(written(view, logical_id)).startswith(_SAM)


def is_foreign(view: View, api: Api, authorizer: ApiAuthorizer) -> bool:
    """Whether a function decides that is surely none of ours."""
    return authorizer.kind.calls_function and answering(view.document, api, authorizer) is None


def property_place(api: Api, one: ApiAuthorizer, what: Property) -> Place:
    """Where a property of an authorizer is written, or would be."""
    place = one.place
    for name in way(one.place, what, api.kind):
        place = place / name
    return place


def listed(routes: list[ApiRoute] | tuple[ApiRoute, ...], most: int = 3) -> str:
    """The routes by name; only the first of many."""
    names = [one.name for one in routes]
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def reference(view: View, resource: Resource, attribute: str = "") -> str:
    """How a template refers to a resource, in YAML's short form; an alias of SAM's by the function that has it."""
    function, found, name = resource.logical_id.partition("Alias")
    if found and name and not written(view, resource.logical_id) and is_sam(view, function):
        return f"!Ref {function}.Alias"
    return f"!GetAtt {resource.logical_id}.{attribute}" if attribute else f"!Ref {resource.logical_id}"
