"""OpenAPI documents in files of their own, which a template names: put in where they belong.

A local name stands where `sam package` and `aws cloudformation package` will put an address of Amazon S3.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.template.place import Place, Problem
from authorizer.tools.template.shape import as_map, properties_of, type_of
from authorizer.tools.template.source import read_source
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_PROPERTIES: Final = {
    "AWS::Serverless::Api": "DefinitionUri",
    "AWS::Serverless::HttpApi": "DefinitionUri",
    "AWS::ApiGateway::RestApi": "BodyS3Location",
    "AWS::ApiGatewayV2::Api": "BodyS3Location",
}
_TRANSFORM, _INCLUDE = "Fn::Transform", "AWS::Include"
_MAX_DEPTH: Final = 8  # of files that include files


@dataclass(frozen=True, slots=True, kw_only=True)
class Bodies:
    """The documents of one template that are in files beside it, by the API's logical id, and what could not be read."""

    folder: Path
    documents: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def collect(self, template: Mapping[str, Any]) -> None:
        """Reads the file of each API that names one."""
        for logical_id, resource in as_map(template.get("Resources")).items():
            name = _PROPERTIES.get(type_of(resource))
            given = properties_of(resource).get(name or "")
            if given is None:
                continue
            place = Place(str(logical_id), ("Properties", str(name)))
            body = self._read(given, place)
            if body is not None:
                self.documents[str(logical_id)] = body

    def put_into(self, template: Mapping[str, Any]) -> Mapping[str, Any]:
        """The template with each document as the body of its API."""
        resources = dict(as_map(template.get("Resources")))
        for logical_id, body in self.documents.items():
            resource = as_map(resources.get(logical_id))
            kept = {n: v for n, v in properties_of(resource).items() if n != "BodyS3Location"}
            resources[logical_id] = {**resource, "Properties": {**kept, "Body": body}}
        return {**template, "Resources": resources}

    def included(self, node: Any, place: Place, depth: int = 0) -> Any:
        """The value with the files that `AWS::Include` names put in; those in Amazon S3 remain."""
        if isinstance(node, list):
            return [self.included(one, place / index, depth) for index, one in enumerate(node)]
        if not isinstance(node, dict):
            return node
        if _TRANSFORM in node:
            body = self._transformed(node, place, depth)
            if body is not None:
                others = {name: one for name, one in node.items() if name != _TRANSFORM}
                return self.included({**body, **others}, place, depth + 1)
        return {name: self.included(one, place / name, depth) for name, one in node.items()}

    def _transformed(self, node: Mapping[str, Any], place: Place, depth: int) -> Mapping[str, Any] | None:
        """The file that takes the place of a transform. A macro that is all of a value leaves it opaque; one that adds to
        others, or to resources, is a problem."""
        transform = as_map(node[_TRANSFORM])
        name = transform.get("Name")
        if name != _INCLUDE:
            if len(node) > 1 or place.path == ("Resources",):
                self.problems.append(Problem("transform_unknown", place, f"{name} is not applied"))
            return None
        if depth >= _MAX_DEPTH:
            message = f"more than {_MAX_DEPTH} files include each other"
            self.problems.append(Problem("body_unreadable", place, message))
            return None
        return self._read(as_map(transform.get("Parameters")).get("Location"), place)

    def _read(self, location: Any, place: Place) -> Mapping[str, Any] | None:
        if not isinstance(location, str) or location.startswith(("s3://", "https://", "http://")):
            self.problems.append(Problem("body_elsewhere", place, "the OpenAPI document is not beside the template"))
            return None
        try:
            return read_source(self.folder / location).document
        except CommandError as error:
            self.problems.append(Problem("body_unreadable", place, str(error)))
            return None
