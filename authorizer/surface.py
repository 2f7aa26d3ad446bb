"""Which facts each authorizer event carries, and which API is answered: one table for runtime and `config check`."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Surface(Enum):
    """Which of API Gateway's authorizer events arrived. The value is what the log says."""

    REST_TOKEN = "rest_token"
    REST_REQUEST = "rest_request"
    WEBSOCKET = "websocket"
    HTTP_V1 = "http_v1"
    HTTP_V2 = "http_v2"


class Api(Enum):
    """The three API types. Settings that differ per API use these names."""

    REST = "rest"
    WEBSOCKET = "websocket"
    HTTP = "http"


class Facts(NamedTuple):
    """What a surface has. A TOKEN event has the token and the called ARN, nothing else."""

    api: Api
    fields: bool  # headers, query parameters and cookies
    template: bool  # the route as the API defines it, not only the called path


FACTS = {
    Surface.REST_TOKEN: Facts(Api.REST, fields=False, template=False),
    Surface.REST_REQUEST: Facts(Api.REST, fields=True, template=True),
    Surface.WEBSOCKET: Facts(Api.WEBSOCKET, fields=True, template=True),
    Surface.HTTP_V1: Facts(Api.HTTP, fields=True, template=True),
    Surface.HTTP_V2: Facts(Api.HTTP, fields=True, template=True),
}
