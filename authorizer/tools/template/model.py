"""What a template says about APIs, their authorizers and functions. Nothing in here is untyped but `Resource`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from authorizer.tools.template.unresolved import Text, Unresolved

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from authorizer.surface import Api as Kind
    from authorizer.tools.template.place import Place, Problem
    from authorizer.tools.template.source import Source


class AuthorizerKind(Enum):
    """What API Gateway asks. TOKEN and REQUEST call a function, JWT and COGNITO_USER_POOLS are its own."""

    TOKEN = "TOKEN"
    REQUEST = "REQUEST"
    JWT = "JWT"
    COGNITO_USER_POOLS = "COGNITO_USER_POOLS"

    @property
    def calls_function(self) -> bool:
        """Whether a Lambda function decides."""
        return self in (AuthorizerKind.TOKEN, AuthorizerKind.REQUEST)

    @property
    def authorization(self) -> Authorization:
        """The authorization type of routes that ask it."""
        return Authorization.CUSTOM if self.calls_function else Authorization(self.value)


class Authorization(Enum):
    """The authorization type of a method or route."""

    NONE = "NONE"
    CUSTOM = "CUSTOM"
    JWT = "JWT"
    COGNITO_USER_POOLS = "COGNITO_USER_POOLS"
    AWS_IAM = "AWS_IAM"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stage of an API with its variables."""

    name: Text
    variables: Mapping[str, Text] = field(default_factory=dict)
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """One issuer of a JWT authorizer. HTTP APIs have one per authorizer, REST APIs several."""

    issuer: Text
    audience: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiAuthorizer:
    """An authorizer as API Gateway has it.

    `name` is what routes call it by: the security scheme in an OpenAPI document, else the logical id. `label` is its name in
    API Gateway. `ttl` is in seconds, with AWS's default where nothing is said (`ttl_is_default`); None where there is no
    cache. `function` is the logical id of the function in this template, or what else is known of it.
    """

    name: str
    label: Text
    kind: AuthorizerKind
    place: Place
    identity_sources: tuple[Text, ...] = ()
    ttl: int | Unresolved | None = None
    ttl_is_default: bool = False
    validation_expression: Text | None = None
    payload_version: Text | None = None
    simple_responses: bool | Unresolved = False
    uri: Text | None = None
    function: Text | None = None
    credentials: Text | None = None
    user_pools: tuple[Text, ...] = ()
    issuers: tuple[Issuer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """Where a route sends what was allowed. `kind` is the integration's type, such as AWS_PROXY; `given` is all of it, as it
    is written: in CloudFormation's words or in OpenAPI's, which differ in the case of the first letter."""

    kind: Text | None = None
    uri: Text | None = None
    function: Text | None = None
    payload_version: Text | None = None
    given: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiRoute:
    """A method of a REST API, or a route of another. `path` is a template as API Gateway writes it, `$default`, or the
    route key of a WebSocket API; the method is ANY where there is none."""

    method: str
    path: Text
    place: Place
    authorization: Authorization | Unresolved = Authorization.NONE
    authorizer: Text | None = None
    scopes: tuple[Text, ...] = ()
    api_key_required: bool | Unresolved = False
    backend: Backend | None = None

    @property
    def name(self) -> str:
        """As settings match it: `GET /orders/{id}`, `$connect`."""
        path = str(self.path)
        return f"{self.method} {path}" if path.startswith("/") or isinstance(self.path, Unresolved) else path


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """An API with all that is known of it. `external` says that the template only adds to an API from elsewhere, and
    `logical_id` is then what it calls that API. `body` is its OpenAPI document, `properties` those of its resource."""

    kind: Kind
    logical_id: str
    place: Place
    stages: tuple[Stage, ...] = ()
    routes: tuple[ApiRoute, ...] = ()
    authorizers: tuple[ApiAuthorizer, ...] = ()
    external: bool = False
    body: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    properties: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def authorizer(self, name: object) -> ApiAuthorizer | None:
        """The authorizer that routes call so."""
        return next((one for one in self.authorizers if one.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A Lambda function. `code` is the local folder or file that the template names, `inline` the code in it."""

    logical_id: str
    place: Place
    name: Text | None = None
    handler: Text | None = None
    runtime: Text | None = None
    environment: Mapping[str, Text] = field(default_factory=dict)
    layers: tuple[Text, ...] = ()
    timeout: int | Unresolved = 3  # seconds, AWS's default
    memory: int | Unresolved = 128  # MB, AWS's default
    role: Text | None = None
    code: Text | None = None
    inline: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A resource that would be deployed, after transform, with intrinsics evaluated. Anything else a check needs is here."""

    logical_id: str
    type: str
    properties: Mapping[str, Any]
    attributes: Mapping[str, Any] = field(default_factory=dict)  # DependsOn, Metadata and such, as they are written


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """All of a template, or of an OpenAPI document that stands alone."""

    source: Source
    apis: tuple[Api, ...] = ()
    functions: tuple[Function, ...] = ()
    resources: Mapping[str, Resource] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def file(self) -> Path:
        """What was read."""
        return self.source.file

    def function(self, logical_id: object) -> Function | None:
        """The function with this logical id."""
        return next((one for one in self.functions if one.logical_id == logical_id), None)

    def line(self, place: Place) -> int | None:
        """The line of the file that says it, from 1; the nearest above where SAM made up the rest, None for all of it."""
        return self.source.line(place)
