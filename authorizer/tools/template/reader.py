"""A file → what it says about APIs, authorizers and functions. Nothing is asked of the network or of an account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from authorizer.tools.template import resources as deployed
from authorizer.tools.template.bodies import Bodies
from authorizer.tools.template.functions import functions
from authorizer.tools.template.http_api import http_and_websocket_apis
from authorizer.tools.template.intrinsics import Intrinsics
from authorizer.tools.template.model import Api, Document
from authorizer.tools.template.openapi import OpenApi, kind_of
from authorizer.tools.template.origins import Origins
from authorizer.tools.template.parameters import parameter_values
from authorizer.tools.template.place import Place, Problem
from authorizer.tools.template.rest_api import rest_apis
from authorizer.tools.template.sam import translated
from authorizer.tools.template.source import read_source
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from authorizer.surface import Api as Kind
    from authorizer.tools.template.source import Source


def read_template(file: Path, parameters: Mapping[str, str] | None = None, kind: Kind | None = None) -> Document:
    """The document in a file: a SAM or CloudFormation template, or an OpenAPI document of an API of this kind.

    `parameters` override defaults, those of AWS such as `AWS::Region` too. `CommandError` for what is no such document.
    """
    source = read_source(file)
    try:
        return _of_openapi(source, kind) if source.is_openapi else _of_template(source, parameters or {})
    except RecursionError:
        raise CommandError(f"{file} is nested too deeply", "write it flatter") from None


def _of_openapi(source: Source, kind: Kind | None) -> Document:
    bodies = Bodies(folder=source.file.parent)
    body = Intrinsics({}, {}).value(bodies.included(source.document, Place("")))
    kind = kind or kind_of(body)
    found = OpenApi(body=body, kind=kind, place=Place(""), resources={}).imported()
    api = Api(
        kind=kind,
        logical_id="",
        place=Place(""),
        routes=tuple(found.routes),
        authorizers=tuple(found.authorizers),
        body=body,
    )
    return Document(source=source, apis=(api,), problems=(*bodies.problems, *found.problems))


def _of_template(source: Source, given: Mapping[str, str]) -> Document:
    if not isinstance(source.document.get("Resources"), dict):
        message = f"{source.file} is neither a template nor an OpenAPI document: it has no Resources and no openapi"
        raise CommandError(message, "give a CloudFormation or SAM template, or an OpenAPI document")
    bodies = Bodies(folder=source.file.parent)
    template: Mapping[str, Any] = bodies.included(source.document, Place(""))
    bodies.collect(template)
    parameters = parameter_values(template, given)
    problems = bodies.problems
    final = bodies.put_into(translated(template, parameters, problems))
    intrinsics = Intrinsics(final, parameters)
    resources = deployed.evaluated(final, intrinsics, problems)
    origins = Origins(template, intrinsics)
    apis = [*rest_apis(resources, problems), *http_and_websocket_apis(resources, problems)]
    return Document(
        source=source,
        apis=tuple(map(origins.of_api, apis)),
        functions=tuple(functions(resources, origins.code())),
        resources=resources,
        parameters=parameters,
        problems=tuple(Problem(one.code, origins.of_place(one.place), one.message) for one in problems),
    )
