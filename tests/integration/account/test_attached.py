"""The ways of examples/attach that CloudFormation can deploy: in one stack with the function, and across stacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration import sam_project
from tests.integration.account.sample_stack import STACK
from tests.integration.real_parts.openid_provider.oauth_client import machine_token, sign_in

if TYPE_CHECKING:
    from tests.integration.account.local_account import LocalAccount
    from tests.integration.account.sample_stack import SampleStack
    from tests.integration.real_parts.openid_provider.provider import OpenIdProvider

pytestmark = pytest.mark.long

ATTACH = sam_project.EXAMPLES / "attach"
RESOURCE, AUDIENCE = "https://orders.example.com/RS256", "orders-api"
ORIGIN = "https://app.example.com"


@pytest.fixture(scope="module")
def same_stack(
    account: LocalAccount, sample: SampleStack, provider: OpenIdProvider, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("attached") / "build"
    template = sam_project.build(ATTACH / "sam-same-stack" / "template.yaml", folder)
    parameters = {"LayerArn": sample.outputs["LayerArn"], "Architecture": "x86_64", "Origin": ORIGIN}
    account.deploy("attached", parameters | {"Issuer": provider.issuer, "Audience": AUDIENCE}, template.parent)
    return account.outputs("attached")


@pytest.mark.parametrize("api", ["RestUrl", "HttpUrl"])
def test_provider_s_tokens_are_let_in(
    api: str, same_stack: dict[str, str], account: LocalAccount, provider: OpenIdProvider
) -> None:
    assert account.call(same_stack[api], machine_token(provider, RESOURCE)).status == 200


@pytest.mark.parametrize(("api", "status"), [("RestUrl", 401), ("HttpUrl", 403)])
def test_what_proves_nothing_is_refused(
    api: str, status: int, same_stack: dict[str, str], account: LocalAccount, provider: OpenIdProvider
) -> None:
    assert account.call(same_stack[api], sign_in(provider, "jane", RESOURCE).id).status == status
    assert account.decisions("/aws/lambda/attached")[-1]["reason"] == "audience_mismatch"


@pytest.mark.parametrize("api", ["RestUrl", "HttpUrl"])
def test_who_may_not_is_refused(
    api: str, same_stack: dict[str, str], account: LocalAccount, provider: OpenIdProvider
) -> None:
    assert account.call(same_stack[api], machine_token(provider, RESOURCE, "orders:write")).status == 403
    assert account.decisions("/aws/lambda/attached")[-1]["reason"] == "scope_insufficient"


def test_preflight_is_let_through(same_stack: dict[str, str], account: LocalAccount) -> None:
    response = account.call(same_stack["RestUrl"], method="OPTIONS", Origin=ORIGIN)
    assert (response.status, response.headers["access-control-allow-origin"]) == (200, ORIGIN)


@pytest.fixture(scope="module")
def across_stacks(account: LocalAccount, sample: SampleStack) -> dict[str, str]:
    client = account.client("cloudformation")
    body = (ATTACH / "cloudformation-cross-stack" / "template.yaml").read_text("utf-8")
    asked = [{"ParameterKey": "AuthorizersStack", "ParameterValue": STACK}]
    client.create_stack(StackName="across", TemplateBody=body, Parameters=asked)
    client.get_waiter("stack_create_complete").wait(StackName="across", WaiterConfig={"Delay": 1})
    return account.outputs("across")


@pytest.mark.parametrize(("output", "status"), [("RestUrl", 401), ("HttpUrl", 403)])
def test_exported_functions_answer_for_another_stack_s_api(
    output: str, status: int, across_stacks: dict[str, str], account: LocalAccount, sample: SampleStack
) -> None:
    """A credential that proves nothing, then one that is good: the sample's settings grant nothing at this API's routes."""
    url = across_stacks[output]
    assert account.call(url, sample.tokens.id).status == status
    assert sample.last_decision()["reason"] == "token_use_mismatch"
    assert account.call(url, sample.tokens.access).status == 403
    assert sample.last_decision()["reason"] == "route_unknown"
