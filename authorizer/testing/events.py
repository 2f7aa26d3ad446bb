"""Builders of every event that API Gateway sends to a Lambda authorizer: fresh dicts, the same for the same call."""

from authorizer.testing.call import Call, EmptyMap, client_cert
from authorizer.testing.events_http import http_v1, http_v2
from authorizer.testing.events_rest import console_test, rest_request, rest_token, websocket_connect

__all__ = [
    "Call",
    "EmptyMap",
    "client_cert",
    "console_test",
    "http_v1",
    "http_v2",
    "rest_request",
    "rest_token",
    "websocket_connect",
]
