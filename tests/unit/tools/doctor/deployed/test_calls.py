"""The doctor reads, and asks for nothing but what is in its table; the policy is made of that."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import authorizer.tools.doctor
from authorizer.tools.doctor.deployed.access import Access
from authorizer.tools.doctor.deployed.calls import CALLS, IDENTITY, KEYS, PLAN_KEYS, Call
from authorizer.tools.doctor.deployed.deployment import deployed_document
from authorizer.tools.doctor.deployed.least_policy import SECRETS, least_policy
from authorizer.tools.gateway.glob import matcher
from tests.unit.tools.doctor.deployed.asking import APIS, examination, wanted
from tests.unit.tools.doctor.deployed.cloud import Cloud, made
from tests.unit.tools.doctor.deployed.mistakes import OWN, SHARED
from tests.unit.tools.doctor.deployed.operations import OPERATIONS
from tests.unit.tools.doctor.deployed.right import right

if TYPE_CHECKING:
    from botocore.model import ServiceModel

READING = ("get_", "list_", "describe_", "export_")
TABLE = {(one.service, one.operation) for one in CALLS}
DOCTOR = Path(authorizer.tools.doctor.__file__).parent


def model_of(service: str) -> ServiceModel:
    client, _ = made(service, "eu-west-1")
    model: ServiceModel = client.meta.service_model
    return model


@pytest.mark.parametrize("call", CALLS, ids=lambda one: f"{one.service}.{one.operation}")
def test_call_reads(call: Call) -> None:
    client, _ = made(call.service, "eu-west-1")
    operation = model_of(call.service).operation_model(client.meta.method_to_api_mapping[call.operation])
    assert call.operation.startswith(READING)
    if call.service in ("apigateway", "apigatewayv2"):
        assert (call.action, operation.http["method"]) == ("apigateway:GET", "GET")
    else:
        assert call.action == f"{call.service}:{operation.name}"


def test_no_call_is_made_that_is_not_in_the_table() -> None:
    for one in [*OWN, *SHARED]:
        account = right()
        one.edit(account)
        cloud = Cloud(account)
        examination(account, one.api, cloud=cloud)
        assert set(cloud.asked) <= TABLE


def test_all_calls_of_the_table_are_made() -> None:
    asked: set[tuple[str, str]] = set()
    for api in APIS:
        account = right()
        account.roles["invoker"]["attached"] = [arn := "arn:aws:iam::aws:policy/service-role/AWSLambdaRole"]
        account.managed[arn] = account.roles["invoker"]["policies"]["own"]
        account.http["http123456"]["stages"][0]["AutoDeploy"] = False
        account.http["http123456"]["exports"]["$default"] = account.http["http123456"]["exports"]["slow"]
        cloud = Cloud(account)
        assert list(examination(account, api, cloud=cloud).findings) == []
        asked |= set(cloud.asked)
    assert asked == TABLE == set(OPERATIONS)


def test_values_of_keys_are_not_asked_for() -> None:
    cloud = Cloud(right())
    deployed_document(Access(clients=cloud), wanted(APIS[0]))
    sent = [one for one, call in zip(cloud.sent, cloud.asked, strict=True) if call[1] == KEYS.operation]
    assert [one["includeValues"] for one in sent] == [False]


def test_nobody_else_imports_the_library() -> None:
    importers = {path.name for path in DOCTOR.rglob("*.py") if imports(path) & {"boto3", "botocore"}}
    assert importers == {"clients.py"}


def imports(path: Path) -> set[str]:
    """The packages that a file imports, inside functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {one.name.partition(".")[0] for one in node.names}
        if isinstance(node, ast.ImportFrom):
            found.add(str(node.module).partition(".")[0])
    return found


def test_nobody_else_calls_a_client() -> None:
    """Only `access.py` has clients in its hands."""
    users = {path.name for path in DOCTOR.rglob("*.py") if ".client(" in path.read_text("utf-8")}
    assert users == {"access.py", "clients.py"}


@pytest.mark.parametrize("call", [one for one in CALLS if one != IDENTITY], ids=lambda one: one.operation)
def test_policy_allows_every_call(call: Call) -> None:
    statements = [one for one in least_policy()["Statement"] if call.action in one["Action"]]
    for resource in call.resources:
        assert any(matcher(allowed)(resource) for one in statements for allowed in one["Resource"])


def test_policy_allows_nothing_else() -> None:
    actions = {action for one in least_policy()["Statement"] for action in one["Action"]}
    assert actions == {one.action for one in CALLS if one != IDENTITY}
    assert not any("*" in one for one in actions)


def test_statements_can_be_left_out_one_by_one() -> None:
    sids = [one["Sid"] for one in least_policy()["Statement"]]
    assert len(set(sids)) == len(sids)
    assert set(SECRETS) <= set(sids)
    (keys,) = (one for one in least_policy()["Statement"] if one["Sid"] == "ApiKeys")
    assert set(keys["Resource"]) == {*KEYS.resources, *PLAN_KEYS.resources}
