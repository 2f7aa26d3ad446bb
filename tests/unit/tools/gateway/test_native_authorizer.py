from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authorizer.surface import Api as Kind
from authorizer.tools.gateway.cache import IdentitySources
from authorizer.tools.gateway.failure import Failure, ResponseType
from authorizer.tools.gateway.grant import Told
from authorizer.tools.gateway.native import NativeGrant, NativeRefusal, Refusal
from authorizer.tools.gateway.native_authorizer import NativeAuthorizer
from tests.unit.tools.gateway.gateways import HEADER, NOW, TOKEN, received, route, sent

if TYPE_CHECKING:
    from authorizer.tools.gateway.grant import Grant

SENT = ("Authorization", f"Bearer {TOKEN}")


class Native:
    """Remembers what it is asked, and grants or refuses."""

    def __init__(self, refusal: NativeRefusal | None = None, scopes: tuple[str, ...] | None = None) -> None:
        self.refusal = refusal
        self.scopes = scopes
        self.asked: list[tuple[str | None, tuple[str, ...], float]] = []

    def check(self, token: str | None, scopes: tuple[str, ...], now: float) -> NativeGrant:
        self.asked.append((token, scopes, now))
        if self.refusal is not None:
            raise self.refusal
        return NativeGrant(claims={"sub": "alice"}, scopes=self.scopes)


def check(
    native: Native, kind: Kind, *headers: tuple[str, str], sources: str = HEADER, scopes: tuple[str, ...] = ()
) -> Grant:
    one = NativeAuthorizer(kind=kind, sources=IdentitySources.parse(sources), native=native)
    return one.check(received(kind, sent(*headers, target="/orders/1?t=a"), route=route(scopes=scopes)))


def refused(kind: Kind, refusal: Refusal, scopes: tuple[str, ...] = ()) -> Failure:
    native = Native(NativeRefusal(refusal, "some_reason", "the description"))
    with pytest.raises(Failure) as caught:
        check(native, kind, SENT, scopes=scopes)
    return caught.value


@pytest.mark.parametrize(
    ("headers", "sources", "token"),
    [
        ((SENT,), HEADER, f"Bearer {TOKEN}"),
        ((("authorization", "a"),), HEADER, "a"),
        ((), HEADER, None),
        ((("Authorization", ""),), HEADER, None),
        ((SENT,), "method.request.header.X-Token", None),
        ((), "$request.querystring.t", "a"),
        ((), "", None),
    ],
)
def test_token_is_in_the_identity_source(headers: tuple[tuple[str, str], ...], sources: str, token: str | None) -> None:
    native = Native()
    check(native, Kind.HTTP, *headers, sources=sources, scopes=("read",))
    assert native.asked == [(token, ("read",), NOW)]


@pytest.mark.parametrize("scopes", [None, (), ("read",)])
@pytest.mark.parametrize("kind", [Kind.REST, Kind.HTTP])
def test_grant_has_claims_and_scopes(kind: Kind, scopes: tuple[str, ...] | None) -> None:
    grant = check(Native(scopes=scopes), kind, SENT)
    assert (grant.told, grant.context, grant.scopes, grant.cached) == (Told.CLAIMS, {"sub": "alice"}, scopes, False)


@pytest.mark.parametrize(
    ("refusal", "type_", "message"),
    [
        (Refusal.MISSING, ResponseType.UNAUTHORIZED, "Unauthorized"),
        (Refusal.INVALID, ResponseType.UNAUTHORIZED, "Unauthorized"),
        (Refusal.SCOPE, ResponseType.UNAUTHORIZED, "Unauthorized"),
        (Refusal.EXPIRED, ResponseType.EXPIRED_TOKEN, "The incoming token has expired"),
    ],
)
def test_refusal_of_a_rest_api(refusal: Refusal, type_: ResponseType, message: str) -> None:
    failure = refused(Kind.REST, refusal, ("read",))
    assert (failure.type, failure.type.status, failure.message) == (type_, 401, message)


@pytest.mark.parametrize(
    ("refusal", "scopes", "type_", "challenge"),
    [
        (Refusal.MISSING, ("read",), ResponseType.UNAUTHORIZED, "Bearer"),
        (
            Refusal.INVALID,
            (),
            ResponseType.UNAUTHORIZED,
            'Bearer error="invalid_token" error_description="the description"',
        ),
        (
            Refusal.EXPIRED,
            ("read", "write"),
            ResponseType.UNAUTHORIZED,
            'Bearer scope="read write" error="invalid_token" error_description="the description"',
        ),
        (Refusal.SCOPE, ("read",), ResponseType.ACCESS_DENIED, None),
    ],
)
def test_refusal_of_an_http_api(
    refusal: Refusal, scopes: tuple[str, ...], type_: ResponseType, challenge: str | None
) -> None:
    failure = refused(Kind.HTTP, refusal, scopes)
    assert (failure.type, failure.challenge, failure.capital) == (type_, challenge, False)


def test_cause_has_our_reason_and_no_token() -> None:
    failure = refused(Kind.HTTP, Refusal.INVALID)
    assert failure.cause == "some_reason: the description"
    assert TOKEN not in str(failure)
