from __future__ import annotations

from typing import Any

import pytest

from authorizer import request
from authorizer.model import NO_CLAIMS, Allow, Credential, Deny, Principal, VerifiedClaims
from authorizer.reasons import Reason
from authorizer.surface import Surface
from tests.entries import BUILDERS

SECRET = "secret-value"
VALUES: list[Any] = [
    Credential(SECRET, "header:authorization"),
    Principal(subject=SECRET, claims=VerifiedClaims({"email": SECRET})),
    Allow(Principal(subject=SECRET), "require", {}),
    *(request.read(build(SECRET), tuple(Surface)) for build in BUILDERS.values()),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_no_representation_shows_a_secret(value: object) -> None:
    assert SECRET not in repr(value)
    assert SECRET not in f"{value}"


@pytest.mark.parametrize("value", [*VALUES, Deny(reason=Reason.ALG_NONE)], ids=lambda value: type(value).__name__)
def test_value_cannot_be_changed(value: Any) -> None:
    for name in ("subject", "value", "token", "rule", "reason"):
        with pytest.raises((AttributeError, TypeError)):
            setattr(value, name, "x")


def test_principal_without_a_token_has_no_claims_that_could_be_filled() -> None:
    assert dict(Principal(subject="x").claims) == {}
    with pytest.raises(TypeError):
        NO_CLAIMS["sub"] = "admin"  # type: ignore[index]
