"""The call that an event describes: what a client sent, to which API. The event builders read nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import Enum
from urllib.parse import urlencode

Pairs = Mapping[str, str] | Sequence[tuple[str, str]]

AUTHORIZATION = "header:Authorization"
_PATH = "/orders/1"


class EmptyMap(Enum):
    """How an event shows headers, parameters or variables when there are none. API Gateway does all three."""

    MISSING = "missing"
    NULL = "null"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of one API. `None` means: what is usual for the kind of API. Change one thing: `Call(method="POST")`."""

    method: str = "GET"
    path: str = _PATH  # as the client called it, without the stage
    template: str | None = (
        None  # "/orders/{id}", "$default"; default: of /orders/1 that, of any other path the path itself
    )
    route_method: str | None = None  # "ANY" for a route of all methods (HTTP APIs show it in the route key)
    path_parameters: Mapping[str, str] | None = None  # default: from path and template
    headers: Pairs = ()
    query: Pairs = ()
    cookies: Pairs = ()
    place: str = AUTHORIZATION  # where the token goes: also "header:X-Token", "query:access_token", "cookie:session"
    stage: str | None = None  # default: "prod"; "$default" on HTTP APIs
    stage_variables: Mapping[str, str] = field(default_factory=dict)
    api_id: str = "abcdef1234"
    account: str = "123456789012"
    region: str = "eu-west-1"
    partition: str = "aws"
    domain: str | None = None  # a custom domain name; default: the execute-api name
    request_id: str = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"
    source_ip: str = "203.0.113.7"
    at: float = 1_795_428_000.25  # seconds since 1970: fixed, so that the same call makes the same event
    client_cert: Mapping[str, object] | None = None  # see `client_cert()`
    gateway_headers: bool = True  # Host, User-Agent, X-Forwarded-… beside the client's headers
    empty_maps: EmptyMap | None = None

    @property
    def route(self) -> str:
        """The template of the route or resource that the call hit."""
        return self.template or ("/orders/{id}" if self.path == _PATH else self.path)

    @property
    def parameters(self) -> dict[str, str]:
        """The path parameters."""
        if self.path_parameters is not None:
            return dict(self.path_parameters)
        match = re.fullmatch(_pattern(self.route), self.path)
        return {} if match is None else match.groupdict()

    @property
    def host(self) -> str:
        """The domain name that was called."""
        return self.domain or f"{self.api_id}.execute-api.{self.region}.amazonaws.com{_suffix(self.partition)}"

    @property
    def time(self) -> str:
        """The time as API Gateway writes it in `requestTime` and `time`."""
        return datetime.fromtimestamp(self.at, UTC).strftime("%d/%b/%Y:%H:%M:%S +0000")

    @property
    def epoch_ms(self) -> int:
        """The time in milliseconds since 1970."""
        return int(self.at * 1000)

    def arn(self, stage: str, rest: str) -> str:
        """A methodArn or routeArn; `rest` is what follows the stage."""
        return f"arn:{self.partition}:execute-api:{self.region}:{self.account}:{self.api_id}/{stage}/{rest}"

    def method_arn(self, stage: str) -> str:
        """The ARN of the called method: of the path as it was called, never of the template."""
        return self.arn(stage, f"{self.method}{self.path}")

    def staged_path(self, stage: str) -> str:
        """The path with the stage before it, as a client of the execute-api name sends it."""
        return self.path if stage == "$default" or self.domain is not None else f"/{stage}{self.path}"

    def sent_headers(self) -> list[tuple[str, str]]:
        """All headers in order: the gateway's own, then the client's. Cookies are not among them."""
        own = [
            ("Accept", "*/*"),
            ("Host", self.host),
            ("User-Agent", "curl/8.10.1"),
            ("X-Amzn-Trace-Id", "Root=1-6b040ea0-1a2b3c4d5e6f708192a3b4c5"),
            ("X-Forwarded-For", self.source_ip),
            ("X-Forwarded-Port", "443"),
            ("X-Forwarded-Proto", "https"),
        ]
        return [*(own if self.gateway_headers else ()), *pairs(self.headers)]

    def cookie_header(self) -> list[tuple[str, str]]:
        """The one Cookie header of all cookies (RFC 6265 section 5.4), or none."""
        value = "; ".join(f"{name}={value}" for name, value in pairs(self.cookies))
        return [("Cookie", value)] if value else []

    def with_token(self, token: str | None, raw: str | None) -> Call:
        """The call with the token in its place: `Bearer` before it in an Authorization header; `raw` as it is."""
        if token is None and raw is None:
            return self
        kind, _, name = self.place.partition(":")
        pair = name, self._value(token) if raw is None else raw
        match kind:
            case "header":
                return replace(self, headers=[*pairs(self.headers), pair])
            case "query":
                return replace(self, query=[*pairs(self.query), pair])
            case "cookie":
                return replace(self, cookies=[*pairs(self.cookies), pair])
            case _:
                raise ValueError(f"no such place: {self.place}")

    def _value(self, token: str | None) -> str:
        return f"Bearer {token}" if self.place.lower() == AUTHORIZATION.lower() else str(token)

    def maps(self, usual: EmptyMap, named: Mapping[str, object]) -> dict[str, object]:
        """The maps of an event; empty ones as `empty_maps` says, else as is `usual` for the kind of API."""
        match self.empty_maps or usual:
            case EmptyMap.MISSING:
                return {name: value for name, value in named.items() if value}
            case EmptyMap.NULL:
                return {name: value or None for name, value in named.items()}
            case EmptyMap.EMPTY:
                return dict(named)

    @property
    def raw_query(self) -> str:
        """The query string as sent."""
        return urlencode(pairs(self.query))


def client_cert() -> dict[str, object]:
    """A client certificate as API Gateway shows it (mutual TLS, custom domain names only)."""
    return {
        "clientCertPem": "CERT_CONTENT",
        "subjectDN": "www.example.com",
        "issuerDN": "Example issuer",
        "serialNumber": "a1:a1:a1:a1:a1:a1:a1:a1:a1:a1:a1:a1:a1:a1:a1:a1",
        "validity": {"notBefore": "May 28 12:30:02 2019 GMT", "notAfter": "Aug  5 09:36:04 2021 GMT"},
    }


def pairs(items: Pairs) -> list[tuple[str, str]]:
    """Names and values in order."""
    return list(items.items() if isinstance(items, Mapping) else items)


def all_values(items: Sequence[tuple[str, str]], *, fold: bool) -> dict[str, list[str]]:
    """Every value of each name. With `fold`, names that differ in case are one, spelled as the first was."""
    values: dict[str, list[str]] = {}
    spelling: dict[str, str] = {}
    for name, value in items:
        first = spelling.setdefault(name.lower() if fold else name, name)
        values.setdefault(first, []).append(value)
    return values


def _pattern(template: str) -> str:
    """A regular expression of a template: `{name}` is one segment, `{name+}` is the rest."""
    literal = re.escape(template)
    rest = re.sub(r"\\{(\w+)\\\+\\}", r"(?P<\1>.+)", literal)
    return re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", rest)


def _suffix(partition: str) -> str:
    return ".cn" if partition == "aws-cn" else ""
