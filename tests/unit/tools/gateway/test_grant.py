from __future__ import annotations

from typing import Any

import pytest

from authorizer.tools.gateway.grant import Grant, Told
from tests.unit.tools.gateway.gateways import TOKEN

CONTEXT = {"tenant": "7", "none": None}
CLAIMS = {"sub": "alice", "scope": "read write"}


@pytest.mark.parametrize("told", [Told.CONTEXT, Told.LAMBDA])
@pytest.mark.parametrize(("cached", "latency"), [(False, 1), (True, 0)])
def test_flat_context_has_the_principal(told: Told, cached: bool, latency: int) -> None:
    grant = Grant(told=told, context=CONTEXT, principal="alice", cached=cached)
    assert grant.flat() == {**CONTEXT, "principalId": "alice", "integrationLatency": latency}


def test_principal_takes_the_place_of_one_in_the_context() -> None:
    context = {"principalId": "mallory"}
    assert Grant(told=Told.CONTEXT, context=context, principal="alice").flat()["principalId"] == "alice"


def test_flat_context_without_a_principal() -> None:
    assert "principalId" not in Grant(told=Told.CONTEXT, context=CONTEXT).flat()


@pytest.mark.parametrize(("scopes", "listed"), [(None, None), ((), []), (("read", "write"), ["read", "write"])])
def test_claims(scopes: tuple[str, ...] | None, listed: list[str] | None) -> None:
    grant = Grant(told=Told.CLAIMS, context=CLAIMS, scopes=scopes)
    assert grant.flat() == {"claims": CLAIMS, "scopes": listed}
    assert grant.nested() == {"jwt": {"claims": CLAIMS, "scopes": listed}}


def test_nested_context_has_no_principal() -> None:
    assert Grant(told=Told.LAMBDA, context=CONTEXT, principal="alice").nested() == {"lambda": CONTEXT}


@pytest.mark.parametrize(
    ("grant", "variables"),
    [
        (
            Grant(told=Told.CONTEXT, context=CONTEXT, principal="alice"),
            {"authorizer.tenant": "7", "authorizer.principalId": "alice"},
        ),
        (Grant(told=Told.LAMBDA, context={}), {}),
        (
            Grant(told=Told.CLAIMS, context=CLAIMS),
            {"authorizer.claims.sub": "alice", "authorizer.claims.scope": "read write"},
        ),
    ],
)
def test_variables_for_gateway_responses(grant: Grant, variables: dict[str, Any]) -> None:
    assert grant.variables() == variables


def test_what_is_given_out_is_not_what_is_kept() -> None:
    grant = Grant(told=Told.LAMBDA, context={"a": "b"})
    grant.nested()["lambda"]["a"] = "changed"
    grant.flat()["a"] = "changed"
    assert grant.context == {"a": "b"}


def test_grant_does_not_show_what_may_hold_a_credential() -> None:
    assert TOKEN not in repr(Grant(told=Told.CONTEXT, context={"token": TOKEN}, usage_key=TOKEN))
