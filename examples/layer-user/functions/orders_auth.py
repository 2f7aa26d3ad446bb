"""Who may call the orders API. Do not call this file authorizer.py: it would hide the package of the layer."""

import os

from authorizer import http_authorizer, oidc

handler = http_authorizer(
    oidc(os.environ["ISSUER"], audience=[os.environ["AUDIENCE"]]),
    config={"context": {"user": "sub"}, "route": [{"match": "GET /orders/{id}", "scopes": ["orders:read"]}]},
)
