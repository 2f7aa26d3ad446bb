"""Every way to break a token on purpose, by the code of the reason for which it must then be refused.

Times and names are chosen so that no settings can make the token good again: they allow a year, and no name of `.invalid`.
Some reasons still need settings that look: nobody misses a group where no rule asks for one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from authorizer.reasons import Reason
from authorizer.testing import FORGERIES, attacker_key
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from authorizer.testing import Forgery
    from authorizer.tools.local_issuer.draft import Draft
    from authorizer.tools.local_issuer.key_ring import TokenUse
    from authorizer.tools.local_issuer.stand_in import Kind

    Break = Callable[[Draft], str]

_HOUR: Final = 3600  # seconds, far beyond any leeway
_YEARS: Final = 2 * 31_536_000  # seconds, beyond any `max_age`, `max_lifetime` and `max_auth_age`
_NOBODY: Final = "nobody.invalid"  # RFC 2606 section 2
_ANOTHER: Final = f"https://{_NOBODY}"
_TOO_LARGE: Final = 8400  # bytes: more than we take by default, and less than API Gateway does

Sort = tuple["Kind", "TokenUse"]
EVERY: Final[frozenset[Sort]] = frozenset(
    {("cognito", "access"), ("cognito", "id"), ("oidc", "access"), ("oidc", "id")}
)
_ACCESS: Final = frozenset(sort for sort in EVERY if sort[1] == "access")
_COGNITO: Final = frozenset(sort for sort in EVERY if sort[0] == "cognito")
_OIDC: Final = EVERY - _COGNITO


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to break a token, and the sorts of token (kind of issuer, use) that it works for. `needs` is the setting
    without which nobody looks, and the token is a good one."""

    make: Break = field(repr=False)
    sorts: frozenset[Sort] = EVERY
    needs: str = ""


def broken_token(code: str, draft: Draft) -> str:
    """The token, broken so that it is refused for this reason. `CommandError` when a token alone cannot cause it."""
    sort = (draft.stand_in.kind, draft.use)
    way = WAYS.get(code)
    if way is not None and sort in way.sorts:
        return way.make(draft)
    raise CommandError(_refusal(code, sort), f"what can be had: {', '.join(codes(sort))}")


def codes(sort: Sort | None = None) -> tuple[str, ...]:
    """The codes that can be had, of one sort of token or of any."""
    return tuple(code for code, way in WAYS.items() if sort is None or sort in way.sorts)


def _refusal(code: str, sort: Sort) -> str:
    if code not in {reason.value for reason in Reason}:
        return "there is no such reason"
    if code in WAYS:
        kind, use = sort
        return f"{code} cannot be caused by a token of the kind {kind} for the use {use}"
    if code in OF_A_CLAIM:
        return f"{code} depends on the claims that your settings name: set the claim itself, or drop it with null"
    return f"a token alone cannot cause {code}"


OF_A_CLAIM: Final = frozenset(
    {
        "claim_value_mismatch",
        "rule_claim_missing",
        "rule_claim_mismatch",
        "parameter_mismatch",
        "context_value_invalid",
    }
)


def _claims(**claims: object) -> Break:
    return lambda draft: draft.changed(claims).signed()


def _times(change: Callable[[int, int], Mapping[str, object]]) -> Break:
    """Claims that depend on the time and the lifetime."""
    return lambda draft: draft.changed(change(draft.now, draft.lifetime)).signed()


def _group(*names: str) -> Break:
    return lambda draft: draft.changed({draft.stand_in.groups_claim: list(names) or None}).signed()


def _expired(now: int, lifetime: int) -> Mapping[str, object]:
    issued = now - lifetime - _HOUR
    return {"iat": issued, "nbf": issued, "exp": issued + lifetime}


def _not_yet(now: int, lifetime: int) -> Mapping[str, object]:
    return {"nbf": now + _HOUR, "exp": now + _HOUR + lifetime}


def _from_the_future(now: int, lifetime: int) -> Mapping[str, object]:
    return {"iat": now + _HOUR, "nbf": None, "exp": now + _HOUR + lifetime}


def _too_old(now: int, lifetime: int) -> Mapping[str, object]:
    return {"iat": now - _YEARS, "nbf": now - _YEARS, "exp": now + lifetime}


