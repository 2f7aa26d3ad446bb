"""What `sam deploy` makes of parameters: an alias that moves, rules that refuse, outputs; and what `sam delete` leaves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.account.local_account import ACCOUNT_ID, BUCKET, REGION
from tests.integration.account.sample_stack import STACK
from tests.integration.artifact.built_project import AUTHORIZERS, BUILT

if TYPE_CHECKING:
    from tests.integration.account.local_account import LocalAccount
    from tests.integration.account.sample_stack import SampleStack

pytestmark = pytest.mark.long

ALIASED = {"Architecture": "x86_64", "Qualifier": "live", "UserPoolId": "eu-west-1_AbCdEfGhI", "ClientIds": "a,b"}
ALIASED |= {"Scopes": "orders/read", "SnapStart": "yes", "LayerOrganization": "o-a1b2c3d4e5", "ApiId": "abcde12345"}


@pytest.fixture(scope="module")
def aliased(account: LocalAccount) -> str:
    account.deploy("aliased", ALIASED | {"Release": "1"})
    return "aliased"


def live(account: LocalAccount, stack: str) -> dict[str, Any]:
    """The configuration of the version that the alias of one function points to."""
    name = account.outputs(stack)["HttpAuthorizerArn"]
    configuration: dict[str, Any] = account.client("lambda").get_function_configuration(FunctionName=name)
    return configuration


@pytest.mark.parametrize("function", AUTHORIZERS)
def test_permission_is_on_what_apis_invoke(function: str, account: LocalAccount, aliased: str) -> None:
    arn = account.outputs(aliased)[f"{function}Arn"]
    assert arn.endswith(":live")
    policy = json.loads(account.client("lambda").get_policy(FunctionName=arn, Qualifier="live")["Policy"])
    (statement,) = policy["Statement"]
    assert statement["Principal"] == {"Service": "apigateway.amazonaws.com"}
    assert statement["Action"] == "lambda:InvokeFunction"
    sources = json.dumps(statement["Condition"])
    assert f"arn:aws:execute-api:{REGION}:{ACCOUNT_ID}:abcde12345/authorizers/*" in sources
    assert statement["Resource"] == arn


def test_release_alone_is_a_new_version(account: LocalAccount, aliased: str) -> None:
    before = live(account, aliased)["Version"]
    account.deploy(aliased, ALIASED | {"Release": "the same again"})
    assert live(account, aliased)["Version"] != before


def test_change_to_the_alias_moves_everything(account: LocalAccount) -> None:
    parameters = {"Architecture": "x86_64"}
    account.deploy("moving", parameters)
    assert not account.outputs("moving")["HttpAuthorizerArn"].endswith(":live")
    account.deploy("moving", parameters | {"Qualifier": "live", "Release": "first"})
    assert live(account, "moving")["Description"].startswith("first ")


def test_change_of_a_parameter_is_live_with_the_next_release(account: LocalAccount, aliased: str) -> None:
    """Also of one that is in no version's description: a version is a copy of the configuration."""
    before = live(account, aliased)
    assert before["SnapStart"]["ApplyOn"] == "PublishedVersions"
    account.deploy(aliased, ALIASED | {"Scopes": "orders/write", "Release": "2"})
    after = live(account, aliased)
    assert after["Environment"]["Variables"]["AUTHORIZER_SCOPES"] == "orders/write"
    assert after["Version"] != before["Version"]
    versions = account.client("lambda").list_versions_by_function(FunctionName=before["FunctionName"])["Versions"]
    assert before["Version"] in [version["Version"] for version in versions]  # to go back to


def test_layer_is_shared_with_the_organization(account: LocalAccount, aliased: str) -> None:
    layer, number = account.outputs(aliased)["LayerArn"].rpartition(":layer:")[2].split(":")
    policy = account.client("lambda").get_layer_version_policy(LayerName=layer, VersionNumber=int(number))["Policy"]
    (statement,) = json.loads(policy)["Statement"]
    assert statement["Action"] == "lambda:GetLayerVersion"
    assert "o-a1b2c3d4e5" in json.dumps(statement)


