"""The resources that make up one API, found by the API that each names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.template.model import Authorization, Resource, Stage
from authorizer.tools.template.place import Place, Problem
from authorizer.tools.template.resources import of_type, referred
from authorizer.tools.template.shape import as_map, as_text
from authorizer.tools.template.unresolved import Text, Unresolved, described, resources_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from authorizer.tools.template.resources import Resources


UNKNOWN_TYPE: Final = "AuthorizationType "  # how the text of one begins that there is not


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """One API: its own resource, unless it is from elsewhere, and those that name it in the property `names_it`. The
    problems are of those that may be of another API."""

    logical_id: str
    api: Resource | None
    children: Sequence[Resource]
    resources: Resources
    problems: list[Problem] = field(default_factory=list)

    def of(self, *kinds: str) -> Iterator[Resource]:
        """The children of these types."""
        return (one for one in self.children if one.type in kinds)

    @property
    def properties(self) -> Mapping[str, Any]:
        """Those of its own resource."""
        return self.api.properties if self.api is not None else {}

    @property
    def body(self) -> Mapping[str, Any]:
        """The OpenAPI document in its resource, empty where there is none that can be read."""
        return as_map(self.properties.get("Body"))

    @property
    def place(self) -> Place:
        """Where the API stands, or the first that names it."""
        return Place(self.api.logical_id if self.api else self.children[0].logical_id)


def parts_of(resources: Resources, api_type: str, names_it: str, beside: Sequence[str]) -> Iterator[Parts]:
    """All APIs of a type, then those from elsewhere that one of the types `beside` is added to."""
    family = api_type.rpartition("::")[0] + "::"
    children: dict[str, list[Resource]] = {one.logical_id: [] for one in of_type(resources, api_type)}
    for one in resources.values():
        if one.type.startswith(family) and names_it in one.properties:
            named = one.properties[names_it]
            owner = referred(named, resources)
            children.setdefault(owner.logical_id if owner else described(named), []).append(one)
    for logical_id, own in children.items():
        api = resources.get(logical_id)
        said = [one for one in own if one.type in beside]
        if api is not None or said:
            lost = [] if api is not None else list(_perhaps_of_another(said, api_type, names_it, resources))
            yield Parts(logical_id=logical_id, api=api, children=own, resources=resources, problems=lost)


def _perhaps_of_another(
    children: Sequence[Resource], api_type: str, names_it: str, resources: Resources
) -> Iterator[Problem]:
    """Routes and authorizers of an API that cannot be told, though it may be one of the template."""
    for one in children:
        names = resources_in(one.properties[names_it])
        known = sorted(name for name in names if name in resources and resources[name].type == api_type)
        if known:
            place = Place(one.logical_id, ("Properties", names_it))
            message = f"an API that only a deployment knows, perhaps {' or '.join(known)}"
            yield Problem("api_unresolved", place, message)


def stage(resource: Resource, name: str, variables: Any) -> Stage:
    """The stage that a resource makes; `name` is the property that names it."""
    texts = {key: as_text(value) or "" for key, value in as_map(variables).items()}
    return Stage(
        name=as_text(resource.properties.get(name)) or "",
        variables=texts,
        place=Place(resource.logical_id, ("Properties",)),
    )


def authorization(given: Any) -> Authorization | Unresolved:
    """The authorization type that a method or route names; NONE when it names none, opaque when it is none that there is:
    API Gateway refuses that, and nobody may take it for an open route."""
    if given is None or isinstance(given, Unresolved):
        return given if given is not None else Authorization.NONE
    known = next((one for one in Authorization if one.value == given), None)
    return known if known is not None else Unresolved(f"{UNKNOWN_TYPE}{described(given)[:60]}")


def authorizer_name(given: Any, resources: Resources) -> Text | None:
    """The logical id of the authorizer that a method or route names, else what it says."""
    resource = referred(given, resources)
    return resource.logical_id if resource else as_text(given)
