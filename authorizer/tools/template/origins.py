"""Where a SAM template itself says what SAM made of it: the events of functions, and authorizers in `Auth`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.template.place import Place
from authorizer.tools.template.shape import as_map, as_text, properties_of, type_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from authorizer.tools.template.intrinsics import Intrinsics
    from authorizer.tools.template.model import Api, ApiAuthorizer, ApiRoute
    from authorizer.tools.template.unresolved import Text

_FUNCTION: Final = "AWS::Serverless::Function"
_EVENTS: Final = {"Api": ("RestApiId", "ServerlessRestApi"), "HttpApi": ("ApiId", "ServerlessHttpApi")}
_IMPLICIT: Final = {"ServerlessRestApi": "Api", "ServerlessHttpApi": "HttpApi"}
_APIS: Final = {"AWS::Serverless::Api": "Api", "AWS::Serverless::HttpApi": "HttpApi"}


class Origins:
    """The places of one SAM template, as it was before SAM."""

    def __init__(self, template: Mapping[str, Any], intrinsics: Intrinsics) -> None:
        self._resources = as_map(template.get("Resources"))
        self._globals = as_map(template.get("Globals"))
        self._intrinsics = intrinsics
        self._events = dict(self._placed_events())

    def code(self) -> Mapping[str, Text]:
        """Where each SAM function's code is, by logical id; SAM's own place for what `sam package` uploads."""
        shared = as_map(self._globals.get("Function")).get("CodeUri")
        found = {}
        for logical_id, resource in self._resources.items():
            properties = properties_of(resource)
            if type_of(resource) != _FUNCTION or "InlineCode" in properties:
                continue
            text = as_text(self._intrinsics.value(properties.get("CodeUri", shared)))
            if text is not None:
                found[str(logical_id)] = text
        return found

    def of_api(self, api: Api) -> Api:
        """The API with places in the template itself."""
        return replace(
            api,
            routes=tuple(replace(one, place=self._of_route(api, one)) for one in api.routes),
            authorizers=tuple(replace(one, place=self._of_authorizer(api, one)) for one in api.authorizers),
        )

    def _of_route(self, api: Api, route: ApiRoute) -> Place:
        return self._events.get((api.logical_id, route.method, str(route.path))) or self.of_place(route.place)

    def _of_authorizer(self, api: Api, authorizer: ApiAuthorizer) -> Place:
        resource = self._resources.get(api.logical_id)
        if authorizer.name in as_map(as_map(properties_of(resource).get("Auth")).get("Authorizers")):
            return Place(api.logical_id, ("Properties", "Auth", "Authorizers", authorizer.name))
        kind = _IMPLICIT.get(api.logical_id) or _APIS.get(type_of(resource), "")
        shared = as_map(as_map(self._globals.get(kind)).get("Auth"))
        if authorizer.name in as_map(shared.get("Authorizers")):
            return Place("", ("Globals", kind, "Auth", "Authorizers", authorizer.name))
        return self.of_place(authorizer.place)

    def of_place(self, place: Place) -> Place:
        """The place of a body by the name that SAM's own resources, or a file beside the template, give it."""
        resource = self._resources.get(place.resource)
        if place.path[:2] != ("Properties", "Body") or "Body" in properties_of(resource):
            return place
        names = ("DefinitionUri", "BodyS3Location", "DefinitionBody")
        written = next((name for name in names if name in properties_of(resource)), "Body")
        return Place(place.resource, ("Properties", written, *place.path[2:]))

    def _placed_events(self) -> Iterator[tuple[tuple[str, str, str], Place]]:
        for logical_id, resource in self._resources.items():
            if type_of(resource) != _FUNCTION:
                continue
            for name, event in as_map(properties_of(resource).get("Events")).items():
                key = self._route_key(as_map(event))
                if key is not None:
                    yield key, Place(str(logical_id), ("Properties", "Events", str(name)))

    def _route_key(self, event: Mapping[str, Any]) -> tuple[str, str, str] | None:
        kind, given = str(event.get("Type")), as_map(event.get("Properties"))
        if kind not in _EVENTS:
            return None
        property_name, implicit = _EVENTS[kind]
        api = given.get(property_name, {"Ref": implicit})
        path = str(given.get("Path", "$default"))
        method = str(given.get("Method", "ANY")).upper().replace("X-AMAZON-APIGATEWAY-ANY-METHOD", "ANY")
        return str(as_map(api).get("Ref", api)), method, path
