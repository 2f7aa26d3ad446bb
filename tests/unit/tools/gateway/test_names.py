from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.tools.gateway.names import Names, made_up
from authorizer.tools.template import Unresolved, read_template
from authorizer.verifiers.cognito import issuer_urls
from tests.unit.tools.gateway.gateways import document, fn, http_api, rest_api, template, websocket_api

if TYPE_CHECKING:
    from pathlib import Path

ALIAS = {"FunctionName": {"Ref": "Backend"}, "Name": "live", "FunctionVersion": {"Fn::GetAtt": "V1.Version"}}
RESOURCES: dict[str, dict[str, Any]] = {
    **rest_api(),
    "Named": fn(FunctionName={"Fn::Sub": "${AWS::StackName}-named"}),
    "Auth": {"Type": "AWS::ApiGateway::Authorizer", "Properties": {"RestApiId": {"Ref": "Api"}, "Type": "TOKEN"}},
    "V1": {"Type": "AWS::Lambda::Version", "Properties": {"FunctionName": {"Ref": "Backend"}}},
    "Live": {"Type": "AWS::Lambda::Alias", "Properties": ALIAS},
    "ByArn": {
        "Type": "AWS::Lambda::Alias",
        "Properties": {"FunctionName": {"Fn::GetAtt": "Named.Arn"}, "Name": "blue"},
    },
    "Pool": {"Type": "AWS::Cognito::UserPool"},
    "Client": {"Type": "AWS::Cognito::UserPoolClient", "Properties": {"UserPoolId": {"Ref": "Pool"}}},
    "Server": {"Type": "AWS::Cognito::UserPoolResourceServer", "Properties": {"Identifier": "https://api"}},
    "Role": {"Type": "AWS::IAM::Role"},
    "Key": {"Type": "AWS::ApiGateway::ApiKey"},
    "Table": {"Type": "AWS::DynamoDB::Table"},
}


@pytest.fixture
def names(tmp_path: Path) -> Names:
    return Names(document(tmp_path, RESOURCES))


def ref(name: str) -> Unresolved:
    return Unresolved(f"Ref {name}")


def att(name: str) -> Unresolved:
    return Unresolved(f"GetAtt {name}")


def test_made_up_id_is_the_same_for_the_same_name() -> None:
    assert made_up("Api", 10) == made_up("Api", 10)
    assert made_up("Api", 10) != made_up("Api2", 10)


@pytest.mark.parametrize("length", [0, 1, 52])
def test_made_up_id_has_its_length_and_letters(length: int) -> None:
    assert re.fullmatch(f"[a-z0-9]{{{length}}}", made_up("Api", length))
    assert set(made_up("Api", length, "ab")) <= {"a", "b"}


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        (ref("Api"), r"[a-z0-9]{10}"),
        (ref("Auth"), r"[a-z0-9]{6}"),
        (ref("Key"), r"[a-z0-9]{10}"),
        (ref("Client"), r"[a-z0-9]{26}"),
        (att("Client.ClientSecret"), r"[a-z0-9]{52}"),
        (ref("Pool"), r"us-east-1_[a-z0-9]{9}"),
    ],
)
def test_ids_look_as_awss(names: Names, value: Unresolved, shape: str) -> None:
    assert re.fullmatch(shape, names.text(value))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (ref("Backend"), "Backend"),
        (ref("Named"), "local-named"),
        (att("Backend.Arn"), "arn:aws:lambda:us-east-1:123456789012:function:Backend"),
        (att("Named.Arn"), "arn:aws:lambda:us-east-1:123456789012:function:local-named"),
        (ref("Live"), "arn:aws:lambda:us-east-1:123456789012:function:Backend:live"),
        (att("Live.AliasArn"), "arn:aws:lambda:us-east-1:123456789012:function:Backend:live"),
        (ref("ByArn"), "arn:aws:lambda:us-east-1:123456789012:function:local-named:blue"),
        (ref("V1"), "arn:aws:lambda:us-east-1:123456789012:function:Backend:1"),
        (att("V1.FunctionArn"), "arn:aws:lambda:us-east-1:123456789012:function:Backend:1"),
        (att("V1.Version"), "1"),
        (att("Role.Arn"), "arn:aws:iam::123456789012:role/Role"),
        (att("Table.Arn"), "arn:aws:dynamodb:us-east-1:123456789012:Table"),
        (att("Table.StreamArn"), "arn:aws:dynamodb:us-east-1:123456789012:Table"),
        (att("Nobody.Arn"), "arn:aws:unknown:us-east-1:123456789012:Nobody"),
        (ref("Prod"), "prod"),
        (ref("Server"), "https://api"),
        (ref("Table"), "Table"),
        (att("Table.Something"), "Table.Something"),
        (att("Pool.Something"), "Pool.Something"),
        (None, ""),
        ("as it is", "as it is"),
    ],
)
def test_text(names: Names, value: Unresolved | str | None, text: str) -> None:
    assert names.text(value) == text


def test_both_ways_to_name_a_user_pool_are_one(names: Names) -> None:
    pool = names.text(ref("Pool"))
    assert names.text(att("Pool.UserPoolId")) == pool
    assert names.text(att("Pool.Arn")).endswith(f":userpool/{pool}")
    assert (
        names.text(att("Pool.ProviderURL")) == f"https://{names.text(att('Pool.ProviderName'))}" == issuer_urls(pool)[0]
    )


