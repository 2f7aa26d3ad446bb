from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from authorizer.conditions import AuthTimeWithin, Check, ClaimIsParameter, ClaimPresent
from authorizer.errors import Refused
from authorizer.model import Principal, VerifiedClaims
from authorizer.networks import FromNetworks, Network
from authorizer.reasons import Reason
from authorizer.requirement import ANY_VALID_TOKEN, Asked, Requirement, includes, is_binding
from authorizer.surface import ANYTHING, Fact
from tests.outcomes import every_text, refused

if TYPE_CHECKING:
    from collections.abc import Iterable

NOW = 1_795_428_000.0
OWN = ClaimIsParameter(claim="c", parameter="id", index=1)
PRESENT, TENANT = ClaimPresent(claim="email"), ClaimPresent(claim="tenant")
NEAR = FromNetworks(networks=(Network.parse("192.0.2.0/24"),))
CHECK = Check(name="x.y", function=lambda who, called: True)


def names(*some: str) -> frozenset[str]:
    return frozenset(some)


def asked(scopes: Iterable[str] | None = None, groups: Iterable[str] | None = None) -> Asked:
    who = Principal(
        subject="user-1",
        scopes=None if scopes is None else frozenset(scopes),
        groups=None if groups is None else frozenset(groups),
        claims=VerifiedClaims({"sub": "user-1", "tenant": "a"}),
    )
    return Asked(who, NOW)


REQUIREMENTS = [
    # requirement, scopes held, groups held, reason
    (Requirement(), None, None, None),
    (Requirement(scopes=names("a")), {"a"}, None, None),
    (Requirement(scopes=names("a")), {"a", "b"}, None, None),
    (Requirement(scopes=names("a", "b")), {"a", "b"}, None, None),
    (Requirement(scopes=names("a", "b")), {"a"}, None, Reason.SCOPE_INSUFFICIENT),
    (Requirement(scopes=names("a")), {"A"}, None, Reason.SCOPE_INSUFFICIENT),
    (Requirement(scopes=names("a")), {"aa", "a b", "a*", "*"}, None, Reason.SCOPE_INSUFFICIENT),
    (Requirement(scopes=names("a")), set(), None, Reason.SCOPE_INSUFFICIENT),
    (Requirement(scopes=names("a")), {""}, None, Reason.SCOPE_INSUFFICIENT),
    (Requirement(scopes=names("a")), None, {"a"}, Reason.SCOPE_MISSING),
    (Requirement(any_scopes=names("a", "b")), {"b"}, None, None),
    (Requirement(any_scopes=names("a", "b")), {"c"}, None, Reason.SCOPE_INSUFFICIENT),
    (Requirement(any_scopes=names("a", "b")), set(), None, Reason.SCOPE_INSUFFICIENT),
    (Requirement(any_scopes=names("a", "b")), None, None, Reason.SCOPE_MISSING),
    (Requirement(scopes=names("a"), any_scopes=names("b", "c")), {"a", "c"}, None, None),
    (Requirement(scopes=names("a"), any_scopes=names("b", "c")), {"a"}, None, Reason.SCOPE_INSUFFICIENT),
    (Requirement(scopes=names("a"), any_scopes=names("b", "c")), {"b"}, None, Reason.SCOPE_INSUFFICIENT),
    (Requirement(groups=names("g", "h")), None, {"h"}, None),
    (Requirement(groups=names("g", "h")), None, {"G"}, Reason.GROUP_REQUIRED),
    (Requirement(groups=names("g", "h")), {"g"}, {"i"}, Reason.GROUP_REQUIRED),
    (Requirement(groups=names("g")), None, {"g,h"}, Reason.GROUP_REQUIRED),
    (Requirement(groups=names("g")), None, set(), Reason.GROUP_REQUIRED),
    (Requirement(groups=names("g")), {"g"}, None, Reason.GROUP_MISSING),
    (Requirement(scopes=names("a"), groups=names("g")), {"a"}, {"g"}, None),
    (Requirement(scopes=names("a"), groups=names("g")), {"a"}, {"h"}, Reason.GROUP_REQUIRED),
    (Requirement(scopes=names("a"), groups=names("g")), {"b"}, {"g"}, Reason.SCOPE_INSUFFICIENT),
    (Requirement(all_groups=names("g", "h")), None, {"g", "h", "i"}, None),
    (Requirement(all_groups=names("g", "h")), None, {"g"}, Reason.GROUP_REQUIRED),
    (Requirement(all_groups=names("g")), None, set(), Reason.GROUP_REQUIRED),
    (Requirement(all_groups=names("g")), {"g"}, None, Reason.GROUP_MISSING),
    (Requirement(groups=names("a", "b"), all_groups=names("g")), None, {"g", "b"}, None),
    (Requirement(groups=names("a", "b"), all_groups=names("g")), None, {"g"}, Reason.GROUP_REQUIRED),
    (Requirement(groups=names("a", "b"), all_groups=names("g")), None, {"a"}, Reason.GROUP_REQUIRED),
    (Requirement(scopes=names("a"), conditions=(PRESENT,)), {"b"}, None, Reason.SCOPE_INSUFFICIENT),
    (Requirement(scopes=names("a"), conditions=(PRESENT,)), {"a"}, None, Reason.RULE_CLAIM_MISSING),
    (Requirement(conditions=(TENANT, PRESENT)), None, None, Reason.RULE_CLAIM_MISSING),
]


