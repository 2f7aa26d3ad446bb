"""Which facts each authorizer event carries, and which API is answered: one table for runtime and `config check`."""

from __future__ import annotations

from enum import Enum


class Fact(Enum):
    """What a decision may look at. Verifiers and conditions declare which they read; a cached answer may depend on those
    alone that are in the cache's key, or in the policy itself."""

    CREDENTIAL = "credential"  # and what it proves
    CLOCK = "clock"
    PATH = "path"  # the called method and path
    SOURCE_IP = "source_ip"
    FIELDS = "fields"  # headers, query parameters, cookies


ANYTHING = frozenset(Fact)


class Api(Enum):
    """The three API types. Settings that differ per API use these names."""

    REST = "rest"
    WEBSOCKET = "websocket"
    HTTP = "http"


class Surface(Enum):
    """Which of API Gateway's authorizer events arrived. The value is what the log says.

    A TOKEN event has the token and the called ARN, nothing else: no headers, query parameters or cookies (`has_fields`),
    no address of the caller, and no route as the API defines it, only the called path (`has_template`).
    """

    api: Api
    has_fields: bool
    has_template: bool
    facts: frozenset[Fact]

    def __new__(cls, value: str, api: Api, has_fields: bool, has_template: bool) -> Surface:
        member = object.__new__(cls)
        member._value_ = value
        member.api, member.has_fields, member.has_template = api, has_fields, has_template
        member.facts = ANYTHING if has_fields else ANYTHING - {Fact.FIELDS, Fact.SOURCE_IP}
        return member

    #              value           api            fields  template
    REST_TOKEN = "rest_token", Api.REST, False, False
    REST_REQUEST = "rest_request", Api.REST, True, True
    WEBSOCKET = "websocket", Api.WEBSOCKET, True, True
    HTTP_V1 = "http_v1", Api.HTTP, True, True
    HTTP_V2 = "http_v2", Api.HTTP, True, True
