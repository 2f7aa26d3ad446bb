"""`events/env.json`: one set of settings for all sample events, small enough for the variables of a real function."""

from __future__ import annotations

import json
from string import Template
from typing import TYPE_CHECKING, Final

from authorizer.testing import ALGORITHMS, SigningKey
from authorizer.tools.events.issuers import (
    ADMINS,
    AGED,
    AUDIENCE,
    BRIEF,
    CLIENT,
    LOGIN,
    MEMBERS,
    MEMBERS_CLIENT,
    PARTNER,
    RESOURCE,
    SCOPE,
    USERS,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authorizer.tools.events.issuers import Issuers

_OWN: Final = 'claims={tier="gold",sub={parameter="owner"}}'
_VAULT: Final = f'{{match="GET /vault/{{owner}}",{_OWN},issuers=["{LOGIN}"],acr=["high"],amr=["mfa"],max_auth_age=60}}'
# Without blanks and comments: Lambda allows 4 KB of variables, and most of them are keys.
_SETTINGS: Final = f"""\
route=[
{{match="GET /",any_valid_token=true}},
{{match="GET /health",public=true}},
{{match="GET /orders/{{id}}",scopes=["{SCOPE}"]}},
{{match="POST /orders",any_scopes=["orders/write","orders/all"]}},
{{match="ANY /admin/{{proxy+}}",groups=["{ADMINS}"]}},
{{match="GET /files/{{proxy+}}",any_valid_token=true}},
{{match="PUT /orders",deny=true}},
{_VAULT},
{{match="GET /keys",verifiers=["api_key"]}},
{{match="$$connect",scopes=["{SCOPE}"]}},
{{match="$$default",any_valid_token=true}}]
[credential]
from=["header:Authorization","cookie:session"]
websocket=["query:access_token","cookie:session"]
[context]
user="sub"
tenant="tenant"
[[issuer]]
kind="jwt"
issuer="{LOGIN}"
audience=["{AUDIENCE}"]
algorithms=[$algorithms]
jwks.keys=[
$login]
[[issuer]]
kind="cognito"
user_pool_id="{USERS}"
client_ids=["{CLIENT}"]
token_use=["access"]
jwks.keys=[$users]
[[issuer]]
kind="cognito"
user_pool_id="{MEMBERS}"
client_ids=["{MEMBERS_CLIENT}"]
token_use=["id","access"]
audience=["{RESOURCE}"]
jwks.keys=[$members]
[[issuer]]
kind="oidc"
issuer="{PARTNER}"
audience=["{AUDIENCE}"]
algorithms=["EdDSA"]
profile="rfc9068"
required_claims=["email"]
expected_claims.tenant=["north","south"]
jwks.keys=[$partner]
[[issuer]]
kind="jwt"
issuer="{AGED}"
audience=["{AUDIENCE}"]
algorithms=["EdDSA"]
max_age=3600
jwks.keys=[$aged]
[[issuer]]
kind="jwt"
issuer="{BRIEF}"
audience=["{AUDIENCE}"]
algorithms=["EdDSA"]
max_lifetime=3600
jwks.keys=[$brief]
"""

SMALL_ORDER: Final = (
    "AQ" + "A" * 41
)  # the neutral element of the curve: everyone can sign for it (RFC 7748 section 6.1)
_TINY: Final = {"kid": "tiny", "kty": "RSA", "n": "AQAB", "e": "AQAB"}  # a modulus of 17 bits
_CUT: Final = {"kid": "cut", "kty": "EC", "crv": "P-256", "x": "AQ", "y": "AQ"}  # coordinates of one byte
_GOOD: Final = ("rsa", "p256", "p384", "ed")  # ES512's key is the longest, and there is no room for it


def variables(issuers: Issuers) -> dict[str, str]:
    """The environment variables of every function that answers sample events."""
    own = {name: _row(_jwk(issuers, name)) for name in ("users", "members", "partner", "aged", "brief")}
    algorithms = ",".join(
        f'"{name}"' for name in ALGORITHMS if name not in ("Ed25519", "ES512")
    )  # EdDSA again, and no key
    login = ",\n".join(map(_row, _login_keys(issuers)))
    text = Template(_SETTINGS).substitute(own, algorithms=algorithms, login=login)
    return {"AUTHORIZER_CONFIG": text, "AUTHORIZER_CACHE_TTL": "0"}  # the template's 300 s refuse public routes


def document(issuers: Issuers) -> str:
    """The file, in the shape of `sam local invoke --env-vars`."""
    return json.dumps({"Parameters": variables(issuers)}, indent=2) + "\n"


def _login_keys(issuers: Issuers) -> list[dict[str, str]]:
    return [
        *(_jwk(issuers, kid) for kid in _GOOD),
        _TINY,
        {"kid": "small-order", "kty": "OKP", "crv": "Ed25519", "x": SMALL_ORDER},
        _CUT,
        _jwk(issuers, "enc") | {"use": "enc"},
        _jwk(issuers, "twin"),
        _public(issuers.other_twin),
    ]


def _jwk(issuers: Issuers, kid: str) -> dict[str, str]:
    return _public(issuers.keys[kid])


def _public(key: SigningKey) -> dict[str, str]:
    return {"kid": key.kid, **key.jwk(use=None, alg=None)}


def _row(jwk: Mapping[str, str]) -> str:
    return "{" + ",".join(f'{name}="{value}"' for name, value in jwk.items()) + "}"
