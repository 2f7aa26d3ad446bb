"""Keys that are made once per run, because RSA takes long, and how hard the property tests try."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from hypothesis import settings

from authorizer.testing import ALGORITHMS, SigningKey

settings.register_profile("quick", max_examples=40, deadline=None, derandomize=True)
settings.register_profile("thorough", max_examples=3000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture(scope="session")
def keys() -> dict[str, SigningKey]:
    """A key for each algorithm; the six RSA algorithms share one, under six kids."""
    rsa = SigningKey.generate("RS256")
    shared = {
        name: replace(rsa, algorithm=name, kid=f"{name}-key") for name in ALGORITHMS if name.startswith(("RS", "PS"))
    }
    return shared | {name: SigningKey.generate(name) for name in ALGORITHMS if name not in shared}


@pytest.fixture(scope="session")
def key(keys: dict[str, SigningKey]) -> SigningKey:
    """The key of the issuer that most tests trust."""
    return keys["RS256"]
