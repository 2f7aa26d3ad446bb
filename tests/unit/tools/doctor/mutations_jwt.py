"""Mistakes with JWT authorizers of HTTP and REST APIs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.unit.tools.doctor.mutation import Mutation
from tests.unit.tools.doctor.mutations_cognito import at, each, without

if TYPE_CHECKING:
    from tests.unit.tools.doctor.mutations_cognito import Edit

SAM, RAW, REST = "jwt_http.yaml", "jwt_http_raw.yaml", "jwt_rest.yaml"
OPENAPI: Final = "native_openapi.yaml"
_POOL: Final = "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI"
_SETTINGS: Final = """
[[issuer]]
kind = "oidc"
issuer = "https://partners.eu.auth0.com/"
audience = ["https://orders.example.com"]
algorithms = ["ES256"]

[require]
any_valid_token = true
"""


def _mutation(
    code: str, edit: Edit, *, base: str = RAW, name: str = "", files: dict[str, str] | None = None
) -> Mutation:
    return Mutation(name=name or code, base=base, edit=edit, code=code, files=files or {})


def _issuer(url: object) -> Edit:
    return at("Staff.JwtConfiguration.Issuer", url)


def _partners(url: str) -> Edit:
    return at("Api.Auth.Authorizers.Partners.JwtConfiguration.issuer", url)


def _rest(path: str, value: Any) -> Edit:
    return at(f"Users.JwtConfiguration.{path}", value)


def _claim(**given: Any) -> Edit:
    return _rest("Issuers.0.AdditionalClaims", [{"ClaimName": "tenant", "Format": "SINGLE_STRING", **given}])


_SDK_CLIENT: Final = {"Type": "AWS::Cognito::UserPoolClient", "Properties": {"UserPoolId": {"Ref": "Pool"}}}

ISSUERS: Final = [
    _mutation("jwt_issuer_is_discovery_url", _issuer(f"https://{_POOL}/.well-known/openid-configuration")),
    _mutation("jwt_issuer_is_discovery_url", _issuer(f"https://{_POOL}/.well-known/jwks.json"), name="issuer is keys"),
    _mutation("jwt_issuer_not_https", _issuer(f"http://{_POOL}")),
    _mutation("jwt_issuer_not_https", _issuer({"Fn::GetAtt": ["Pool", "ProviderName"]}), name="ProviderName"),
    _mutation("jwt_issuer_not_https", _partners("partners.eu.auth0.com/"), base=SAM, name="host alone in SAM"),
    _mutation("jwt_issuer_is_login_domain", _issuer("https://orders-example.auth.eu-west-1.amazoncognito.com")),
    _mutation("jwt_issuer_trailing_slash", _issuer(f"https://{_POOL}/")),
    _mutation(
        "jwt_issuer_trailing_slash",
        _rest("Issuers.0.Issuer", {"Fn::Sub": "https://cognito-idp.${AWS::Region}.amazonaws.com/${Pool}/"}),
        base=REST,
        name="slash in REST",
    ),
    _mutation(
        "jwt_issuer_trailing_slash", _partners("https://sso.example.com/realms/orders/"), base=SAM, name="Keycloak"
    ),
    _mutation("jwt_issuer_slash_missing", _partners("https://partners.eu.auth0.com"), base=SAM),
    _mutation("jwt_issuer_of_another_region", _issuer(f"https://{_POOL.replace('eu-west-1_', 'us-east-1_')}")),
    _mutation("jwt_issuer_form_mismatch", at("Pool.IssuerConfiguration", {"Type": "UPDATED"}), base=REST),
]
AUDIENCES: Final = [
    _mutation("jwt_audience_missing", without("Staff.JwtConfiguration.Audience")),
    _mutation("jwt_audience_missing", _rest("Issuers.0.Audiences", []), base=REST, name="empty audiences in REST"),
    _mutation("jwt_audiences_too_many", at("Staff.JwtConfiguration.Audience", [f"client{n:020}" for n in range(51)])),
    _mutation("jwt_audience_is_pool", at("Users.JwtConfiguration.Audience", [{"Ref": "Pool"}])),
    _mutation(
        "jwt_audience_is_pool",
        at("Api.Auth.Authorizers.Users.JwtConfiguration.audience", [{"Fn::GetAtt": ["Pool", "Arn"]}]),
        base=SAM,
        name="ARN as audience",
    ),
    _mutation("jwt_audience_not_client", at("Users.JwtConfiguration.Audience", ["https://api.example.com"])),
    _mutation(
        "jwt_audience_not_client",
        at("Users.JwtConfiguration.Audience", [{"Ref": "OtherClient"}]),
        name="client of another pool",
    ),
]
SOURCES: Final = [
    _mutation("jwt_identity_source_missing", without("Staff.IdentitySource")),
    _mutation("jwt_identity_source_missing", without("Users.IdentitySource"), base=REST, name="no source in REST"),
    _mutation(
        "jwt_identity_source_several",
        at("Staff.IdentitySource", ["$request.header.Authorization", "$request.querystring.token"]),
    ),
    _mutation("jwt_identity_source_malformed", at("Staff.IdentitySource", ["method.request.header.Authorization"])),
    _mutation("jwt_identity_source_malformed", at("Staff.IdentitySource", ["Authorization"]), name="header alone"),
    _mutation(
        "rest_jwt_identity_source_not_header", at("Users.IdentitySource", "$request.header.Authorization"), base=REST
    ),
]
SCOPES: Final = [
    _mutation("jwt_scopes_too_many", at("GetReports.AuthorizationScopes", [f"reports/{n}" for n in range(11)])),
    _mutation(
        "scope_with_space", at("GetReports.AuthorizationScopes", ["reports/read reports/write"]), name="two in one"
    ),
    _mutation("jwt_scope_undefined", at("GetOrders.AuthorizationScopes", ["orders/raed"])),
    _mutation(
        "jwt_scope_undefined", at("GetOrders.AuthorizationScopes", ["order/read"]), base=REST, name="other server"
    ),
    _mutation(
        "scope_alternative_undefined", at("GetOrders.AuthorizationScopes", ["orders/read", "admin"]), name="admin"
    ),
    _mutation(
        "jwt_scopes_but_no_client_has_them",
        at("Api.Auth.Authorizers.Users.JwtConfiguration.audience", [{"Ref": "Machine"}]),
        base=SAM,
    ),
    _mutation("jwt_scopes_need_oauth_flow", at("Web", _SDK_CLIENT)),
    _mutation(
        "authorization_scopes_empty_does_not_clear",
        at("Orders.Events.Read.Properties.Auth", {"AuthorizationScopes": []}),
        base=SAM,
    ),
    _mutation("jwt_id_tokens_accepted", without("GetOrders.AuthorizationScopes")),
]
IMPORTS: Final = [
    _mutation("jwt_fail_on_warnings_absent", without("Api.FailOnWarnings"), base=SAM),
    _mutation("jwt_fail_on_warnings_absent", at("Api.FailOnWarnings", False), base=SAM, name="warnings passed over"),
]
REST_SETTINGS: Final = [
    _mutation("rest_jwt_algorithms_unsupported", _rest("DefaultAlgorithms", ["RS256", "HS256"]), base=REST),
    _mutation("rest_jwt_algorithms_missing", without("Users.JwtConfiguration.DefaultAlgorithms"), base=REST),
    _mutation("rest_jwt_algorithms_without_rs256", _rest("DefaultAlgorithms", ["ES256"]), base=REST),
    _mutation("rest_jwt_reserved_claim", _claim(ClaimName="aud"), base=REST),
    _mutation("rest_jwt_claim_is_list", _claim(ClaimName="cognito:groups", ExpectedValues=["admins"]), base=REST),
    _mutation("rest_jwt_expected_values_several", _claim(ExpectedValues=["a", "b"]), base=REST),
    _mutation("rest_jwt_claim_format", _claim(Format="STRING_LIST"), base=REST),
    _mutation("rest_jwt_ttl_set", at("Users.AuthorizerResultTtlInSeconds", 300), base=REST),
    _mutation("rest_jwt_setting_of_others", at("Users.ProviderARNs", [{"Fn::GetAtt": ["Pool", "Arn"]}]), base=REST),
    _mutation(
        "rest_jwt_issuer_query",
        each(_rest("Issuers.0.Issuer", "https://id.example.com/?tenant=1"), _rest("Issuers.0.Audiences", ["orders"])),
        base=REST,
    ),
]
ALGORITHMS: Final = [
    _mutation(
        "jwt_algorithm_not_rsa",
        at(
            "Own",
            {
                "Type": "AWS::Serverless::Function",
                "Properties": {"Runtime": "python3.13", "Handler": "authorizer.handler.http", "CodeUri": "."},
            },
        ),
        base=SAM,
        files={"authorizer.toml": _SETTINGS},
    ),
]


def _scheme(name: str, value: Any) -> Edit:
    scheme = f"HttpApi.Body.components.securitySchemes.users.x-amazon-apigateway-authorizer.{name}"
    return at(scheme, value)


_TOKENS: Final = "Api.Body.securityDefinitions.tokens.x-amazon-apigateway-authorizer"
OPENAPI_DOCUMENTS: Final = [
    _mutation(
        "jwt_issuer_trailing_slash",
        _scheme("jwtConfiguration.issuer", f"https://{_POOL}/"),
        name="slash in OpenAPI",
        base=OPENAPI,
    ),
    _mutation(
        "jwt_audience_not_client",
        _scheme("jwtConfiguration.audience", ["orders-api"]),
        name="a name as audience in OpenAPI",
        base=OPENAPI,
    ),
    _mutation(
        "jwt_identity_source_malformed",
        _scheme("identitySource", "Authorization"),
        name="header in OpenAPI",
        base=OPENAPI,
    ),
    _mutation(
        "jwt_fail_on_warnings_absent", without("HttpApi.FailOnWarnings"), name="warnings of OpenAPI", base=OPENAPI
    ),
    _mutation(
        "jwt_scope_undefined",
        at("HttpApi.Body.paths./orders.get.security", [{"users": ["read"]}]),
        name="scope in OpenAPI",
        base=OPENAPI,
    ),
    _mutation(
        "rest_jwt_algorithms_unsupported",
        at(f"{_TOKENS}.jwtConfiguration.defaultAlgorithms", ["EdDSA"]),
        name="EdDSA in OpenAPI",
        base=OPENAPI,
    ),
    _mutation(
        "rest_jwt_ttl_set", at(f"{_TOKENS}.authorizerResultTtlInSeconds", 0), name="TTL in OpenAPI", base=OPENAPI
    ),
    _mutation(
        "rest_jwt_issuer_query",
        at(f"{_TOKENS}.jwtConfiguration.issuers.0.issuer", "https://user@id.example.com"),
        name="user in OpenAPI",
        base=OPENAPI,
    ),
    _mutation(
        "cognito_expression_with_scopes",
        at("Api.Body.securityDefinitions.users.x-amazon-apigateway-authorizer.identityValidationExpression", ".*"),
        name="expression in OpenAPI",
        base=OPENAPI,
    ),
]
MUTATIONS: Final = [*ISSUERS, *AUDIENCES, *SOURCES, *SCOPES, *IMPORTS, *REST_SETTINGS, *ALGORITHMS, *OPENAPI_DOCUMENTS]
