"""Test kit: mint tokens, break them, run an issuer that fails on demand, build the events of every API.

For tests only: it needs PyJWT, `cryptography` and `trustme`, and is not part of the layer.
"""

from authorizer.testing.cognito import (
    cognito_access_claims,
    cognito_client_credentials_claims,
    cognito_id_claims,
    cognito_issuer,
    cognito_resource_bound_claims,
)
from authorizer.testing.compact import raw_token, unsigned
from authorizer.testing.events import (
    Call,
    EmptyMap,
    client_cert,
    console_test,
    http_v1,
    http_v2,
    rest_request,
    rest_token,
    websocket_connect,
)
from authorizer.testing.faults import Fault
from authorizer.testing.forgery import FORGERIES, Forgery, attacker_key, hmac_signer
from authorizer.testing.issuer import FakeIssuer
from authorizer.testing.keys import ALGORITHMS, SigningKey, key_set
from authorizer.testing.mint import default_claims, mint

__all__ = [
    "ALGORITHMS",
    "FORGERIES",
    "Call",
    "EmptyMap",
    "FakeIssuer",
    "Fault",
    "Forgery",
    "SigningKey",
    "attacker_key",
    "client_cert",
    "cognito_access_claims",
    "cognito_client_credentials_claims",
    "cognito_id_claims",
    "cognito_issuer",
    "cognito_resource_bound_claims",
    "console_test",
    "default_claims",
    "hmac_signer",
    "http_v1",
    "http_v2",
    "key_set",
    "mint",
    "raw_token",
    "rest_request",
    "rest_token",
    "unsigned",
    "websocket_connect",
]
