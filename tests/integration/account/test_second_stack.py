"""A second stack, of somebody else, on the layer of the first: examples/layer-user, with tokens of a certified provider."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration import sam_project
from tests.integration.real_parts.openid_provider.oauth_client import machine_token, sign_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integration.account.local_account import LocalAccount, Response
    from tests.integration.account.sample_stack import SampleStack
    from tests.integration.real_parts.openid_provider.provider import OpenIdProvider

    Deploy = Callable[[str, str], None]

pytestmark = pytest.mark.long

RESOURCE, AUDIENCE = (
    "https://orders.example.com/RS256",
    "orders-api",
)  # RFC 8707: what a client asks for, what is in the token


@pytest.fixture(scope="module", name="deploy")
def deploy_layer_user(account: LocalAccount, sample: SampleStack, tmp_path_factory: pytest.TempPathFactory) -> Deploy:
    """Deploys the example for an issuer, under a name."""
    folder = tmp_path_factory.mktemp("layer-user")
    template = sam_project.build(sam_project.EXAMPLES / "layer-user" / "template.yaml", folder / "build")
    layer = sample.outputs["LayerArn"]

    def deploy(stack: str, issuer: str) -> None:
        parameters = {"LayerArn": layer, "Architecture": "x86_64", "Issuer": issuer, "Audience": AUDIENCE}
        account.deploy(stack, parameters, template.parent)

    return deploy


def call(account: LocalAccount, stack: str, token: str | None = None) -> Response:
    return account.call(account.outputs(stack)["Url"], token)


def reason(account: LocalAccount, stack: str) -> str:
    return str(account.decisions(f"/aws/lambda/{stack}")[-1].get("reason", "allow"))


@pytest.fixture(scope="module")
def stack(deploy: Deploy, provider: OpenIdProvider) -> str:
    deploy("layer-user", provider.issuer)
    return "layer-user"


def test_machine_and_user_are_let_in(stack: str, account: LocalAccount, provider: OpenIdProvider) -> None:
    response = call(account, stack, machine_token(provider, RESOURCE))
    assert response.status == 200
    assert call(account, stack, sign_in(provider, "jane", RESOURCE).access).status == 200
    assert reason(account, stack) == "allow"


def test_missing_token_is_401_by_the_gateway(stack: str, account: LocalAccount) -> None:
    assert call(account, stack).status == 401


def test_token_of_the_sample_s_pool_is_of_an_unknown_issuer(
    stack: str, account: LocalAccount, sample: SampleStack
) -> None:
    assert call(account, stack, sample.tokens.access).status == 403
    assert reason(account, stack) == "issuer_unknown"


def test_id_token_is_refused(stack: str, account: LocalAccount, provider: OpenIdProvider) -> None:
    assert call(account, stack, sign_in(provider, "jane", RESOURCE).id).status == 403
    assert reason(account, stack) == "audience_mismatch"


def test_provider_that_is_away_is_a_500(deploy: Deploy, account: LocalAccount, provider: OpenIdProvider) -> None:
    """The issuer is right and nobody answers there: a token of it may be good, so this is no denial."""
    deploy("layer-user-away", provider.issuer)
    token = machine_token(provider, RESOURCE)
    provider.stop()
    try:
        response = call(account, "layer-user-away", token)
    finally:
        provider.start()
    assert (response.status, response.body) == (500, {"message": "Internal Server Error"})
    assert reason(account, "layer-user-away") == "keys_unreachable"
