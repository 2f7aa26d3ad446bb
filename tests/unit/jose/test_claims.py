from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from authorizer.jose.claims import (
    LEEWAY,
    MAX_SUBJECT,
    MAX_TIME,
    PLAIN_TYPES,
    RFC9068_CLAIMS,
    Problem,
    Profile,
    kind,
    problems,
    usable_subject,
)
from authorizer.reasons import Reason
from authorizer.testing import default_claims

NOW = 1_795_428_000.0
SECRET = "secret-value"
PROFILE = Profile(audience=frozenset({"orders-api", "stock-api"}))
ANY_AUDIENCE = Profile(audience=None)
NO_TIMES = ["1795428000", "", None, True, False, [], [NOW], {}, {"exp": NOW}, -1, -0.5, MAX_TIME + 1, NOW * 1000, 1e300]
NO_TIMES += [float("inf"), float("-inf"), float("nan"), 10**400]


def found(
    profile: Profile = PROFILE, typ: str | None = "jwt", now: float = NOW, **changes: Any
) -> list[tuple[str, str]]:
    """All that is wrong with good claims that were changed: reason and claim."""
    claims = default_claims(NOW, **changes)
    return [(problem.reason.value, str(problem.fault.claim)) for problem in problems(claims, typ, profile, now)]


def with_profile(**settings: Any) -> Profile:
    return replace(PROFILE, **settings)


def test_good_claims_have_no_problem() -> None:
    assert found() == []


# Times (RFC 7519 sections 4.1.4 to 4.1.6)


@pytest.mark.parametrize("leeway", [0, 1, LEEWAY, 600])
@pytest.mark.parametrize(("after", "expired"), [(-1, False), (-0.001, False), (0, True), (0.001, True), (1, True)])
def test_at_exp_a_token_is_expired(leeway: float, after: float, expired: bool) -> None:
    assert found(with_profile(leeway=leeway), exp=NOW - leeway - after) == (
        [("token_expired", "exp")] if expired else []
    )


@pytest.mark.parametrize("leeway", [0, 1, LEEWAY, 600])
@pytest.mark.parametrize(("ahead", "early"), [(-1, False), (0, False), (0.001, True), (1, True)])
def test_at_nbf_a_token_is_valid(leeway: float, ahead: float, early: bool) -> None:
    assert found(with_profile(leeway=leeway), nbf=NOW + leeway + ahead) == (
        [("token_not_yet_valid", "nbf")] if early else []
    )


@pytest.mark.parametrize("leeway", [0, 1, LEEWAY, 600])
@pytest.mark.parametrize(("ahead", "early"), [(-1, False), (0, False), (0.001, True), (1, True)])
def test_token_is_not_issued_in_the_future(leeway: float, ahead: float, early: bool) -> None:
    changes: dict[str, Any] = {"iat": NOW + leeway + ahead, "exp": NOW + 10_000}
    assert found(with_profile(leeway=leeway), **changes) == ([("token_issued_in_future", "iat")] if early else [])


@pytest.mark.parametrize("leeway", [0, 30])
@pytest.mark.parametrize(("over", "old"), [(-1, False), (0, False), (0.001, True), (1, True)])
def test_age_counts_from_iat(leeway: float, over: float, old: bool) -> None:
    profile = with_profile(max_age=3600, leeway=leeway)
    assert found(profile, iat=NOW - 3600 - leeway - over) == ([("token_too_old", "iat")] if old else [])


@pytest.mark.parametrize(("over", "long"), [(-1, False), (0, False), (0.001, True), (1, True)])
def test_lifetime_counts_from_iat_to_exp(over: float, long: bool) -> None:
    profile = with_profile(max_lifetime=3600)
    assert found(profile, iat=NOW, exp=NOW + 3600 + over) == ([("token_lifetime_exceeded", "exp")] if long else [])


@pytest.mark.parametrize("setting", ["max_age", "max_lifetime"])
def test_spans_need_iat(setting: str) -> None:
    assert found(with_profile(**{setting: 3600}), iat=...) == [("claim_missing", "iat")]
    assert found(iat=...) == []


def test_exp_is_required_and_nbf_is_not() -> None:
    assert found(exp=...) == [("claim_missing", "exp")]
    assert found(nbf=...) == []


@pytest.mark.parametrize("value", NO_TIMES, ids=lambda value: repr(value)[:20])
@pytest.mark.parametrize("name", ["exp", "nbf", "iat"])
def test_time_is_a_number_of_seconds(name: str, value: Any) -> None:
    assert found(**{name: value})[0] == ("claim_type_invalid", name)


@pytest.mark.parametrize("value", [MAX_TIME - 1, MAX_TIME, NOW + 0.5, float(MAX_TIME)])
def test_time_may_have_a_fraction_and_lie_far_ahead(value: float) -> None:
    assert found(exp=value) == []


