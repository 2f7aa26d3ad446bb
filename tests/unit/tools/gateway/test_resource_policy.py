from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.tools.gateway.failure import Failure, ResponseType
from authorizer.tools.gateway.iam import Outcome
from authorizer.tools.gateway.names import Names
from authorizer.tools.gateway.resource_policy import ResourcePolicy, alone, beside, resource_policy
from authorizer.tools.template import read_template
from authorizer.tools.terminal import CommandError
from tests.unit.tools.gateway.gateways import (
    Handler,
    called,
    document,
    guarded,
    policy,
    received,
    rest_api,
    rest_authorizer,
    rest_method,
    running,
)

if TYPE_CHECKING:
    from pathlib import Path

    from authorizer.tools.gateway.received import Received
    from tests.unit.tools.gateway.gateways import Running

ALLOW, DENY, SILENT = Outcome.ALLOW, Outcome.EXPLICIT_DENY, Outcome.IMPLICIT_DENY
AUTHORIZED = ("Authorization", "a")


def statement(effect: str, resource: Any = "execute-api:/*", **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Principal": "*", "Action": "execute-api:Invoke", "Resource": resource, **more}


def written(*statements: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def read(folder: Path, given: Any, **properties: Any) -> tuple[ResourcePolicy | None, Received]:
    """The policy of a template, and a call of `GET /orders/1` of its API."""
    found = document(folder, rest_api(**({"Policy": given} if given is not None else {}), **properties))
    names = Names(found)
    api_id = names.of("Api")
    call = received(api=called(id=api_id, arn=names.arn("execute-api", api_id)))
    return resource_policy(found.apis[0], names), call


def said(folder: Path, *statements: Any) -> Outcome:
    found, call = read(folder, written(*statements))
    assert found is not None
    return found.before(call)


@pytest.mark.parametrize(
    ("resource", "outcome"),
    [
        ("*", ALLOW),
        ("execute-api:/*", ALLOW),
        ("execute-api:/prod/GET/orders/*", ALLOW),
        ("execute-api:/prod/GET/orders/1", ALLOW),
        ("execute-api:/*/*/orders/*", ALLOW),
        (["execute-api:/test/*", "execute-api:/prod/*"], ALLOW),
        ({"Fn::Sub": "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:*/prod/*"}, ALLOW),
        ("arn:aws:execute-api:us-east-1:123456789012:other/*", SILENT),
        ("execute-api:/test/*", SILENT),
        ("execute-api:/prod/POST/*", SILENT),
        ("execute-api:/prod/GET/orders", SILENT),
    ],
)
def test_resource_in_short_and_in_full(resource: Any, outcome: Outcome, tmp_path: Path) -> None:
    assert said(tmp_path, statement("Allow", resource)) is outcome


def test_negated_resource_in_short(tmp_path: Path) -> None:
    given = statement("Allow", None) | {"NotResource": "execute-api:/prod/POST/*"}
    del given["Resource"]
    assert said(tmp_path, given) is ALLOW


def test_explicit_denial_is_a_403_that_names_the_method(tmp_path: Path) -> None:
    found, call = read(tmp_path, written(statement("Allow"), statement("Deny")))
    assert found is not None
    with pytest.raises(Failure) as caught:
        found.before(call)
    assert caught.value.type is ResponseType.ACCESS_DENIED
    assert str(caught.value.message).endswith(f"on resource: {call.arn} with an explicit deny")


@pytest.mark.parametrize(
    ("condition", "outcome"),
    [
        ({"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}, ALLOW),
        ({"IpAddress": {"aws:SourceIp": ["192.0.2.0/24", "127.0.0.1"]}}, ALLOW),
        ({"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}, SILENT),
        ({"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}, ALLOW),
        ({"StringLike": {"aws:Referer": "*"}}, SILENT),
        ({"Null": {"aws:Referer": "true"}}, ALLOW),
        ({"Bool": {"aws:SecureTransport": "true"}}, ALLOW),
        ({"StringEquals": {"aws:SourceVpce": "vpce-1"}}, SILENT),
    ],
)
def test_condition(condition: dict[str, Any], outcome: Outcome, tmp_path: Path) -> None:
    assert said(tmp_path, statement("Allow", Condition=condition)) is outcome


@pytest.mark.parametrize(("outcome", "fails"), [(None, False), (ALLOW, False), (SILENT, True)])
def test_alone_a_policy_has_to_allow(outcome: Outcome | None, fails: bool) -> None:
    if not fails:
        alone(outcome, received())
        return
    with pytest.raises(Failure) as caught:
        alone(outcome, received())
    assert (caught.value.type, caught.value.capital) == (ResponseType.ACCESS_DENIED, True)


@pytest.mark.parametrize(
    ("resource", "authorizer", "passes"),
    [
        (None, ALLOW, True),
        (None, SILENT, False),
        (None, DENY, False),
        (ALLOW, ALLOW, True),
        (ALLOW, SILENT, True),
        (ALLOW, DENY, False),
        (SILENT, ALLOW, True),
        (SILENT, SILENT, False),
        (SILENT, DENY, False),
    ],
)
def test_table_a(resource: Outcome | None, authorizer: Outcome, passes: bool) -> None:
    assert beside(resource, authorizer) == passes


@pytest.mark.parametrize("given", [None, {}, "", []])
def test_api_without_a_policy(given: Any, tmp_path: Path) -> None:
    assert read(tmp_path, given)[0] is None


def test_policy_may_be_a_text_of_json(tmp_path: Path) -> None:
    found, call = read(tmp_path, json.dumps(written(statement("Allow"))))
    assert found is not None
    assert found.before(call) is ALLOW


def test_version_in_yaml_is_no_date(tmp_path: Path) -> None:
    file = tmp_path / "template.yaml"
    given = "{Version: 2012-10-17, Statement: {Effect: Allow, Principal: '*', Action: '*', Resource: '*'}}"
    file.write_text(f"Resources: {{Api: {{Type: AWS::ApiGateway::RestApi, Properties: {{Policy: {given}}}}}}}")
    found = read_template(file)
    assert resource_policy(found.apis[0], Names(found)) is not None


def test_policy_of_the_body(tmp_path: Path) -> None:
    body = {"openapi": "3.0.1", "paths": {}, "x-amazon-apigateway-policy": written(statement("Allow"))}
    found, call = read(tmp_path, None, Body=body)
    assert found is not None
    assert found.before(call) is ALLOW


@pytest.mark.parametrize(
    "given",
    [
        "no json",
        '"text"',
        ["a"],
        {"Version": "2012-10-17", "Statement": "Allow"},
        {"Version": "1999-01-01", "Statement": [statement("Allow")]},
        written(statement("allow")),
        written({"Effect": "Allow"}),
        written("text"),
        written(None),
        written(statement("Allow", [])),
        {"Ref": "Unknown"},
    ],
)
def test_policy_that_cannot_be_read_is_no_policy_that_allows(given: Any, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="resource policy of Api"):
        read(tmp_path, given)


def stack(folder: Path, auth: Handler, *statements: Any, **method: Any) -> Any:
    resources = {**rest_api(Policy=written(*statements)), **rest_authorizer(), **rest_method(**method or guarded())}
    return running(folder, resources, {"Authorizer": auth})


def test_explicit_denial_comes_before_the_authorizer(tmp_path: Path) -> None:
    auth = Handler(policy())
    with stack(tmp_path, auth, statement("Allow"), statement("Deny")) as local:
        response = local.call("/Api/prod/orders", AUTHORIZED)
        assert (response.status, list(response.json()), auth.events) == (403, ["Message"], [])


@pytest.mark.parametrize(
    ("statements", "effect", "status"),
    [
        ([statement("Allow")], "Allow", 200),
        ([statement("Allow")], None, 200),
        ([statement("Allow")], "Deny", 403),
        ([], "Allow", 200),
        ([], None, 403),
        ([], "Deny", 403),
    ],
)
def test_policy_beside_a_lambda_authorizer(
    statements: list[Any], effect: str | None, status: int, tmp_path: Path
) -> None:
    with stack(tmp_path, Handler(policy(effect)), *statements) as local:
        assert local.call("/Api/prod/orders", AUTHORIZED).status == status


def test_policy_that_allows_does_not_replace_an_authorizer_that_fails(tmp_path: Path) -> None:
    with stack(tmp_path, Handler(error="no"), statement("Allow")) as local:
        assert local.call("/Api/prod/orders", AUTHORIZED).status == 500
        assert local.call("/Api/prod/orders").status == 401


@pytest.mark.parametrize(("statements", "status"), [([statement("Allow")], 200), ([], 403)])
def test_policy_of_an_open_method(statements: list[Any], status: int, tmp_path: Path) -> None:
    with stack(tmp_path, Handler(), *statements, AuthorizationType="NONE") as local:
        assert local.call("/Api/prod/orders").status == status


def test_silence_of_both_is_told_as_that_of_the_authorizer(tmp_path: Path) -> None:
    local: Running
    with stack(tmp_path, Handler(policy(None))) as local:
        response = local.call("/Api/prod/orders", AUTHORIZED)
        assert response.json() == {"Message": "User is not authorized to access this resource"}
