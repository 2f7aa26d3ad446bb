from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.testing import SigningKey, key_set
from authorizer.tools.gateway.names import Names
from authorizer.tools.local_issuer.client import CLIENT_CREDENTIALS, PASSWORD
from authorizer.tools.local_issuer.local_issuers import LocalIssuers
from authorizer.tools.local_issuer.template_issuers import LOCAL, stand_ins, warnings
from authorizer.tools.template import read_template
from authorizer.verifiers.cognito import issuer_urls
from tests.unit.tools.gateway.gateways import (
    document,
    fn,
    http_api,
    http_route,
    rest_api,
    rest_authorizer,
    template,
)

if TYPE_CHECKING:
    from pathlib import Path

    from authorizer.tools.local_issuer.stand_in import StandIn

    Resources = dict[str, dict[str, Any]]

LOGIN = "https://login.example.com/"
OUTSIDE = "eu-west-1_AbCdEfGhI"
POOL: Resources = {"Users": {"Type": "AWS::Cognito::UserPool"}}
SDK = "aws.cognito.signin.user.admin"


def made(folder: Path, resources: Resources, *others: str, **parameters: str) -> list[StandIn]:
    found = document(folder, resources, **parameters)
    listed = stand_ins(found, Names(found), others)
    assert list(LocalIssuers(listed)) == listed  # no two names and no two issuers are the same
    return listed


def only(folder: Path, resources: Resources, *others: str) -> StandIn:
    (found,) = made(folder, resources, *others)
    return found


def client(name: str = "Client", **given: Any) -> Resources:
    return {name: {"Type": "AWS::Cognito::UserPoolClient", "Properties": {"UserPoolId": {"Ref": "Users"}, **given}}}


def jwt(issuer: Any, *audience: Any, name: str = "Auth") -> Resources:
    """An HTTP API with a JWT authorizer."""
    configuration = {"Issuer": issuer, "Audience": list(audience)}
    given = {"ApiId": {"Ref": "Api"}, "AuthorizerType": "JWT", "JwtConfiguration": configuration, "Name": name}
    sources = {"IdentitySource": ["$request.header.Authorization"]}
    return {**http_api(), name: {"Type": "AWS::ApiGatewayV2::Authorizer", "Properties": given | sources}}


def ours(name: str = "Ours", **variables: Any) -> Resources:
    """A function of ours with settings in variables."""
    usual = {"AUTHORIZER_ANY_VALID_TOKEN": "true"}
    named = {f"AUTHORIZER_{key}": value for key, value in variables.items()}
    if any(key in variables for key in ("SCOPES", "CONFIG", "CONFIG_FILE")):
        usual = {}
    return {name: fn(Handler="authorizer.handler.http", Environment={"Variables": usual | named})}


OIDC = {"ISSUER": LOGIN, "AUDIENCE": "a,b"}


def test_template_without_issuers(tmp_path: Path) -> None:
    assert made(tmp_path, {**rest_api(), **rest_authorizer()}) == []


def test_pool_without_clients(tmp_path: Path) -> None:
    found = only(tmp_path, POOL)
    assert (found.name, found.kind, len(found.issuers), found.audience) == ("users", "cognito", 2, ())
    assert [(one.id, one.scopes, one.grants) for one in found.clients] == [
        (LOCAL, ("openid",), (CLIENT_CREDENTIALS, PASSWORD))
    ]


@pytest.mark.parametrize(
    ("given", "scopes", "grants"),
    [
        ({}, (SDK,), (PASSWORD,)),
        ({"AllowedOAuthScopes": ["openid", "api/read"]}, ("openid", "api/read"), (PASSWORD,)),
        ({"AllowedOAuthFlows": ["code"]}, (SDK,), (PASSWORD,)),
        ({"AllowedOAuthFlows": ["client_credentials"]}, (SDK,), (CLIENT_CREDENTIALS,)),
        ({"AllowedOAuthFlows": ["client_credentials", "code"]}, (SDK,), (CLIENT_CREDENTIALS, PASSWORD)),
        ({"AllowedOAuthFlows": "client_credentials"}, (SDK,), (CLIENT_CREDENTIALS,)),
    ],
)
def test_client_of_a_pool(given: Any, scopes: tuple[str, ...], grants: tuple[str, ...], tmp_path: Path) -> None:
    (found,) = only(tmp_path, {**POOL, **client(**given)}).clients
    assert (found.scopes, found.grants) == (scopes, grants)


