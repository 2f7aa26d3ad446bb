"""The same questions about a deployed API: what AWS tells takes the place of a template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from authorizer.testing import SigningKey, cognito_access_claims, cognito_id_claims, mint
from authorizer.tools.doctor.deployed.access import Access
from authorizer.tools.explain.command import DeployedApi
from authorizer.tools.explain_template.deployed import deployed_view
from authorizer.tools.explain_template.engine import verdicts
from authorizer.tools.explain_template.fetched_keys import NoKeys
from authorizer.tools.explain_template.scene import Asked, Scene
from authorizer.tools.terminal import CommandError
from tests.unit.tools.doctor.deployed.cloud import Cloud
from tests.unit.tools.doctor.deployed.right import CLIENT, HTTP, POOL, REST, right

if TYPE_CHECKING:
    from collections.abc import Mapping

NOW = 1_800_000_000


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return SigningKey.generate("RS256")


def met(api: str, token: str) -> dict[str, tuple[int | None, str | None]]:
    """Status and reason by route."""
    view = deployed_view(Access(clients=Cloud(right())), DeployedApi(api, None, None))
    asked = Asked(token=token, now=NOW, issuers=NoKeys(), offline=True)
    found = verdicts(Scene(document=view.document, names=view.names, asked=asked))
    return {one.route: (one.status, one.reason) for one in found}


def token(key: SigningKey, claims: Mapping[str, object], **more: Any) -> str:
    return mint(key, claims, header={"typ": ...}, **more)


def test_access_token_with_the_scope_opens_the_method(key: SigningKey) -> None:
    claims = cognito_access_claims(user_pool_id=POOL, client_id=CLIENT, now=NOW, scope="orders/read")
    assert met(REST, token(key, claims))["GET /me"] == (200, None)
    assert met(HTTP, token(key, claims)) != {}


def test_id_token_is_refused_where_scopes_are_asked_for(key: SigningKey) -> None:
    claims = cognito_id_claims(user_pool_id=POOL, client_id=CLIENT, now=NOW)
    assert met(REST, token(key, claims))["GET /me"] == (401, "token_use_mismatch")


def test_token_of_an_sdk_sign_in_lacks_the_scope(key: SigningKey) -> None:
    scope = "aws.cognito.signin.user.admin"
    claims = cognito_access_claims(user_pool_id=POOL, client_id=CLIENT, now=NOW, scope=scope)
    assert met(REST, token(key, claims))["GET /me"] == (401, "scope_insufficient")


def test_expired_token_is_told_on_either_type_of_api(key: SigningKey) -> None:
    claims = cognito_access_claims(user_pool_id=POOL, client_id=CLIENT, now=NOW - 90_000, scope="orders/read")
    assert met(REST, token(key, claims))["GET /me"] == (401, "token_expired")
    assert (401, "token_expired") in met(HTTP, token(key, claims)).values()


def test_api_that_is_not_there_is_an_error() -> None:
    with pytest.raises(CommandError):
        deployed_view(Access(clients=Cloud(right())), DeployedApi("nothere123", None, None))
