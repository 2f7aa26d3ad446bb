"""The provider, installed and running."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.real_parts.openid_provider.installation import install
from tests.integration.real_parts.openid_provider.node import Node, find_node
from tests.integration.real_parts.openid_provider.provider import OpenIdProvider

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def node() -> Node:
    return find_node()


@pytest.fixture(scope="session")
def installation(node: Node) -> Path:
    return install(node)


@pytest.fixture(scope="module")
def provider(node: Node, installation: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenIdProvider]:
    with OpenIdProvider(node, installation, tmp_path_factory.mktemp("openid-provider")) as running:
        yield running