@pytest.mark.parametrize(("given", "has_one"), [(True, True), ("true", True), (False, False), (None, False)])
def test_secret_of_a_client_is_what_the_template_hands_to_functions(given: Any, has_one: bool, tmp_path: Path) -> None:
    resources = {**POOL, **client(GenerateSecret=given)}
    resources["Fn"] = fn(Environment={"Variables": {"SECRET": {"Fn::GetAtt": "Client.ClientSecret"}}})
    found = document(tmp_path, resources)
    names = Names(found)
    (one,) = stand_ins(found, names)[0].clients
    handed = names.text(found.functions[0].environment["SECRET"])
    assert (one.id, one.secret) == (names.of("Client"), handed if has_one else None)


def test_clients_are_those_of_their_pool(tmp_path: Path) -> None:
    resources = {**POOL, "Others": POOL["Users"], **client("One"), **client("Two", UserPoolId={"Ref": "Others"})}
    found = {one.name: [client.id for client in one.clients] for one in made(tmp_path, resources)}
    names = Names(document(tmp_path, resources))
    assert found == {"users": [names.of("One")], "others": [names.of("Two")]}


def test_pool_in_no_region_of_aws_has_no_issuer(tmp_path: Path) -> None:
    assert made(tmp_path, POOL, **{"AWS::Region": "local"}) == []


def test_pool_of_a_user_pool_authorizer(tmp_path: Path) -> None:
    arn = f"arn:aws:cognito-idp:eu-west-1:123456789012:userpool/{OUTSIDE}"
    given = {"ProviderARNs": [arn, arn], "AuthorizerUri": None}
    found = only(tmp_path, {**rest_api(), **rest_authorizer("COGNITO_USER_POOLS", **given)})
    assert (found.name, found.kind, found.issuers) == ("abcdefghi", "cognito", issuer_urls(OUTSIDE))


def test_pool_of_the_template_that_an_authorizer_names_is_one(tmp_path: Path) -> None:
    given = {"ProviderARNs": [{"Fn::GetAtt": "Users.Arn"}], "AuthorizerUri": None}
    resources = {**POOL, **client(), **rest_api(), **rest_authorizer("COGNITO_USER_POOLS", **given)}
    found = only(tmp_path, resources)
    assert [one.id for one in found.clients] == [Names(document(tmp_path, resources)).of("Client")]


@pytest.mark.parametrize("arn", ["*", "arn:aws:cognito-idp:eu-west-1:1:userpool/none", {"Fn::ImportValue": "pool"}])
def test_pool_that_nobody_can_tell_is_none(arn: Any, tmp_path: Path) -> None:
    given = {"ProviderARNs": [arn], "AuthorizerUri": None}
    assert made(tmp_path, {**rest_api(), **rest_authorizer("COGNITO_USER_POOLS", **given)}) == []


def test_issuer_of_a_jwt_authorizer(tmp_path: Path) -> None:
    found = only(tmp_path, jwt(LOGIN, "a", "b"))
    assert (found.name, found.kind, found.issuers) == ("login-example-com", "oidc", (LOGIN,))
    assert (found.audience, [one.id for one in found.clients]) == (("a", "b"), [LOCAL])


@pytest.mark.parametrize("issuer", issuer_urls(OUTSIDE))
def test_issuer_that_is_a_pool(issuer: str, tmp_path: Path) -> None:
    found = only(tmp_path, jwt(issuer, "client-1"))
    assert (found.kind, found.issuers, found.audience) == ("cognito", issuer_urls(OUTSIDE), ())
    assert [one.id for one in found.clients] == ["client-1"]


@pytest.mark.parametrize(
    "issuer",
    [
        {"Fn::GetAtt": "Users.ProviderURL"},
        {"Fn::Sub": "https://cognito-idp.${AWS::Region}.${AWS::URLSuffix}/${Users}"},
    ],
)
def test_issuer_that_is_a_pool_of_the_template(issuer: Any, tmp_path: Path) -> None:
    resources = {**POOL, **client(), **jwt(issuer, {"Ref": "Client"}, "another")}
    found = only(tmp_path, resources)
    assert [one.id for one in found.clients] == [Names(document(tmp_path, resources)).of("Client"), "another"]
    assert found.clients[0].scopes == (SDK,)


