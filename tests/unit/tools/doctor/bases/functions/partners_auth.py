# mypy: ignore-errors
"""An authorizer on the layer."""

import os

from authorizer import http_authorizer, oidc

handler = http_authorizer(
    oidc(os.environ["ISSUER"], audience=[os.environ["AUDIENCE"]]),
    config={"route": [{"match": "POST /partners/orders", "scopes": ["orders:write"]}]},
)
