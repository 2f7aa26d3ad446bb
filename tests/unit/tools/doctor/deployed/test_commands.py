"""`authorizer doctor api` and `authorizer doctor iam-policy`, as they are typed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from authorizer.tools.doctor.api_command import api
from authorizer.tools.doctor.deployed import clients
from authorizer.tools.doctor.deployed.least_policy import least_policy
from authorizer.tools.doctor.iam_policy_command import iam_policy
from authorizer.tools.terminal import CommandError
from tests.unit.tools.doctor.deployed.account import SECRET, execute, function_arn
from tests.unit.tools.doctor.deployed.cloud import Cloud
from tests.unit.tools.doctor.deployed.right import HTTP, REST, SOCKET, right

if TYPE_CHECKING:
    from tests.unit.tools.doctor.deployed.account import Account


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Account:
    found = right()
    monkeypatch.setattr(clients, "SessionClients", lambda region, **_: Cloud(found, region=region or "eu-west-1"))
    return found


def test_api_that_is_right_ends_with_0(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    assert api(rest_api_id=REST, no_network=True) == 0
    written = capsys.readouterr()
    assert written.out == f"{REST}: 1 API, 6 routes: nothing wrong\n"
    assert written.err == ""


def test_error_ends_with_1_and_shows_the_fix(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    account.http[SOCKET]["stages"] = []
    assert api(http_api_id=SOCKET, no_network=True) == 1
    assert "aws apigatewayv2 create-deployment --api-id sock123456" in capsys.readouterr().out


def test_what_was_not_seen_ends_with_2(
    account: Account, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = {("iam", "get_role"): "AccessDenied"}
    monkeypatch.setattr(clients, "SessionClients", lambda **_: Cloud(account, refused=refused))
    assert api(http_api_id=HTTP, no_network=True) == 2
    assert "not checked: who may assume a role of authorizer-role: iam:GetRole" in capsys.readouterr().out


def test_json_is_one_document(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    account.log_role = None
    assert api(rest_api_id=REST, no_network=True, as_json=True) in (0, 1)
    written = capsys.readouterr().out
    document = json.loads(written)
    assert (document["api"], document["region"], document["routes"]) == (REST, "eu-west-1", 6)
    assert [one["code"] for one in document["findings"]] == ["log_role_missing"]
    assert SECRET not in written


def test_progress_of_a_large_api_is_told_on_standard_error(
    account: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    template = account.http[HTTP]["routes"][0]
    for number in range(1000):
        account.http[HTTP]["routes"].append(template | {"RouteKey": f"GET /p{number}", "RouteId": f"r{number}"})
    assert api(http_api_id=HTTP, no_network=True) == 0
    written = capsys.readouterr()
    assert written.out == f"{HTTP}: 1 API, 1,002 routes: nothing wrong\n"
    assert written.err.splitlines()[0] == "the routes of an API: 1,000 read"


def test_progress_of_many_functions_is_told(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    template, integration = account.http[HTTP]["routes"][0], account.http[HTTP]["integrations"][0]
    for number in range(48):
        name = f"many{number}"
        account.add_function(name, execute(HTTP, "*/*"))
        named = {"IntegrationId": name, "IntegrationUri": function_arn(name)}
        account.http[HTTP]["integrations"].append(integration | named)
        account.http[HTTP]["routes"].append(template | {"RouteKey": f"GET /{name}", "Target": f"integrations/{name}"})
    assert api(http_api_id=HTTP, no_network=True) == 0
    assert capsys.readouterr().err.splitlines() == ["functions: 25 of 50 read", "functions: 50 of 50 read"]


@pytest.mark.parametrize("ids", [{}, {"rest_api_id": REST, "http_api_id": HTTP}])
def test_one_api_has_to_be_named(ids: dict[str, str]) -> None:
    with pytest.raises(CommandError, match="which API"):
        api(ids.get("rest_api_id"), ids.get("http_api_id"))


def test_policy_is_all_that_is_printed_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert iam_policy() == 0
    written = capsys.readouterr()
    assert json.loads(written.out) == least_policy()
    assert "the secrets of app clients" in written.err
    assert iam_policy(as_json=True) == 0
    written = capsys.readouterr()
    assert (json.loads(written.out), written.err) == (least_policy(), "")