def test_two_authorizers_with_one_issuer_are_one_with_both_audiences(tmp_path: Path) -> None:
    found = only(tmp_path, {**jwt(LOGIN, "a", "b"), **jwt(LOGIN, "b", "c", name="Other")})
    assert found.audience == ("a", "b", "c")


def test_slash_at_the_end_makes_another_issuer(tmp_path: Path) -> None:
    found = made(tmp_path, {**jwt(LOGIN), **jwt(LOGIN.removesuffix("/"), name="Other")})
    assert [(one.name, one.issuer) for one in found] == [
        ("login-example-com", LOGIN),
        ("login-example-com-2", LOGIN.removesuffix("/")),
    ]


def test_names_that_clash_are_numbered(tmp_path: Path) -> None:
    resources = {
        "Users": POOL["Users"],
        "USERS": POOL["Users"],
        **jwt("https://users/"),
        **jwt("https://users/a", name="B"),
    }
    assert [one.name for one in made(tmp_path, resources)] == ["users", "users-2", "users-3", "users-4"]


@pytest.mark.parametrize(
    ("issuer", "name"),
    [
        ("https://Login.Example.com:8443/realms/x", "login-example-com"),
        ("http://localhost:8080/", "localhost"),
        ("https://[::1]/", "1"),
        ("https://192.0.2.1/", "192-0-2-1"),
        ("no url", "no-url"),
        ("", "issuer"),
        ({"Fn::ImportValue": "shared"}, "importvalue-shared"),
        ("https://" + "a." * 100 + "com", "-".join("a" * 30)),
    ],
)
def test_name_is_one_that_a_url_can_have(issuer: Any, name: str, tmp_path: Path) -> None:
    assert only(tmp_path, jwt(issuer)).name.startswith(name)


@pytest.mark.parametrize(
    "issuer",
    [
        "https://[x",
        "https://a:99999/",
        "https://a b/",
        "https://a..b/",
        "https://_a.b/",
        "https://-a.b/",
        "https://ab--c.d/",
        "https://é.example/",
        f"https://{'a' * 64}.com/",
        f"https://{'a.' * 127}com/",
    ],
)
def test_issuer_whose_host_cannot_be_looked_up_has_no_stand_in_and_is_warned_of(issuer: str, tmp_path: Path) -> None:
    assert made(tmp_path, jwt(issuer)) == []
    found = document(tmp_path, jwt(issuer))
    (said,) = warnings(found, Names(found))
    assert issuer in said


def test_issuers_of_a_rest_api(tmp_path: Path) -> None:
    issuers = [{"Issuer": LOGIN, "Audiences": ["a"]}, {"Issuer": "https://other.example.com", "Audiences": ["b"]}]
    given = {"JwtConfiguration": {"Issuers": issuers, "DefaultAlgorithms": ["RS256"]}, "AuthorizerUri": None}
    found = made(tmp_path, {**rest_api(), **rest_authorizer("JWT", **given)})
    assert [(one.issuer, one.audience) for one in found] == [(LOGIN, ("a",)), ("https://other.example.com", ("b",))]


def test_issuer_in_variables_of_a_function_of_ours(tmp_path: Path) -> None:
    found = only(tmp_path, ours(**OIDC))
    assert (found.kind, found.issuers, found.audience, found.keys_at) == ("oidc", (LOGIN,), ("a", "b"), ())


def test_pool_in_variables_of_a_function_of_ours(tmp_path: Path) -> None:
    found = only(tmp_path, ours(USER_POOL_ID=OUTSIDE, CLIENT_IDS="two,one", TOKEN_USE="access"))
    assert (found.kind, found.issuers) == ("cognito", issuer_urls(OUTSIDE))
    assert [one.id for one in found.clients] == ["one", "two"]


