"""What AWS says, as a document of a template: real ids, plain values, no secret."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from authorizer.surface import Api as Kind
from authorizer.tools.doctor.deployed.access import Access
from authorizer.tools.doctor.deployed.deployment import Deployment, Wanted, deployed_document, deployment
from authorizer.tools.gateway.build_authorizers import authorizer_arn
from authorizer.tools.template import Authorization, AuthorizerKind, Unresolved
from tests.unit.tools.doctor.deployed.account import SECRET, Account, execute, function_arn
from tests.unit.tools.doctor.deployed.asking import APIS, examination, wanted
from tests.unit.tools.doctor.deployed.cloud import Cloud
from tests.unit.tools.doctor.deployed.right import HTTP, POOL, POOL_ARN, REST, SOCKET, rest_part, right


def read(api: str, account: Account | None = None, stage: str | None = None) -> Deployment:
    return deployment(Access(clients=Cloud(account or right())), wanted(api, stage))


def test_rest_api_is_as_it_is_served() -> None:
    api = read(REST).served
    assert (api.kind, api.logical_id, [str(one.name) for one in api.stages]) == (Kind.REST, REST, ["prod"])
    routes = {one.name: (one.authorization, one.authorizer, one.api_key_required) for one in api.routes}
    assert routes == {
        "GET /orders": (Authorization.CUSTOM, "tok123", True),
        "OPTIONS /orders": (Authorization.NONE, None, False),
        "GET /orders/{id}": (Authorization.CUSTOM, "rol123", False),
        "OPTIONS /orders/{id}": (Authorization.NONE, None, False),
        "GET /me": (Authorization.COGNITO_USER_POOLS, "cog123", False),
        "OPTIONS /me": (Authorization.NONE, None, False),
    }
    authorizers = {one.name: (one.label, one.kind, one.function, one.ttl) for one in api.authorizers}
    assert authorizers == {
        "tok123": ("tokens", AuthorizerKind.TOKEN, "authorizer", 300),
        "rol123": ("by-role", AuthorizerKind.REQUEST, "by-role", 300),
        "cog123": ("users", AuthorizerKind.COGNITO_USER_POOLS, None, 300),
    }


def test_http_api_is_as_it_is_set_up() -> None:
    api = read(HTTP).served
    assert (api.kind, api.logical_id) == (Kind.HTTP, HTTP)
    assert {one.name: (one.authorizer, one.scopes) for one in api.routes} == {
        "GET /orders": ("lam123", ()),
        "GET /me": ("jwt123", ("orders/read",)),
    }
    backend = api.routes[0].backend
    assert backend is not None
    assert (backend.kind, backend.function, backend.payload_version) == ("AWS_PROXY", "orders", "2.0")


def test_websocket_api_is_one() -> None:
    api = read(SOCKET).served
    assert (api.kind, {one.name for one in api.routes}) == (Kind.WEBSOCKET, {"$connect", "$default"})


@pytest.mark.parametrize("api", APIS)
def test_names_are_those_that_aws_gave(api: str) -> None:
    found = read(api)
    view = found.view()
    assert view.names.of(api) == api
    assert view.names.account == "123456789012"
    one = found.served.authorizers[0]
    assert authorizer_arn(one, found.served, view.names) == execute(api, f"authorizers/{one.name}")


def test_arns_of_resources_are_those_that_aws_gave() -> None:
    names = read(REST).view().names
    assert names.text(Unresolved("GetAtt authorizer.Arn")) == function_arn("authorizer")
    assert names.of(POOL) == POOL
    assert names.arn("cognito-idp", f"userpool/{names.of(POOL)}") == POOL_ARN
    assert names.of(f"{REST}/prod") == "prod"


@pytest.mark.parametrize("api", APIS)
def test_nothing_of_a_route_or_an_authorizer_is_unknown(api: str) -> None:
    served = read(api).served
    assert not any(isinstance(value, Unresolved) for one in served.authorizers for value in values(asdict(one)))
    known = [{name: value for name, value in asdict(one).items() if name != "backend"} for one in served.routes]
    assert not any(isinstance(value, Unresolved) for one in known for value in values(one))


def values(given: Any) -> list[Any]:
    """All that is in a value of any shape."""
    if isinstance(given, dict):
        return [one for value in given.values() for one in values(value)]
    return [one for value in given for one in values(value)] if isinstance(given, list | tuple) else [given]


@pytest.mark.parametrize("api", APIS)
def test_no_secret_is_kept_and_none_is_told(api: str) -> None:
    found = read(api)
    assert SECRET not in repr(found)
    assert SECRET not in repr(found.document.resources)
    assert SECRET not in str(examination(right(), api).document())


def test_values_of_variables_are_kept_for_settings_only() -> None:
    account = right()
    account.functions["authorizer"]["configuration"]["Environment"]["Variables"] = {
        "AUTHORIZER_AUDIENCE": "orders",
        "AUTHORIZER_USAGE_KEYS": SECRET,
        "DB_PASSWORD": SECRET,
        "DB_SECRET": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db",
        "EMPTY": "",
    }
    function = read(HTTP, account).document.function("authorizer")
    assert function is not None
    assert function.environment == {
        "AUTHORIZER_AUDIENCE": "orders",
        "AUTHORIZER_USAGE_KEYS": "(not read)",
        "DB_PASSWORD": "(not read)",
        "DB_SECRET": "arn:(not read)",
        "EMPTY": "",
    }


def test_variables_of_the_stage_are_put_in() -> None:
    (me,) = (one for one in read(REST).served.routes if one.name == "GET /me")
    assert me.backend is not None
    assert me.backend.function == "orders"


def test_policy_with_quotes_that_are_escaped_twice_is_read() -> None:
    account = right()
    account.rest[REST]["api"]["policy"] = r"{\"Version\":\"2012-10-17\",\"Statement\":[]}"
    assert read(REST, account).document.resources[REST].properties["Policy"]["Statement"] == []


def test_alias_is_read_with_its_own_permissions() -> None:
    account = right()
    account.functions["authorizer"]["qualifiers"].add("live")
    uri = rest_part(account, "authorizers", "tok123")["authorizerUri"].replace(":authorizer/", ":authorizer:live/")
    for name in ("authorizers", "exports"):
        account.rest[REST][name] = replaced(account.rest[REST][name], uri.replace(":live/", "/"), uri)
    codes = {one.code for one in examination(account, REST).findings}
    assert codes == {"authorizer_permission_unqualified"}
    account.policies["authorizer:live"] = replaced(
        account.policies["authorizer"], function_arn("authorizer"), function_arn("authorizer:live")
    )
    assert list(examination(account, REST).findings) == []


def replaced(given: Any, before: str, after: str) -> Any:
    """A value of any shape with one text in place of another."""
    if isinstance(given, dict):
        return {name: replaced(value, before, after) for name, value in given.items()}
    if isinstance(given, list):
        return [replaced(value, before, after) for value in given]
    return after if given == before else given


def test_function_that_is_called_like_something_else_gets_a_longer_name() -> None:
    account = right()
    account.add_function("tok123", execute(REST, "*/*/*"))
    rest_part(account, "resources", "oid123")["resourceMethods"]["GET"]["methodIntegration"]["uri"] = (
        "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/" + function_arn("tok123") + "/invocations"
    )
    account.rest[REST]["exports"].clear()
    found = read(REST, account)
    assert found.served.authorizer("tok123") is not None
    assert found.view().names.of("Function tok123") == "tok123"


def test_several_apis_are_one_document() -> None:
    access = Access(clients=Cloud(right()))
    document = deployed_document(access, *(wanted(one) for one in APIS))
    assert [one.logical_id for one in document.apis] == list(APIS)
    assert {one.logical_id for one in document.functions} >= {"authorizer", "orders", "by-role"}
    assert access.unseen == []


def test_stage_that_was_changed_last_counts_where_none_is_named() -> None:
    account = right()
    newer = account.rest[REST]["stages"][0] | {"stageName": "newer"}
    older = account.rest[REST]["stages"][0] | {"lastUpdatedDate": "2020-01-01"}
    account.rest[REST]["stages"] = [newer, older]
    account.rest[REST]["exports"]["newer"] = account.rest[REST]["exports"]["prod"]
    assert deployment(Access(clients=Cloud(account)), Wanted(api=REST, rest=True)).stage == "newer"
