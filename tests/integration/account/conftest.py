"""One account for all tests here, with one deployment of the product and its sample."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.integration.account.key_server import KeyServer
from tests.integration.account.local_account import LocalAccount
from tests.integration.account.sample_stack import STACK, SampleStack
from tests.integration.real_parts.openid_provider.installation import install
from tests.integration.real_parts.openid_provider.node import find_node
from tests.integration.real_parts.openid_provider.provider import OpenIdProvider

if TYPE_CHECKING:
    from collections.abc import Iterator


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What changes the deployment comes last: the account does not take back everything as it was."""
    items.sort(key=lambda item: item.path.name == "test_doctor_api.py")


@pytest.fixture(scope="session")
def keys() -> Iterator[KeyServer]:
    with KeyServer() as running:
        yield running


@pytest.fixture(scope="session")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenIdProvider]:
    node = find_node()
    with OpenIdProvider(node, install(node), tmp_path_factory.mktemp("openid-provider")) as running:
        yield running


@pytest.fixture(scope="session")
def account(
    keys: KeyServer, provider: OpenIdProvider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LocalAccount]:
    folder = tmp_path_factory.mktemp("account")
    authorities = folder / "authorities.pem"
    authorities.write_bytes(Path(keys.ca_file).read_bytes() + Path(provider.ca_file).read_bytes())
    with LocalAccount(folder, authorities) as running:
        keys.account = running.url
        yield running


@pytest.fixture(scope="session")
def sample(account: LocalAccount, keys: KeyServer) -> SampleStack:
    """Deployed in two steps, because the address of the keys holds the id of the pool, which the first step makes."""
    parameters = {"SampleApi": "yes", "Architecture": "x86_64", "AccessLogRole": "create"}
    account.deploy(STACK, parameters)
    pool = account.outputs(STACK)["SampleUserPoolId"]
    account.deploy(STACK, parameters | {"JwksUri": f"{keys.url}/{pool}/.well-known/jwks.json"})
    return SampleStack(account)