@pytest.mark.parametrize("clients", ["ANY_CLIENT", {"Ref": "Client"}])
def test_pool_of_the_template_in_variables_of_a_function_of_ours(clients: Any, tmp_path: Path) -> None:
    variables = {"USER_POOL_ID": {"Ref": "Users"}, "CLIENT_IDS": clients, "TOKEN_USE": "access"}
    resources = {**POOL, **client(), **ours(**variables)}
    found = only(tmp_path, resources)
    assert [one.id for one in found.clients] == [Names(document(tmp_path, resources)).of("Client")]


TOML = f"""
[[issuer]]
kind = "oidc"
issuer = "{LOGIN}"
audience = ["a"]
jwks_uri = "https://keys.example.com/k"

[[issuer]]
kind = "cognito"
user_pool_id = "{OUTSIDE}"
client_ids = ["one"]
token_use = ["access"]

[require]
scopes = ["orders/read"]
any_scopes = ["b", "a"]
"""


@pytest.mark.parametrize("by_file", [True, False])
def test_settings_in_toml(by_file: bool, tmp_path: Path) -> None:
    (tmp_path / "authorizer.toml").write_text(TOML)
    first, second = made(tmp_path, ours(CONFIG_FILE="authorizer.toml") if by_file else ours(CONFIG=TOML))
    assert (first.issuers, first.keys_at) == ((LOGIN,), ("https://keys.example.com/k",))
    assert (second.issuers, second.keys_at) == (issuer_urls(OUTSIDE), ())
    assert first.scopes == ("a", "b", "orders/read")
    assert second.clients[0].scopes == first.scopes


def test_place_of_keys_in_variables(tmp_path: Path) -> None:
    found = only(tmp_path, {**jwt(LOGIN, "c"), **ours(**OIDC, JWKS_URI="https://keys.example.com/k")})
    assert (found.audience, found.keys_at) == (("c", "a", "b"), ("https://keys.example.com/k",))


@pytest.mark.parametrize(
    "function",
    [
        ours(),
        ours(ISSUER="http://no-https"),
        ours(ISSUER=LOGIN, NONSENSE="1"),
        ours(CONFIG_FILE="none.toml"),
        {"Other": fn(Handler="app.handler", Environment={"Variables": {"AUTHORIZER_ISSUER": LOGIN}})},
    ],
)
def test_function_without_settings_that_can_be_read_counts_for_nothing(function: Any, tmp_path: Path) -> None:
    assert made(tmp_path, function) == []


def test_keys_in_settings_have_no_stand_in_and_are_warned_of(tmp_path: Path, key: SigningKey) -> None:
    resources = ours(**OIDC, JWKS=json.dumps(key_set(key)), ALGORITHMS=key.algorithm)
    assert made(tmp_path, resources) == []
    found = document(tmp_path, resources)
    (said,) = warnings(found, Names(found))
    assert "Ours" in said
    assert LOGIN in said


def test_others(tmp_path: Path) -> None:
    found = made(tmp_path, jwt(LOGIN, "a"), LOGIN, "https://other.example.com", issuer_urls(OUTSIDE)[0])
    assert [(one.kind, one.issuer) for one in found] == [
        ("oidc", LOGIN),
        ("oidc", "https://other.example.com"),
        ("cognito", issuer_urls(OUTSIDE)[0]),
    ]
    assert found[0].audience == ("a",)


def test_scopes_are_all_that_the_template_names(tmp_path: Path) -> None:
    server = {"UserPoolId": {"Ref": "Users"}, "Identifier": "api", "Scopes": [{"ScopeName": "write"}, "nonsense"]}
    resources = {
        **POOL,
        **client(AllowedOAuthScopes=["openid", "email"]),
        **jwt(LOGIN, "a"),
        "Route": http_route("GET /a", AuthorizationScopes=["route", {"Fn::Sub": "${Server}/write"}]),
        "Server": {"Type": "AWS::Cognito::UserPoolResourceServer", "Properties": server},
        **ours(ISSUER=LOGIN, AUDIENCE="a", SCOPES="rule"),
    }
    found = made(tmp_path, resources)
    assert {"route", "api/write", "email", "rule"} <= set(found[1].scopes)
    assert found[1].clients[0].scopes == ("openid", *found[1].scopes)


def test_template_without_resources_of_interest_has_no_warnings(tmp_path: Path) -> None:
    found = read_template(template(tmp_path, {**jwt(LOGIN, "a"), **ours(**OIDC)}))
    assert warnings(found, Names(found)) == []
