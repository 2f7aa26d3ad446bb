"""Genuine tokens of Amazon Cognito that are of another use, another client or another resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authorizer.testing import cognito_id_claims, mint
from authorizer.tools.events.apis import ALL, on, spread
from authorizer.tools.events.issuers import CLIENT, ISSUED, MEMBERS_CLIENT, RESOURCE, UNTIL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.events.apis import Sample
    from authorizer.tools.events.issuers import Issuers

_EVERYWHERE: Final = ("token_use_mismatch", "client_not_allowed")
_STRANGER: Final = "6j79mexampleclientid00000"


def samples(issuers: Issuers) -> Iterator[Sample]:
    """The cases of this family."""
    for name, token in {**_use(issuers), **_client(issuers), **_resource(issuers)}.items():
        yield from on(ALL if name in _EVERYWHERE else spread(name), name, token)


def _use(issuers: Issuers) -> dict[str, str]:
    id_claims = cognito_id_claims(now=ISSUED, exp=UNTIL)
    return {
        "token_use_mismatch": mint(issuers.keys["users"], id_claims, header={"typ": ...}),
        "token_use_mismatch--missing": issuers.user(token_use=...),
        "token_use_mismatch--unknown": issuers.member(token_use="refresh"),  # noqa: S106 - a use, no token
        "token_use_mismatch--list": issuers.member(token_use=["id", "access"]),
    }


def _client(issuers: Issuers) -> dict[str, str]:
    return {
        "client_not_allowed": issuers.user(client_id=_STRANGER),
        "client_not_allowed--id-token": issuers.member(aud=_STRANGER),
        "client_not_allowed--of-the-other-pool": issuers.user(client_id=MEMBERS_CLIENT),
        "client_not_allowed--aud-of-access-token": issuers.user(client_id=_STRANGER, aud=CLIENT),
        "claim_missing--client-id": issuers.user(client_id=...),
        "claim_type_invalid--id-token-aud-list": issuers.member(aud=[MEMBERS_CLIENT]),
    }


def _resource(issuers: Issuers) -> dict[str, str]:
    return {
        "audience_missing--cognito": issuers.bound_member(aud=...),
        "audience_mismatch--cognito": issuers.bound_member(aud="https://billing.example.com"),
        "audience_mismatch--cognito-not-bound": issuers.user(aud=RESOURCE),
        "claim_type_invalid--cognito-aud-number": issuers.bound_member(aud=7),
    }