@pytest.mark.parametrize(("requirement", "scopes", "groups", "reason"), REQUIREMENTS)
def test_requirement_is_checked(
    requirement: Requirement, scopes: set[str] | None, groups: set[str] | None, reason: Reason | None
) -> None:
    if reason is None:
        requirement.check(asked(scopes, groups))
        return
    with refused(reason):
        requirement.check(asked(scopes, groups))


@pytest.mark.parametrize(("requirement", "scopes", "groups", "reason"), REQUIREMENTS)
def test_parts_refuse_as_the_whole_does(
    requirement: Requirement, scopes: set[str] | None, groups: set[str] | None, reason: Reason | None
) -> None:
    refusing = []
    for part in requirement.parts:
        try:
            part.check(asked(scopes, groups))
        except Refused as error:
            refusing.append(error.reason)
    assert refusing[:1] == ([] if reason is None else [reason])


def test_what_is_lacking_is_named_and_what_is_held_is_not() -> None:
    with refused(Reason.SCOPE_INSUFFICIENT) as caught:
        Requirement(scopes=names("a", "b"), any_scopes=names("d", "c")).check(asked({"secret-scope"}))
    assert caught.value.fault.expected == "a b and one of c d"
    assert "secret" not in every_text(caught.value)


def test_all_groups_that_are_lacking_are_named_and_those_held_are_not() -> None:
    with refused(Reason.GROUP_REQUIRED) as caught:
        Requirement(all_groups=names("b", "a"), groups=names("d", "c")).check(asked(groups={"secret-group"}))
    assert caught.value.fault.expected == "a b and one of c d"
    assert "secret" not in every_text(caught.value)


@pytest.mark.parametrize(
    ("held", "wanted", "included"),
    [
        (Requirement(), Requirement(), True),
        (Requirement(scopes=names("a", "b")), Requirement(scopes=names("a")), True),
        (Requirement(scopes=names("a")), Requirement(scopes=names("a", "b")), False),
        (Requirement(scopes=names("a")), Requirement(any_scopes=names("a", "c")), True),
        (Requirement(any_scopes=names("a")), Requirement(any_scopes=names("a", "c")), True),
        (Requirement(any_scopes=names("a", "d")), Requirement(any_scopes=names("a", "c")), False),
        (Requirement(groups=names("g")), Requirement(groups=names("g", "h")), True),
        (Requirement(groups=names("g", "h")), Requirement(groups=names("g")), False),
        (Requirement(all_groups=names("g")), Requirement(groups=names("g")), True),
        (Requirement(all_groups=names("g", "h")), Requirement(all_groups=names("g")), True),
        (Requirement(groups=names("g")), Requirement(all_groups=names("g")), False),
        (Requirement(scopes=names("g")), Requirement(groups=names("g")), False),
        (Requirement(any_scopes=names("a")), Requirement(scopes=names("a")), False),
        (Requirement(), Requirement(any_scopes=names("a")), False),
        (Requirement(conditions=(OWN, PRESENT)), Requirement(conditions=(PRESENT,)), True),
        (Requirement(conditions=(PRESENT,)), Requirement(conditions=(OWN, PRESENT)), False),
        (Requirement(), Requirement(conditions=(OWN,)), False),
        (Requirement(conditions=(OWN,)), Requirement(conditions=(OWN,)), True),
    ],
)
def test_requirement_includes_another(held: Requirement, wanted: Requirement, included: bool) -> None:
    assert includes([held], wanted) is included


def test_part_of_the_principal_reads_no_request() -> None:
    mixed = Requirement(scopes=names("a"), conditions=(OWN, ClaimPresent(claim="t"), AuthTimeWithin(seconds=1)))
    assert mixed.of_the_principal.conditions == (ClaimPresent(claim="t"), AuthTimeWithin(seconds=1))
    assert mixed.reads == {Fact.CREDENTIAL, Fact.PATH, Fact.CLOCK}
    assert [len(part.conditions) for part in mixed.parts] == [0, 0, 1, 1, 1]
    assert is_binding(OWN)
    assert not is_binding(ClaimPresent(claim="t"))


def test_several_requirements_together_include_what_none_does_alone() -> None:
    held = [Requirement(scopes=names("a")), Requirement(all_groups=names("g"), conditions=(PRESENT,))]
    wanted = Requirement(scopes=names("a"), groups=names("g", "h"), conditions=(PRESENT,))
    assert includes(held, wanted)
    assert not any(includes([one], wanted) for one in held)
    assert not includes([], wanted)
    assert includes([], ANY_VALID_TOKEN)


def test_what_reads_a_request_is_no_part_of_the_principal() -> None:
    plain = Requirement(scopes=names("a"), any_scopes=names("b"), groups=names("g"), all_groups=names("h"))
    whole = replace(plain, conditions=(NEAR, PRESENT, CHECK, OWN))
    assert whole.of_the_principal == replace(plain, conditions=(PRESENT,))
    assert whole.reads == ANYTHING
    assert plain.of_the_principal is plain
    assert plain.reads == {Fact.CREDENTIAL}
    assert [is_binding(one) for one in whole.conditions] == [False, False, False, True]