def test_wrong_type_of_iat_is_told_and_not_passed_over() -> None:
    assert ("claim_type_invalid", "iat") in found(with_profile(max_age=60), iat=str(NOW))


@pytest.mark.parametrize("now", [0.0, -1e9, 1e12])
def test_clock_that_is_far_off_is_no_crash(now: float) -> None:
    assert found(now=now)


# Audience (RFC 7519 section 4.1.3)


@pytest.mark.parametrize(
    "aud",
    [
        "orders-api",
        ["orders-api"],
        ["other", "orders-api"],
        ["orders-api", "stock-api"],
        ["", "stock-api"],
        ["orders-api"] * 2,
    ],
)
def test_audience_that_names_us(aud: object) -> None:
    assert found(aud=aud) == []


AUDIENCES_OF_OTHERS: list[object] = ["", "orders", "orders-api ", " orders-api", "Orders-api", "orders-api/"]
AUDIENCES_OF_OTHERS += ["orders-api,stock-api", "orders-api stock-api", "*", "https://orders-api", "orders\u2010api"]
AUDIENCES_OF_OTHERS += ["xorders-apix", "ANY_AUDIENCE", [], [""], ["orders"], ["a", "b"], ["orders-api stock-api"]]


@pytest.mark.parametrize(
    "aud",
    AUDIENCES_OF_OTHERS,
    ids=ascii,
)
def test_audience_of_others(aud: object) -> None:
    assert found(aud=aud) == [("audience_mismatch", "aud")]


@pytest.mark.parametrize(
    "aud",
    [
        5,
        True,
        0,
        1.5,
        {},
        {"orders-api": 1},
        [5],
        ["orders-api", 5],
        ["orders-api", None],
        [["orders-api"]],
        ["orders-api", True],
    ],
)
def test_audience_of_another_type(aud: object) -> None:
    assert found(aud=aud) == [("claim_type_invalid", "aud")]


@pytest.mark.parametrize("aud", [..., None])
def test_audience_that_is_missing(aud: object) -> None:
    assert found(aud=aud) == [("audience_missing", "aud")]


@pytest.mark.parametrize("aud", [..., None, "x", [], 5, {}])
def test_any_audience_was_spelled(aud: object) -> None:
    assert found(ANY_AUDIENCE, aud=aud) == []


def test_no_audience_at_all_accepts_nothing() -> None:
    assert found(Profile(audience=frozenset())) == [("audience_mismatch", "aud")]


# Type of the token (RFC 8725 section 3.11)


@pytest.mark.parametrize("typ", [None, "jwt", "at+jwt"])
def test_usual_types_are_accepted(typ: str | None) -> None:
    assert found(typ=typ) == []
    assert typ in PLAIN_TYPES | {None}


@pytest.mark.parametrize(
    "typ", ["logout+jwt", "dpop+jwt", "id+jwt", "secevent+jwt", "jwe", "", "jose", "JWT", "application/jwt", "at+jwt "]
)
def test_token_made_for_another_use_is_rejected(typ: str) -> None:
    assert found(typ=typ) == [("token_type_rejected", "typ")]


@pytest.mark.parametrize("typ", [None, "jwt"])
def test_types_of_ones_own_are_the_only_ones(typ: str | None) -> None:
    assert found(with_profile(token_types=frozenset({"at+jwt"})), typ=typ) == [("token_type_rejected", "typ")]
    assert found(with_profile(token_types=frozenset({"at+jwt"})), typ="at+jwt") == []


def test_long_type_is_cut() -> None:
    (problem,) = problems(default_claims(NOW), "x" * 500, PROFILE, NOW)
    assert len(str(problem.fault.found)) == 40


# Subject and other contents


@pytest.mark.parametrize(
    "sub", ["a", "é", "a b", "x" * (MAX_SUBJECT - 1), "x" * MAX_SUBJECT, "auth0|1", "00000000-0000"]
)
def test_usable_subject(sub: str) -> None:
    assert usable_subject(sub)
    assert found(sub=sub) == []


@pytest.mark.parametrize(
    "sub",
    ["", "x" * (MAX_SUBJECT + 1), "a\nb", "a\x00", "\u2028", "\u200b", "\x7f", None, ...],
    ids=lambda s: repr(s)[:12],
)
def test_subject_that_names_nobody(sub: object) -> None:
    assert ("subject_missing", "sub") in found(sub=sub)


@pytest.mark.parametrize("sub", [0, 5, True, [], ["user-1"], {}, {"id": 1}])
def test_subject_of_another_type(sub: object) -> None:
    assert ("subject_missing", "sub") in found(sub=sub)
    assert not usable_subject(sub)