def _lives_too_long(now: int, _: int) -> Mapping[str, object]:
    return {"exp": now + _YEARS}


def _logged_in_long_ago(now: int, _: int) -> Mapping[str, object]:
    return {"auth_time": now - _YEARS}


def _another_client(draft: Draft) -> str:
    return draft.changed({"aud" if draft.use == "id" else "client_id": _NOBODY}).signed()


def _unknown_key(draft: Draft) -> str:
    return draft.signed(attacker_key(draft.key.algorithm), kid=str(uuid4()))


def _another_algorithm(draft: Draft) -> str:
    """With the one that settings allow least; the key cannot matter, because the algorithm is looked at first."""
    return draft.signed(attacker_key("ES384" if draft.key.algorithm == "ES512" else "ES512"))


def _key_of_another_algorithm(draft: Draft) -> str:
    """The kid names a published key that is not for this algorithm (RFC 8725 section 3.1)."""
    other = "RS256" if draft.key.algorithm == "ES256" else "ES256"
    return draft.signed(kid=draft.stand_in.keys.signing(other, draft.use).kid)


def _too_large(draft: Draft) -> str:
    missing = _TOO_LARGE - len(draft.signed())
    return draft.changed({"padding": "x" * (missing * 3 // 4)}).signed()


def _forged(forgery: Forgery) -> Break:
    return lambda draft: forgery.token(draft.key, draft.claims)


def _forged_ways() -> dict[str, Way]:
    """The first forgery of each reason is its plain case."""
    ways: dict[str, Way] = {}
    for forgery in FORGERIES:
        ways.setdefault(forgery.reason_code, Way(make=_forged(forgery)))
    return ways


WAYS: Final[Mapping[str, Way]] = {
    "credential_malformed": Way(make=lambda draft: draft.signed() + "*"),
    "credential_too_large": Way(make=_too_large),
    "credential_kind_unknown": Way(make=lambda _: uuid4().hex),
    **_forged_ways(),
    "alg_not_allowed": Way(make=_another_algorithm),
    "alg_key_mismatch": Way(make=_key_of_another_algorithm, sorts=_OIDC),
    "kid_missing": Way(make=lambda draft: draft.signed(kid=...)),
    "key_unknown": Way(make=_unknown_key),
    "issuer_unknown": Way(make=_claims(iss=_ANOTHER)),
    "claim_missing": Way(make=_claims(exp=None)),
    "claim_type_invalid": Way(make=_claims(exp="2099-01-01T00:00:00Z")),
    "subject_missing": Way(make=_claims(sub=None)),
    "audience_missing": Way(make=_claims(aud=None), sorts=_OIDC | _ACCESS, needs="audience"),
    "audience_mismatch": Way(make=_claims(aud=_ANOTHER), sorts=_OIDC | _ACCESS),
    "client_not_allowed": Way(make=_another_client, sorts=_COGNITO),
    "token_use_mismatch": Way(make=_claims(token_use=_NOBODY), sorts=_COGNITO),
    "token_expired": Way(make=_times(_expired)),
    "token_not_yet_valid": Way(make=_times(_not_yet)),
    "token_issued_in_future": Way(make=_times(_from_the_future)),
    "token_too_old": Way(make=_times(_too_old), needs="max_age"),
    "token_lifetime_exceeded": Way(make=_times(_lives_too_long), needs="max_lifetime"),
    # Not the forgery, whose header says JWT: a profile that wants at+jwt would refuse it for that.
    "token_sender_constrained": Way(make=_claims(cnf={"jkt": "0ZcOCORZNYy"})),
    "scope_missing": Way(make=_claims(scope=None, scp=None), sorts=_ACCESS, needs="require.scopes"),
    "scope_insufficient": Way(make=_claims(scope=_NOBODY), sorts=_ACCESS, needs="require.scopes"),
    "group_missing": Way(make=_group(), needs="require.groups"),
    "group_required": Way(make=_group(_NOBODY), needs="require.groups"),
    "acr_insufficient": Way(
        make=_claims(acr="0"), needs="require.acr"
    ),  # OpenID Connect Core section 2: no assurance at all
    "amr_insufficient": Way(make=_claims(amr=[]), needs="require.amr"),
    "auth_time_too_old": Way(make=_times(_logged_in_long_ago), needs="require.max_auth_age"),
}
