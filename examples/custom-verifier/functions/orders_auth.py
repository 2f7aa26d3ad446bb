"""Who may call the orders API: people with a token of the OpenID provider, programs with an API key."""

import os

from api_keys import ApiKeys
from key_table import DynamoKeyTable

from authorizer import oidc, rest_authorizer

handler = rest_authorizer(
    oidc(os.environ["ISSUER"], audience=[os.environ["AUDIENCE"]]),
    ApiKeys(DynamoKeyTable(os.environ["KEY_TABLE"])),
    config={"route": [{"match": "GET /orders/{id}", "scopes": ["orders:read"]}]},
)