def test_principal_may_be_another_claim() -> None:
    profile = with_profile(principal_claim="client_id")
    assert found(profile, sub=..., client_id="machine-1") == []
    assert found(profile) == [("subject_missing", "client_id")]


@pytest.mark.parametrize("value", [5, None, True, [], {}])
def test_identifiers_are_texts_even_when_nobody_asks_for_them(value: object) -> None:
    assert found(jti=value) == [("claim_type_invalid", "jti")]
    assert found(with_profile(principal_claim="client_id"), client_id="c", sub=value) == [("claim_type_invalid", "sub")]


@pytest.mark.parametrize("cnf", [{"jkt": "a"}, {"x5t#S256": "a"}, {}, None, "", 0])
def test_token_that_is_bound_to_a_key_is_no_bearer_token(cnf: object) -> None:
    assert found(cnf=cnf) == [("token_sender_constrained", "cnf")]


@pytest.mark.parametrize("value", ["", 0, False, [], {}])
def test_required_claim_is_there_whatever_it_is(value: object) -> None:
    assert found(with_profile(required=("email",)), email=value) == []


@pytest.mark.parametrize("value", [None, ...])
def test_required_claim_that_is_not_there(value: object) -> None:
    assert found(with_profile(required=("email",)), email=value) == [("claim_missing", "email")]


@pytest.mark.parametrize("name", RFC9068_CLAIMS)
def test_rfc_9068_asks_for_its_claims(name: str) -> None:
    profile = with_profile(required=RFC9068_CLAIMS, token_types=frozenset({"at+jwt"}))
    complete: dict[str, Any] = {"client_id": "c", "jti": "1"}
    assert found(profile, "at+jwt", **complete) == []
    assert name in [claim for _, claim in found(profile, "at+jwt", **complete | {name: ...})]


@pytest.mark.parametrize(
    ("expected", "value", "right"),
    [
        (("a", "b"), "a", True),
        (("a", "b"), "b", True),
        (("a",), "A", False),
        (("a",), ["a"], False),
        (("a",), "a ", False),
        ((1,), 1, True),
        ((1,), True, False),
        ((True,), 1, False),
        ((True,), True, True),
        ((True,), "true", False),
        ((0,), False, False),
        ((1,), 1.0, False),
        ((1,), "1", False),
        (("a",), None, False),
        (("a",), {"a": 1}, False),
        ((), "a", False),
    ],
)
def test_expected_value_is_compared_with_its_type(expected: tuple[Any, ...], value: object, right: bool) -> None:
    profile = with_profile(expected=(("tenant", expected),))
    assert found(profile, tenant=value) == ([] if right else [("claim_value_mismatch", "tenant")])


def test_expected_claim_that_is_not_there() -> None:
    assert found(with_profile(expected=(("tenant", ("a",)),))) == [("claim_missing", "tenant")]


# Order and words


def test_all_problems_are_told_most_telling_first() -> None:
    def check(claims: object) -> Problem:
        return Problem(Reason.TOKEN_USE_MISMATCH, next(iter(problems({}, None, PROFILE, NOW))).fault)

    profile = with_profile(checks=(check,), required=("email",), max_age=60, expected=(("tenant", ("a",)),))
    changes: dict[str, Any] = {"exp": NOW - 100, "aud": "x", "sub": "", "jti": 5, "cnf": {}, "iat": NOW - 200}
    assert [reason for reason, _ in found(profile, "dpop+jwt", **changes)] == [
        "token_use_mismatch",
        "token_type_rejected",
        "token_expired",
        "token_too_old",
        "audience_mismatch",
        "subject_missing",
        "claim_type_invalid",
        "token_sender_constrained",
        "claim_missing",
        "claim_missing",
    ]


def test_no_problem_shows_a_value() -> None:
    changes: dict[str, Any] = {name: [SECRET] for name in ("exp", "nbf", "iat", "aud", "sub", "jti")}
    profile = with_profile(expected=(("tenant", ("a",)),), max_age=1, max_lifetime=1)
    told = [*problems(default_claims(NOW, **changes, tenant=SECRET), "jwt", profile, NOW)]
    told += problems(default_claims(NOW, aud=SECRET, sub=SECRET + "\n"), "jwt", profile, NOW)
    assert len(told) > 8
    assert SECRET not in repr(told)


def test_claims_are_not_changed() -> None:
    claims = default_claims(NOW, aud=["x"])
    before = repr(claims)
    list(problems(claims, "jwt", PROFILE, NOW))
    assert repr(claims) == before


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "missing"),
        ("", "text"),
        (True, "a boolean"),
        ([], "a list"),
        ({}, "an object"),
        (0, "a number"),
        (1.5, "a number"),
    ],
)
def test_kind_is_the_json_type(value: object, name: str) -> None:
    assert kind(value) == name
