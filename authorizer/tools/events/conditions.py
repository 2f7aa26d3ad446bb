"""Proven callers, with what they may do elsewhere, at routes that ask for more: claims, issuers, logins.

What depends on the single request, a network or a check, is in scenarios: no policy for all routes can say it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.events.apis import ORDER, WITH_PATH, on, spread
from authorizer.tools.events.issuers import ISSUED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.events.apis import Sample
    from authorizer.tools.events.issuers import Issuers

_OWN: Final = replace(ORDER, path="/vault/user-1", template="/vault/{owner}")
_OTHERS: Final = replace(ORDER, path="/vault/user-2", template="/vault/{owner}")
_DENIED: Final = replace(ORDER, method="PUT", path="/orders")
_KEYS: Final = replace(ORDER, path="/keys")
_LOGIN: Final[dict[str, Any]] = {"tier": "gold", "acr": "high", "amr": ["pwd", "mfa"], "auth_time": ISSUED}


def samples(issuers: Issuers) -> Iterator[Sample]:
    """The cases of this family. Nothing passes the route with all conditions: a login of today is none next year."""
    good = issuers.login("ed")
    yield from on(WITH_PATH, "route_denied", good, _DENIED)
    yield from on(WITH_PATH, "verifier_not_permitted", good, _KEYS)
    tokens = {
        "rule_claim_missing": issuers.login(),
        "rule_claim_mismatch": issuers.login(tier="silver"),
        "rule_claim_mismatch--list": issuers.login(tier=["gold"]),
        "issuer_not_permitted": issuers.partner(tier="gold", sub="user-1"),
        "acr_insufficient": issuers.login(tier="gold"),
        "acr_insufficient--lower": issuers.login(tier="gold", acr="low"),
        "amr_insufficient": issuers.login(tier="gold", acr="high"),
        "amr_insufficient--text": issuers.login(tier="gold", acr="high", amr="mfa"),
        "auth_time_too_old": issuers.login(**_LOGIN),
        "auth_time_too_old--missing": issuers.login(**_LOGIN | {"auth_time": ...}),
    }
    for name, token in tokens.items():
        yield from on(spread(name, WITH_PATH) if "--" in name else WITH_PATH, name, token, _OWN)
    yield from on(WITH_PATH, "parameter_mismatch", issuers.login(**_LOGIN), _OTHERS)
