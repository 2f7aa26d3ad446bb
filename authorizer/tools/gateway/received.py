"""One call as an API has received it: what was sent, where it was sent to, and what `$context` says of it.

Source: API Gateway Developer Guide, "$context variables for data models, authorizers, mapping templates, and CloudWatch
access logging"; "Customize HTTP API access logs".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl
from uuid import uuid4

from authorizer.surface import Api as Kind
from authorizer.tools.gateway.cache import Visit
from authorizer.tools.gateway.message import as_bytes
from authorizer.tools.gateway.names import made_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from authorizer.tools.gateway.called_api import CalledApi
    from authorizer.tools.gateway.message import HttpRequest
    from authorizer.tools.template import ApiRoute

DEFAULT_STAGE: Final = "$default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One call. `path` is what follows the stage, as it was sent; `at` is in seconds since 1970."""

    request: HttpRequest = field(repr=False)
    api: CalledApi
    stage: str
    path: str
    at: float
    request_id: str = field(default_factory=lambda: str(uuid4()))
    route: ApiRoute | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def method(self) -> str:
        """The method that was sent."""
        return self.request.method

    @property
    def extended_request_id(self) -> str:
        """What `x-amz-apigw-id` and `apigw-requestid` say."""
        return made_up(self.request_id, 15) + "="

    @property
    def scopes(self) -> tuple[str, ...]:
        """Those that the route asks for."""
        return tuple(map(str, self.route.scopes)) if self.route is not None else ()

    @property
    def stage_variables(self) -> Mapping[str, str]:
        """The variables of the stage."""
        return self.api.stages.get(self.stage, {})

    @property
    def staged_path(self) -> str:
        """The path with the stage before it, as a client of the execute-api name sends it."""
        return self.path if self.stage == DEFAULT_STAGE else f"/{self.stage}{self.path}"

    @property
    def resource_path(self) -> str:
        """The template of the route."""
        return str(self.route.path) if self.route is not None else self.path

    @property
    def route_key(self) -> str:
        """As HTTP and WebSocket APIs name a route."""
        if self.route is None:
            return ""
        return self.resource_path if self.resource_path.startswith("$") else f"{self.route.method} {self.resource_path}"

    @property
    def arn(self) -> str:
        """The ARN of the called method, of the path as it was called and never of its template.

        A slash at its end is left out on REST APIs, as an emulator does that was measured against AWS; nothing documents it.
        """
        if self.api.kind is Kind.WEBSOCKET:
            return f"{self.api.arn}/{self.stage}/$connect"
        path = self.path.removesuffix("/") if self.api.kind is Kind.REST else self.path
        return f"{self.api.arn}/{self.stage}/{self.method}/{path.removeprefix('/')}"

    @property
    def query(self) -> list[tuple[str, str]]:
        """The query parameters, decoded, in order."""
        return parse_qsl(as_bytes(self.request.query).decode(), keep_blank_values=True, errors="replace")

    def visit(self) -> Visit:
        """What identity sources can name of it. Of several values of one name REST APIs take the last, HTTP APIs all."""
        headers = self._one_each((name.lower(), value) for name, value in self.request.headers)
        context = {name: str(value) for name, value in self.context().items()}
        query = self._one_each(self.query)
        return Visit(headers=headers, query=query, stage_variables=self.stage_variables, context=context)

    def _one_each(self, pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, value in pairs:
            found[name] = f"{found[name]},{value}" if self.api.kind is Kind.HTTP and name in found else value
        return found

    def conditions(self) -> dict[str, str]:
        """The values of the condition keys of policies that API Gateway documents."""
        moment = datetime.fromtimestamp(self.at, UTC)
        always = {
            "aws:SourceIp": self.request.source_ip,
            "aws:CurrentTime": moment.isoformat(),
            "aws:EpochTime": str(int(self.at)),
            "aws:SecureTransport": "true",  # API Gateway has no other; what is local is plain only on its last inch
        }
        headers = {f"aws:{name.replace('-', '')}": self.request.header(name) for name in ("User-Agent", "Referer")}
        return always | {key: value for key, value in headers.items() if value is not None}

    def context(self) -> dict[str, Any]:
        """The `$context` variables that are known before an authorizer is asked, by their dotted names."""
        known = {
            "accountId": self.api.account,
            "apiId": self.api.id,
            "domainName": self.api.domain,
            "domainPrefix": self.api.id,
            "extendedRequestId": self.extended_request_id,
            "requestId": self.request_id,
            "httpMethod": self.method,
            "path": self.staged_path,
            "protocol": self.request.protocol,
            "stage": self.stage,
            "requestTime": self.time,
            "requestTimeEpoch": int(self.at * 1000),
            "identity.sourceIp": self.request.source_ip,
            "identity.userAgent": self.request.header("User-Agent") or "",
        }
        if self.route is None:
            return known
        if self.api.kind is Kind.REST:
            return {**known, "resourcePath": self.resource_path, "resourceId": made_up(self.resource_path, 6)}
        return {**known, "routeKey": self.route_key}

    @property
    def time(self) -> str:
        """The time as API Gateway writes it."""
        return datetime.fromtimestamp(self.at, UTC).strftime("%d/%b/%Y:%H:%M:%S +0000")
