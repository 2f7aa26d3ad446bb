"""Mistakes with user pool authorizers of REST APIs, user pools and app clients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.unit.tools.doctor.mutation import Mutation

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.tools.doctor.mutation import Template

    Edit = Callable[[Template], object]

SAM, RAW = "cognito_rest.yaml", "cognito_rest_raw.yaml"
_ISSUER: Final = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI"
_ATTRIBUTES: Final = ("DependsOn", "Type")  # of a resource; all else is in its properties


def at(path: str, value: Any) -> Edit:
    """Sets `Resource.Property.…`; numbers are places in lists."""
    return lambda template: _put(*_found(template, path), value)


def without(path: str) -> Edit:
    """Takes `Resource.Property.…` away, or a whole `Resource`."""
    return lambda template: _found(template, path)[0].pop(_found(template, path)[1])


def each(*edits: Edit) -> Edit:
    """All of them, one after the other."""
    return lambda template: [edit(template) for edit in edits]


def _put(node: Any, key: Any, value: Any) -> None:
    node[key] = value


def _found(template: Template, path: str) -> tuple[Any, Any]:
    name, *way = path.split(".")
    if not way:
        return template["Resources"], name
    node: Any = template["Resources"][name]
    if way[0] not in _ATTRIBUTES:
        node = node.setdefault("Properties", {})
    for one in way[:-1]:
        node = node[int(one)] if one.isdigit() else node.setdefault(one, {})
    return node, int(way[-1]) if way[-1].isdigit() else way[-1]


def _mutation(code: str, edit: Edit, *, base: str = RAW, name: str = "") -> Mutation:
    return Mutation(name=name or code, base=base, edit=edit, code=code)


READ: Final = "Orders.Events.Read.Properties.Auth.AuthorizationScopes"
OIDC_ONLY: Final = at("Machine.AllowedOAuthScopes", ["openid"])

AUTHORIZERS: Final = [
    _mutation("cognito_authorizer_without_pool", without("Users.ProviderARNs")),
    _mutation("cognito_authorizer_without_pool", at("Users.ProviderARNs", []), name="no user pool in the list"),
    _mutation("cognito_pool_arn_malformed", at("Users.ProviderARNs", [{"Ref": "Pool"}])),
    _mutation("cognito_pool_arn_malformed", at("Users.ProviderARNs", [_ISSUER]), name="issuer in place of an ARN"),
    _mutation(
        "cognito_pool_arn_malformed",
        at("Api.Auth.Authorizers.People.UserPoolArn", {"Ref": "Pool"}),
        base=SAM,
        name="pool id in SAM",
    ),
    _mutation(
        "cognito_pool_of_another_region",
        at("Users.ProviderARNs", ["arn:aws:cognito-idp:eu-west-1:123456789012:userpool/us-east-1_AbCdEfGhI"]),
    ),
    _mutation("cognito_identity_source_missing", without("Users.IdentitySource")),
    _mutation("cognito_identity_source_not_header", at("Users.IdentitySource", "method.request.querystring.token")),
    _mutation(
        "cognito_identity_source_not_header",
        at("Users.IdentitySource", "method.request.header.Authorization, method.request.header.X-Tenant"),
        name="two headers for a user pool",
    ),
    _mutation("cognito_header_other_than_authorization", at("Users.IdentitySource", "method.request.header.X-Token")),
    _mutation(
        "cognito_header_other_than_authorization",
        each(
            at("Api.Auth.Authorizers.Users.Identity", {"Header": "X-Token"}),
            at("Api.Cors.AllowHeaders", "'Authorization,X-Token'"),
        ),
        base=SAM,
        name="another header in SAM",
    ),
    _mutation("cognito_ttl_ignored", at("Api.Auth.Authorizers.Users.Identity", {"ReauthorizeEvery": 60}), base=SAM),
    _mutation("native_authorization_type_mismatch", at("GetOrders.AuthorizationType", "JWT")),
]
TOKENS: Final = [
    _mutation("cognito_access_token_without_scopes", without("GetOrders.AuthorizationScopes")),
    _mutation(
        "cognito_expression_with_scopes",
        at("Api.Auth.Authorizers.Users.Identity", {"ValidationExpression": {"Ref": "Web"}}),
        base=SAM,
    ),
    _mutation("cognito_expression_with_scopes", at("Users.IdentityValidationExpression", ".+"), name="any aud at all"),
    _mutation(
        "cognito_identity_validation_on_bearer",
        at("Api.Auth.Authorizers.People.Identity.ValidationExpression", "^Bearer [-0-9a-zA-Z._]*$"),
        base=SAM,
    ),
]
SCOPES: Final = [
    _mutation("scope_with_space", at("GetOrders.AuthorizationScopes", ["orders/read orders/write"])),
    _mutation("cognito_scope_undefined", at("GetOrders.AuthorizationScopes", ["orders/raed"])),
    _mutation("cognito_scope_undefined", at(READ, ["read"]), base=SAM, name="scope without the identifier"),
    _mutation("scope_alternative_undefined", at("GetOrders.AuthorizationScopes", ["orders/raed", "orders/read"])),
    _mutation("cognito_scopes_but_no_client_has_them", at(READ, ["orders/write"]), base=SAM),
    _mutation(
        "cognito_scopes_need_oauth_flow",
        at("Machine", {"Type": "AWS::Cognito::UserPoolClient", "Properties": {"UserPoolId": {"Ref": "Pool"}}}),
    ),
]
CLIENTS: Final = [
    _mutation("client_oauth_incomplete", without("Web.AllowedOAuthScopes"), base=SAM),
    _mutation("client_oauth_incomplete", without("Web.AllowedOAuthFlows"), base=SAM, name="OAuth without flows"),
    _mutation("client_oauth_not_allowed", at("Web.AllowedOAuthFlowsUserPoolClient", False), base=SAM),
    _mutation(
        "client_without_flows",
        at(
            "Refreshing",
            {
                "Type": "AWS::Cognito::UserPoolClient",
                "Properties": {"UserPoolId": {"Ref": "Pool"}, "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"]},
            },
        ),
        base=SAM,
    ),
    _mutation("client_callback_missing", without("Web.CallbackURLs"), base=SAM),
    _mutation("client_callback_refused", at("Web.CallbackURLs", ["http://app.example.com/back"]), base=SAM),
    _mutation(
        "client_callback_refused", at("Web.CallbackURLs", ["https://a.example/#/in"]), base=SAM, name="callback after #"
    ),
    _mutation(
        "client_credentials_with_user_flows",
        each(
            at("Machine.AllowedOAuthFlows", ["client_credentials", "code"]),
            at("Machine.CallbackURLs", ["https://app.example.com/callback"]),
            at("Machine.SupportedIdentityProviders", ["COGNITO"]),
        ),
    ),
    _mutation("client_credentials_without_secret", at("Machine.GenerateSecret", False)),
    _mutation(
        "client_credentials_without_scopes",
        each(at("Machine.AllowedOAuthScopes", ["openid"]), at("GetOrders.AuthorizationScopes", ["openid"])),
    ),
    _mutation(
        "client_secret_for_public_client",
        each(at("Web.GenerateSecret", True), at("Web.AllowedOAuthFlows", ["implicit"])),
        base=SAM,
    ),
    _mutation(
        "client_secret_for_public_client",
        each(at("Web.GenerateSecret", True), at("Web.CallbackURLs", ["myapp://callback"])),
        base=SAM,
        name="secret in a phone",
    ),
    _mutation("client_scope_undefined", at("Web.AllowedOAuthScopes", ["openid", "orders/raed"]), base=SAM),
    _mutation("client_before_resource_server", without("Machine.DependsOn")),
    _mutation("client_token_lifetime", without("Web.TokenValidityUnits"), base=SAM),
    _mutation(
        "client_token_lifetime",
        each(at("Web.IdTokenValidity", 4), at("Web.TokenValidityUnits.IdToken", "minutes")),
        base=SAM,
        name="ID tokens for 4 minutes",
    ),
    _mutation("token_revocation_off", at("Machine.EnableTokenRevocation", False)),
]
LOGIN: Final = [
    _mutation("domain_missing_for_oauth", without("PoolDomain")),
    _mutation("login_without_branding", at("PoolDomain.ManagedLoginVersion", 2), base=SAM),
    _mutation("client_without_identity_provider", without("Web.SupportedIdentityProviders"), base=SAM),
]
MUTATIONS: Final = [*AUTHORIZERS, *TOKENS, *SCOPES, *CLIENTS, *LOGIN]
