"""What only a deployment knows."""

from __future__ import annotations

from authorizer import config, settings
from authorizer.tools.template import Unresolved
from authorizer.tools.template_check.stand_ins import known_variables

TOML = """[[issuer]]
kind = "cognito"
user_pool_id = "${Ref Pool}"
client_ids = ["${Ref Web}", "${Ref Machine}"]
token_use = ["access"]
[[issuer]]
kind = "oidc"
issuer = "${Ref Issuer}"
audience = ["x"]
[[issuer]]
kind = "oidc"
issuer = "https://${Ref Domain}/b"
audience = ["x"]
[require]
any_valid_token = true
"""


def test_toml_is_filled() -> None:
    found = known_variables({"AUTHORIZER_CONFIG": Unresolved(TOML, composed=True), "OTHER": "1"})
    read = settings.read(config.from_environment(found))
    names = [name for issuer in read.issuers for name in issuer.issuers]
    assert "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_RefPool" in names
    assert "https://refissuer.example.com" in names
    assert "https://RefDomain/b" in names


def test_plain_variables_are_filled() -> None:
    given: dict[str, str | Unresolved] = {
        "AUTHORIZER_ISSUER": Unresolved("Ref Issuer"),
        "AUTHORIZER_AUDIENCE": Unresolved("Ref Audience"),
        "AUTHORIZER_LEEWAY": Unresolved("Ref Leeway"),
        "AUTHORIZER_JWKS": Unresolved("Ref Keys"),
        "AUTHORIZER_SCOPES": "a",
        "AUTHORIZER_GROUPS": "",
        "AUTHORIZER_FINGERPRINT_KEY": Unresolved("${Ref Secret}", composed=True),
    }
    found = known_variables(given)
    assert found == {
        "AUTHORIZER_ISSUER": "https://refissuer.example.com",
        "AUTHORIZER_AUDIENCE": "RefAudience",
        "AUTHORIZER_SCOPES": "a",
    }
    settings.read(config.from_environment(found))
