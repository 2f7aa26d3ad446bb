"""Each way to break a token, held against our own engine: it refuses for exactly the reason that was asked for."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from authorizer import Authorizer, clock
from authorizer.reasons import Class, Reason
from authorizer.tools.local_issuer.broken import EVERY, OF_A_CLAIM, WAYS, codes
from authorizer.tools.local_issuer.minting import MintRequest, minted
from authorizer.tools.terminal import CommandError
from tests.unit.tools.local_issuer.sample_stand_ins import RESOURCE, SCOPE, judged, pool, provider, settings

if TYPE_CHECKING:
    from authorizer.tools.local_issuer.broken import Sort
    from authorizer.tools.local_issuer.stand_in import StandIn

DAY = 86_400
LOGIN_CLAIMS = {"acr": "2", "amr": ["mfa", "pwd"]}
REQUIRE: dict[str, Any] = {"groups": ["readers"], "acr": ["2"], "amr": ["mfa"], "max_auth_age": 3600}
SORTS = sorted(EVERY)
CASES = [(code, sort) for code, way in WAYS.items() for sort in sorted(way.sorts)]
each_sort = pytest.mark.parametrize("sort", SORTS, ids="-".join)


def stand_in(sort: Sort) -> StandIn:
    return pool(audience=(RESOURCE,)) if sort[0] == "cognito" else provider()


@cache
def engine(sort: Sort) -> Authorizer:
    """It looks at everything that a way can break; its keys are read once all keys of the stand-in are made."""
    issuer = stand_in(sort)
    for algorithm in ("RS256", "ES256")[: len(issuer.algorithms)]:
        issuer.keys.signing(algorithm, sort[1])
    require = REQUIRE | ({"scopes": [SCOPE]} if sort[1] == "access" else {})
    asked: dict[str, Any] = {"max_age": DAY, "max_lifetime": DAY}
    if sort[0] == "cognito":
        asked["audience"] = [RESOURCE]
    return Authorizer.from_config(settings(issuer, require, **asked))


def wanted(sort: Sort) -> MintRequest:
    """A token that passes."""
    claims = LOGIN_CLAIMS | {"auth_time": int(clock.now())}
    return MintRequest(client_id="web", scopes=(SCOPE,), groups=("readers",), claims=claims, token_use=sort[1])


@each_sort
def test_token_that_is_not_broken_passes(sort: Sort) -> None:
    assert judged(engine(sort), minted(stand_in(sort), wanted(sort), clock.now())) is None


@pytest.mark.parametrize(("code", "sort"), CASES, ids=[f"{code}-{'-'.join(sort)}" for code, sort in CASES])
def test_token_is_refused_for_the_reason_asked_for(code: str, sort: Sort) -> None:
    token = minted(stand_in(sort), replace(wanted(sort), broken=code), clock.now())
    assert judged(engine(sort), token) == code


@pytest.mark.parametrize(("code", "sort"), CASES, ids=[f"{code}-{'-'.join(sort)}" for code, sort in CASES])
def test_settings_that_ask_for_nothing_let_it_pass_only_where_it_needs_one(code: str, sort: Sort) -> None:
    issuer = pool() if sort[0] == "cognito" else provider()  # a provider has an audience in any case
    for algorithm in ("RS256", "ES256")[: len(issuer.algorithms)]:
        issuer.keys.signing(algorithm, sort[1])
    plain = Authorizer.from_config(settings(issuer, {"any_valid_token": True}))
    token = minted(issuer, replace(wanted(sort), broken=code), clock.now())
    needs = WAYS[code].needs
    passes = needs != "" and (needs != "audience" or sort[0] == "cognito")
    assert judged(plain, token) == (None if passes else code)


@pytest.mark.parametrize("code", ["alg_not_allowed", "kid_missing", "alg_key_mismatch", "key_unknown"])
def test_ways_work_for_other_algorithms_too(code: str) -> None:
    issuer = provider()
    for algorithm in ("ES256", "ES512", "RS256"):
        issuer.keys.signing(algorithm, "access")
    for algorithm in ("ES256", "ES512"):
        made = Authorizer.from_config(settings(issuer, {"any_valid_token": True}, algorithms=[algorithm]))
        good = replace(wanted(("oidc", "access")), algorithm=algorithm)
        assert judged(made, minted(issuer, good, clock.now())) is None
        assert judged(made, minted(issuer, replace(good, broken=code), clock.now())) == code


def test_sender_constrained_token_is_of_the_right_type() -> None:
    made = Authorizer.from_config(settings(provider(), {"any_valid_token": True}, profile="rfc9068"))
    good = wanted(("oidc", "access"))
    assert judged(made, minted(provider(), good, clock.now())) is None
    broken = minted(provider(), replace(good, broken="token_sender_constrained"), clock.now())
    assert judged(made, broken) == "token_sender_constrained"


# Why the others are not in the table.
NOT_OF_A_TOKEN = {
    "how it is sent": {
        "credential_missing",
        "credential_misplaced",
        "credential_multiple",
        "credential_scheme_missing",
        "credential_scheme_unsupported",
    },
    "the key set": {"key_cooldown", "key_ambiguous", "key_weak", "key_use_rejected", "key_malformed"},
    "the request or the rules": {
        "route_unknown",
        "route_denied",
        "path_ambiguous",
        "path_unsupported",
        "path_too_long",
        "issuer_not_permitted",
        "verifier_not_permitted",
        "network_not_permitted",
        "check_refused",
    },
}


def test_every_reason_that_a_token_can_cause_is_in_the_table() -> None:
    others = set().union(*NOT_OF_A_TOKEN.values()) | OF_A_CLAIM
    denials = {reason.value for reason in Reason if reason.klass in (Class.AUTHN, Class.AUTHZ)}
    assert set(WAYS) == denials - others
    assert set(codes()) == set(WAYS)


@each_sort
@pytest.mark.parametrize("code", [*sorted({reason.value for reason in Reason} - set(WAYS)), "no_such_reason"])
def test_what_a_token_alone_cannot_cause_is_refused(code: str, sort: Sort) -> None:
    with pytest.raises(CommandError) as caught:
        minted(stand_in(sort), replace(wanted(sort), broken=code), clock.now())
    assert all(had in caught.value.hint for had in codes(sort))


@pytest.mark.parametrize(
    ("code", "sort"), [(code, sort) for code in WAYS for sort in SORTS if sort not in WAYS[code].sorts]
)
def test_way_that_is_not_for_this_sort_of_token_is_refused(code: str, sort: Sort) -> None:
    with pytest.raises(CommandError) as caught:
        minted(stand_in(sort), replace(wanted(sort), broken=code), clock.now())
    assert code not in caught.value.hint.split(", ")
