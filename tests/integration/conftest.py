"""An issuer that runs, and the key that it publishes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authorizer.testing import FakeIssuer, SigningKey

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return SigningKey.generate("ES256")


@pytest.fixture
def issuer(key: SigningKey, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeIssuer]:
    with FakeIssuer(key) as running:
        monkeypatch.setenv("SSL_CERT_FILE", running.ca_file)
        yield running
