"""What a stage serves is what was deployed to it, not what is set up."""

from __future__ import annotations

import json
from typing import Any

import pytest

from authorizer.tools.doctor.deployed.access import Access
from authorizer.tools.doctor.deployed.deployment import Deployment, deployment
from authorizer.tools.template import Authorization, AuthorizerKind
from tests.unit.tools.doctor.deployed.account import Account, execute, function_uri
from tests.unit.tools.doctor.deployed.asking import examination, wanted
from tests.unit.tools.doctor.deployed.cloud import Cloud
from tests.unit.tools.doctor.deployed.exports import http_export
from tests.unit.tools.doctor.deployed.right import HTTP, REST, http_stage, method, rest_part, right

TRUSTED = {
    "issuers": [{"issuer": "https://issuer.example.com/", "audiences": ["orders"]}],
    "defaultAlgorithms": ["RS256"],
}


def read(account: Account, api: str = REST) -> Deployment:
    return deployment(Access(clients=Cloud(account)), wanted(api))


def test_deployed_authorizer_counts() -> None:
    account = right()
    rest_part(account, "resources", "oid123")["resourceMethods"]["GET"] = method("NONE")
    rest_part(account, "authorizers", "tok123").update(authorizerResultTtlInSeconds=0, name="tokens")
    found = read(account)
    (route,) = (one for one in found.served.routes if one.name == "GET /orders/{id}")
    assert (route.authorization, route.authorizer) == (Authorization.CUSTOM, "rol123")
    one = found.served.authorizer("tok123")
    assert one is not None
    assert one.ttl == 300
    assert len(found.changes) == 2


def test_deleted_method_is_still_served_and_added_one_is_not() -> None:
    account = right()
    account.rest[REST]["resources"] = [one for one in account.rest[REST]["resources"] if one["id"] != "mee123"]
    rest_part(account, "resources", "ord123")["resourceMethods"]["POST"] = method("CUSTOM", "tok123", httpMethod="POST")
    served = {one.name for one in read(account).served.routes}
    assert "GET /me" in served
    assert "POST /orders" not in served


def test_deleted_authorizer_is_still_asked() -> None:
    account = right()
    api = account.rest[REST]
    api["authorizers"] = [one for one in api["authorizers"] if one["id"] != "rol123"]
    rest_part(account, "resources", "oid123")["resourceMethods"]["GET"] = method("NONE")
    found = read(account)
    one = found.served.authorizer("by-role")
    assert one is not None
    assert one.uri == function_uri("by-role")
    assert [it.served for it in found.changes if it.now == "no such authorizer"] == ["authorizer by-role"]


def test_policy_of_the_stage_counts_and_its_resources_are_not_compared() -> None:
    account = right()
    api = account.rest[REST]
    api["exports"]["prod"]["x-amazon-apigateway-policy"] = policy("execute-api:/*", "192.0.2.0/24")
    api["api"]["policy"] = json.dumps(policy(execute(REST, "*"), "192.0.2.0/24"))
    assert read(account).changes == ()
    api["api"]["policy"] = json.dumps(policy(execute(REST, "*"), "198.51.100.0/24"))
    found = read(account)
    assert [one.place.path for one in found.changes] == [("Properties", "Policy")]
    served = found.document.resources[REST].properties["Policy"]
    assert served["Statement"][0]["Condition"]["IpAddress"]["aws:SourceIp"] == "192.0.2.0/24"


def policy(resource: str, address: str) -> dict[str, Any]:
    """A resource policy that lets one network in."""
    allow = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": resource}
    condition = {"IpAddress": {"aws:SourceIp": address}}
    return {"Version": "2012-10-17", "Statement": [allow | {"Condition": condition}]}


def test_http_stage_that_deploys_by_itself_is_not_exported() -> None:
    cloud = Cloud(right())
    deployment(Access(clients=cloud), wanted(HTTP))
    assert ("apigatewayv2", "export_api") not in cloud.asked


def test_http_integration_of_the_stage_counts() -> None:
    account = right()
    api = account.http[HTTP]
    api["stages"] = [http_stage("slow", auto=False)]
    api["exports"]["slow"] = http_export(api)
    account.add_function("newer")
    api["integrations"][0]["IntegrationUri"] = account.functions["newer"]["configuration"]["FunctionArn"]
    backends = {one.backend.function for one in read(account, HTTP).served.routes if one.backend is not None}
    assert backends == {"orders"}


@pytest.mark.parametrize("body", [{"openapi": "3.0.1"}, [], "no", {"paths": []}])
def test_export_that_is_none_leaves_what_is_set_up(body: object) -> None:
    account = right()
    account.rest[REST]["exports"]["prod"] = body
    found = examination(account, REST)
    assert list(found.findings) == []
    assert found.routes == 6
    assert ["what is deployed in a stage" in one for one in found.unseen] == [True]


def with_jwt(account: Account) -> None:
    """A JWT authorizer in place of the user pool, which the library tells without what it trusts."""
    rest_part(account, "authorizers", "cog123").update(type="JWT", authType="oauth2")
    del rest_part(account, "authorizers", "cog123")["providerARNs"]
    rest_part(account, "resources", "mee123")["resourceMethods"]["GET"]["authorizationType"] = "JWT"


def test_what_a_jwt_authorizer_trusts_is_read_from_the_export() -> None:
    account = right()
    with_jwt(account)
    schemes = account.rest[REST]["exports"]["prod"]["components"]["securitySchemes"]
    schemes["users"] = {
        "type": "oauth2",
        "x-amazon-apigateway-authorizer": {
            "type": "jwt",
            "identitySource": "method.request.header.Authorization",
            "jwtConfiguration": TRUSTED,
        },
    }
    found = read(account)
    one = found.served.authorizer("cog123")
    assert one is not None
    assert (one.kind, [str(it.issuer) for it in one.issuers]) == (AuthorizerKind.JWT, ["https://issuer.example.com/"])
    assert found.changes == ()
    assert found.access.unseen == []


def test_jwt_authorizer_that_is_told_nowhere_is_unseen() -> None:
    account = right()
    with_jwt(account)
    account.rest[REST]["exports"].clear()
    found = examination(account, REST)
    assert list(found.findings) == []
    assert any("a newer one does" in one for one in found.unseen)