def test_outputs_are_exported(account: LocalAccount, sample: SampleStack) -> None:
    exports = {export["Name"]: export["Value"] for export in account.client("cloudformation").list_exports()["Exports"]}
    for function in AUTHORIZERS:
        assert exports[f"{STACK}-{function}Arn"] == sample.outputs[f"{function}Arn"]


def test_logs_are_kept_as_long_as_asked(account: LocalAccount, sample: SampleStack) -> None:
    groups = account.client("logs").describe_log_groups()["logGroups"]
    retention = {group["logGroupName"]: group.get("retentionInDays") for group in groups}
    assert retention[sample.outputs["AuthorizerLogGroup"]] == 30


@pytest.fixture(scope="module")
def template_url(account: LocalAccount, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The packaged template, where CloudFormation reads it: it is longer than a request may be."""
    packaged = tmp_path_factory.mktemp("packaged") / "template.yaml"
    flags = ["--template-file", str(BUILT), "--s3-bucket", BUCKET, "--output-template-file", str(packaged)]
    account.sam("package", *flags, "--no-progressbar")
    account.client("s3").put_object(Bucket=BUCKET, Key="packaged.yaml", Body=packaged.read_bytes())
    return f"{account.url}/{BUCKET}/packaged.yaml"


POOL = {"UserPoolId": "eu-west-1_AbCdEfGhI", "ClientIds": "a", "AnyValidToken": "yes"}
PROVIDER = {"Issuer": "https://login.example.com/", "Audience": "orders-api", "Scopes": "orders:read"}
REFUSED = {
    "two issuers": (POOL | PROVIDER, "OneIssuer"),
    "a pool beside the sample": (POOL | {"SampleApi": "yes"}, "SampleTrustsItsOwnPool"),
    "a file beside the sample": ({"SettingsFile": "authorizer.toml", "SampleApi": "yes"}, "SampleTrustsItsOwnPool"),
    "a file beside a pool": (POOL | {"SettingsFile": "authorizer.toml"}, "FileOrParameters"),
    "no clients": (POOL | {"ClientIds": ""}, "PoolNeedsClients"),
    "algorithms of a pool": (POOL | {"Algorithms": "ES256"}, "PoolNeedsClients"),
    "no audience": (PROVIDER | {"Audience": ""}, "IssuerNeedsAudience"),
    "no requirement": (PROVIDER | {"Scopes": ""}, "RequirementIsSaid"),
    "a requirement that leaves nothing to ask": (PROVIDER | {"AnyValidToken": "yes"}, "RequirementIsSaid"),
    "scopes of nobody": ({"Scopes": "admin"}, "RequirementIsOfAnIssuer"),
    "any token of nobody": ({"AnyValidToken": "yes"}, "RequirementIsOfAnIssuer"),
    "clients of no pool": ({"ClientIds": "a"}, "RequirementIsOfAnIssuer"),
    "keys of nobody": ({"JwksUri": "https://keys.example.com/"}, "RequirementIsOfAnIssuer"),
    "any client and another": (POOL | {"ClientIds": "ANY_CLIENT,a"}, "ClientIds"),
    "no client at all": (POOL | {"ClientIds": " , "}, "ClientIds"),
    "any audience and another": (PROVIDER | {"Audience": "a,ANY_AUDIENCE"}, "Audience"),
    "an algorithm with a shared secret": (PROVIDER | {"Algorithms": "HS256"}, "Algorithms"),
    "an algorithm in lower case": (PROVIDER | {"Algorithms": "rs256"}, "Algorithms"),
    "keys with a quote": (PROVIDER | {"JwksUri": 'https://keys.example.com/"'}, "JwksUri"),
    "subnets alone": ({"SubnetIds": "subnet-1"}, "SubnetsNeedGroups"),
    "security groups alone": ({"SecurityGroupIds": "sg-1"}, "SubnetsNeedGroups"),
    "an alias without release": ({"Qualifier": "live"}, "AliasNeedsRelease"),
    "a snapshot without alias": ({"SnapStart": "yes"}, "SnapStartNeedsAlias"),
    "a timeout that the gateway does not wait for": ({"Timeout": "10"}, "Timeout"),
    "an issuer without TLS": (PROVIDER | {"Issuer": "http://login.example.com/"}, "Issuer"),
    "a settings file that the build did not take": ({"SettingsFile": "other.toml"}, "SettingsFile"),
}
ACCEPTED = {
    "nothing": {},
    "a pool": POOL,
    "a provider": PROVIDER,
    "a file": {"SettingsFile": "authorizer.toml"},
    "any client and groups with spaces": POOL
    | {"ClientIds": "ANY_CLIENT", "AnyValidToken": "no", "Groups": "Site Admins,staff"},
    "several of each": PROVIDER
    | {"Audience": "a, b", "Algorithms": "RS256, ES256", "JwksUri": "https://keys.example.com/jwks?v=1"},
    "the sample with keys elsewhere": {"SampleApi": "yes", "JwksUri": "https://keys.example.com/"},
    "the sample": {"SampleApi": "yes"},
    "a network": {"SubnetIds": "subnet-1,subnet-2", "SecurityGroupIds": "sg-1"},
    "everything else": {
        "Qualifier": "live",
        "Release": "1",
        "SnapStart": "yes",
        "Tracing": "Active",
        "ReservedConcurrency": "10",
        "KmsKeyArn": f"arn:aws:kms:eu-west-1:{ACCOUNT_ID}:key/abc",
        "LayerAccount1": "111122223333",
        "Timeout": "9",
    },
}


def change_set(account: LocalAccount, url: str, name: str, parameters: dict[str, str]) -> None:
    account.client("cloudformation").create_change_set(
        StackName=f"rules-{name.replace(' ', '-')}",
        ChangeSetName="asked",
        ChangeSetType="CREATE",
        TemplateURL=url,
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    )


@pytest.mark.parametrize("name", REFUSED)
def test_parameters_that_cannot_be_meant_are_refused(name: str, account: LocalAccount, template_url: str) -> None:
    parameters, culprit = REFUSED[name]
    with pytest.raises(ClientError) as error:
        change_set(account, template_url, name, parameters)
    assert culprit in str(error.value)


@pytest.mark.parametrize("name", ACCEPTED)
def test_parameters_that_make_sense_are_taken(name: str, account: LocalAccount, template_url: str) -> None:
    change_set(account, template_url, name, ACCEPTED[name])


def test_delete_leaves_what_is_listed(account: LocalAccount) -> None:
    """docs/deploy.md lists it: versions of the layer, and what the sample made for access logs, if it made it."""
    account.deploy("gone", {"Architecture": "x86_64", "SampleApi": "yes", "AccessLogRole": "create"})
    account.sam("delete", "--stack-name", "gone", "--no-prompts", "--region", REGION)
    left = {
        "functions": [one["FunctionName"] for one in account.client("lambda").list_functions()["Functions"]],
        "layers": [one["LayerName"] for one in account.client("lambda").list_layers()["Layers"]],
        "roles": [one["RoleName"] for one in account.client("iam").list_roles()["Roles"]],
        "log groups": [one["logGroupName"] for one in account.client("logs").describe_log_groups()["logGroups"]],
        "REST APIs": [one["name"] for one in account.client("apigateway").get_rest_apis()["items"]],
        "other APIs": [one["Name"] for one in account.client("apigatewayv2").get_apis()["Items"]],
        "pools": [one["Name"] for one in account.client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]],
    }
    mine = {kind: [name for name in names if "gone" in name] for kind, names in left.items()}
    assert mine.pop("layers") == ["gone-x86-64"]
    (role,) = mine.pop("roles")
    assert "SampleAccessLogRole" in role
    assert not any(mine.values()), mine