@pytest.mark.parametrize("attribute", ["ClientId", "Id"])
def test_attribute_that_is_an_id_is_the_ref(names: Names, attribute: str) -> None:
    assert names.text(att(f"Client.{attribute}")) == names.of("Client")


def test_secret_is_not_the_id(names: Names) -> None:
    assert names.of("Client") not in names.text(att("Client.ClientSecret"))


def test_everything_in_a_composed_text_is_made_up(names: Names) -> None:
    text = "arn:${Ref Api}/authorizers/${Ref Auth} ${GetAtt Backend.Arn} ${GetAtt Pool.ProviderURL} ${Ref Prod}"
    made = names.text(Unresolved(text, composed=True))
    assert "${" not in made
    assert made.startswith(f"arn:{names.of('Api')}/authorizers/{names.of('Auth')} arn:aws:lambda:")


@pytest.mark.parametrize("kept", ["${aws:SourceIp}", "${stageVariables.fn}", "${*}", "${ImportValue shared}"])
def test_what_is_no_resource_of_the_template_remains(names: Names, kept: str) -> None:
    assert names.text(Unresolved(f"a {kept} ${{Ref Backend}}", composed=True)) == f"a {kept} Backend"


def test_every_resource_has_a_name(names: Names) -> None:
    for logical_id in RESOURCES:
        assert "${" not in names.text(ref(logical_id))
        assert "${" not in names.text(att(f"{logical_id}.Arn"))


def test_value_of_any_shape(names: Names) -> None:
    given = {"a": [ref("Backend"), 1, None], "b": {"c": ref("Prod")}, "d": True, "e": "${Ref Backend}"}
    assert names.value(given) == {"a": ["Backend", 1, None], "b": {"c": "prod"}, "d": True, "e": "${Ref Backend}"}


@pytest.mark.parametrize(
    ("api", "protocol"),
    [(http_api(), "https"), (websocket_api("$connect"), "wss")],
)
def test_endpoint_of_an_api(api: dict[str, dict[str, Any]], protocol: str, tmp_path: Path) -> None:
    names = Names(document(tmp_path, api))
    host = f"{names.of('Api')}.execute-api.us-east-1.amazonaws.com"
    assert (
        names.text(att("Api.ApiEndpoint")) == f"{protocol}://{host}" == f"{protocol}://{names.domain(names.of('Api'))}"
    )


@pytest.mark.parametrize(
    ("region", "partition", "suffix"),
    [("eu-west-1", "aws", "amazonaws.com"), ("cn-north-1", "aws-cn", "amazonaws.com.cn")],
)
def test_region_and_partition_are_those_of_the_parameters(
    region: str, partition: str, suffix: str, tmp_path: Path
) -> None:
    names = Names(document(tmp_path, RESOURCES, **{"AWS::Region": region, "AWS::AccountId": "111122223333"}))
    assert names.arn("lambda", "rest") == f"arn:{partition}:lambda:{region}:111122223333:rest"
    assert names.arn("iam", "rest", region="") == f"arn:{partition}:iam::111122223333:rest"
    assert names.text(ref("Pool")).startswith(f"{region}_")
    assert names.domain("a") == f"a.execute-api.{region}.{suffix}"


def test_ids_of_two_accounts_differ(tmp_path: Path) -> None:
    first = Names(document(tmp_path, RESOURCES)).of("Api")
    assert Names(document(tmp_path, RESOURCES, **{"AWS::AccountId": "111122223333"})).of("Api") != first
    assert Names(document(tmp_path, RESOURCES)).of("Api") == first


def test_openapi_document_that_stands_alone_has_an_api_id(tmp_path: Path) -> None:
    names = Names(document(tmp_path, {}))
    assert re.fullmatch(r"[a-z0-9]{10}", names.of(""))


@pytest.mark.parametrize(
    "named", ["abcdef1234", {"Ref": "ApiId"}, {"Fn::ImportValue": "shared"}, {"Fn::GetAtt": ["Nested", "Outputs.Id"]}]
)
def test_api_from_elsewhere_is_the_same_wherever_it_is_named(named: Any, tmp_path: Path) -> None:
    resources = {
        "Route": {"Type": "AWS::ApiGatewayV2::Route", "Properties": {"ApiId": named, "RouteKey": "GET /x"}},
        "Nested": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "x"}},
        "Permission": {"Type": "AWS::Lambda::Permission", "Properties": {"SourceArn": named}},
    }
    found = read_template(template(tmp_path, resources, Parameters={"ApiId": {"Type": "String"}}))
    names = Names(found)
    said = found.resources["Permission"].properties["SourceArn"]
    assert names.of(found.apis[0].logical_id) == names.text(said)


def test_name_that_somebody_knows_counts_everywhere(tmp_path: Path) -> None:
    names = Names(document(tmp_path, RESOURCES), {"Api": "real123456", "Pool": "eu-west-1_Real"})
    assert names.text(ref("Api")) == "real123456"
    assert names.text(att("Pool.ProviderURL")).endswith("/eu-west-1_Real")
