"""examples/custom-verifier: built by SAM, asked as API Gateway asks, with a table that answers on loopback."""

from __future__ import annotations

import json
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from authorizer import Unavailable
from authorizer.testing import FakeIssuer, rest_request
from tests.integration.examples.built_function import BuiltFunction, built_function
from tests.integration.examples.key_server import TABLE, key_server
from tests.integration.examples.plug_in import PROJECT, module
from tests.integration.sam_project import authorizer_permissions, build, of_type, read, transformed, validate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from authorizer.tools.invocation import Invocation

pytestmark = pytest.mark.long

TEMPLATE = PROJECT / "template.yaml"
BOTO3 = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six", "urllib3")  # Lambda's Python has them all
ENDED = "ak_" + "e" * 43
NOBODY = "http://127.0.0.1:9"  # the port of the discard service


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(TEMPLATE, tmp_path_factory.mktemp("custom-verifier") / "build")


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """boto3 and what it needs, all of it pure Python, without anything else of this environment."""
    folder = tmp_path_factory.mktemp("runtime")
    for name in BOTO3:
        spec = find_spec(name)
        source = Path(str(spec and spec.origin))
        source = source.parent if source.name == "__init__.py" else source
        (folder / source.name).symlink_to(source)
    return folder


@pytest.fixture
def server() -> Iterator[Mapping[str, str]]:
    with key_server() as variables:
        yield variables


@pytest.fixture
def new_key(server: Mapping[str, str], capsys: pytest.CaptureFixture[str]) -> str:
    """A key made as the README says."""
    with module("new_key") as loaded:
        loaded.main(TABLE, "partner-7", "orders:read")
    return capsys.readouterr().out.strip()


@pytest.fixture
def invoke(
    built: Path, layer: Path, runtime: Path, issuer: FakeIssuer, server: Mapping[str, str]
) -> Callable[..., Invocation]:
    references = {"LayerArn": str(layer), "Issuer": issuer.url, "Audience": "orders-api", "KeyTable": TABLE}
    function: BuiltFunction = built_function(built, "OrdersAuth", references)

    def invoked(credential: str, **variables: str) -> Invocation:
        variables = {**server, "SSL_CERT_FILE": issuer.ca_file, **variables}
        return function.invoke(rest_request(credential), runtime=(runtime,), **variables)

    return invoked


def put(key: str, *, subject: str, expires: int) -> None:
    digest = sha256(key.encode()).hexdigest()
    row: dict[str, Any] = {"subject": {"S": subject}, "scopes": {"SS": ["orders:read"]}, "expires": {"N": str(expires)}}
    boto3.client("dynamodb").put_item(TableName=TABLE, Item={"digest": {"S": digest}, **row})


def delete(key: str) -> None:
    client = boto3.client("dynamodb")
    (item,) = client.scan(TableName=TABLE)["Items"]
    assert key not in json.dumps(item)
    client.delete_item(TableName=TABLE, Key={"digest": item["digest"]})


def test_sam_finds_nothing_wrong() -> None:
    validate(TEMPLATE)


def test_api_gateway_may_invoke_it_and_caches_nothing() -> None:
    resources = transformed(read(TEMPLATE))
    (api,) = of_type(resources, "AWS::ApiGateway::RestApi")
    (definition,) = api["Body"]["securityDefinitions"].values()
    authorizer = definition["x-amazon-apigateway-authorizer"]
    assert authorizer["type"] == "request"
    assert authorizer["authorizerResultTtlInSeconds"] == 0
    assert authorizer_permissions(resources) == [{"Fn::GetAtt": ["OrdersAuth", "Arn"]}]


def test_authorizer_may_get_rows_of_its_table_and_write_its_log() -> None:
    (policy,) = read(TEMPLATE)["Resources"]["AuthorizerRole"]["Properties"]["Policies"]
    statements = [(one["Action"], one["Resource"]) for one in policy["PolicyDocument"]["Statement"]]
    assert statements == [
        (["logs:CreateLogStream", "logs:PutLogEvents"], {"Fn::GetAtt": ["Logs", "Arn"]}),
        ("dynamodb:GetItem", {"Fn::GetAtt": ["KeyTable", "Arn"]}),
    ]


def test_key_is_allowed_until_it_is_deleted(invoke: Callable[..., Invocation], built: Path, new_key: str) -> None:
    allowed = invoke(new_key)
    assert allowed.answer["principalId"] == "partner-7"
    assert (allowed.decision or {})["rule"] == "GET /orders/{id}"
    assert new_key.encode() not in allowed.all_bytes
    handed_over = {"requestContext": {"authorizer": {"principalId": allowed.answer["principalId"]}}}
    backend = built_function(built, "Orders", {})
    assert json.loads(backend.invoke(handed_over).answer["body"]) == {"caller": "partner-7"}
    delete(new_key)
    assert (invoke(new_key).decision or {})["reason"] == "client_not_allowed"


@pytest.mark.parametrize(
    ("key", "reason"),
    [(ENDED, "token_expired"), ("ak_short", "credential_malformed"), ("ak_" + "b" * 43, "client_not_allowed")],
    ids=["ended", "malformed", "unknown"],
)
def test_other_key_is_unauthorized(invoke: Callable[..., Invocation], key: str, reason: str) -> None:
    put(ENDED, subject="partner-7", expires=1000)
    result = invoke(key)
    assert result.error is not None
    assert result.error.message == "Unauthorized"
    assert (result.decision or {})["reason"] == reason
    assert key.encode() not in result.all_bytes


def test_token_is_allowed_beside_it(invoke: Callable[..., Invocation], issuer: FakeIssuer) -> None:
    assert invoke(issuer.token()).answer["principalId"] == "user-1"


def test_opaque_token_is_nobodys(invoke: Callable[..., Invocation]) -> None:
    assert (invoke("opaque").decision or {})["reason"] == "credential_kind_unknown"


def test_outage_of_the_table_is_an_error(invoke: Callable[..., Invocation], new_key: str) -> None:
    result = invoke(new_key, AWS_ENDPOINT_URL_DYNAMODB=NOBODY)
    assert result.error is not None
    assert result.error.kind == "Unavailable"
    decision = result.decision or {}
    assert (decision["decision"], decision["reason"]) == ("error", "keys_unreachable")
    assert new_key.encode() not in result.all_bytes


def test_table_that_is_not_there_is_an_error(server: Mapping[str, str]) -> None:
    with module("key_table") as loaded, pytest.raises(Unavailable, match="ResourceNotFoundException"):
        loaded.DynamoKeyTable("another").row("0" * 64)


def test_row_without_an_owner_is_a_bug_and_no_answer(server: Mapping[str, str]) -> None:
    item: dict[str, Any] = {"digest": {"S": "0" * 64}}
    boto3.client("dynamodb").put_item(TableName=TABLE, Item=item)
    with module("key_table") as loaded, pytest.raises(KeyError):
        loaded.DynamoKeyTable(TABLE).row("0" * 64)
