from __future__ import annotations

import pytest

from authorizer.conditions import AuthTimeWithin, ClaimIsParameter, ClaimPresent
from authorizer.requirement import Requirement, includes, is_binding
from authorizer.surface import Fact

OWN = ClaimIsParameter(claim="c", parameter="id", index=1)


def names(*some: str) -> frozenset[str]:
    return frozenset(some)


@pytest.mark.parametrize(
    ("held", "asked", "included"),
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
        (Requirement(), Requirement(conditions=(OWN,)), False),
        (Requirement(conditions=(OWN,)), Requirement(conditions=(OWN,)), True),
    ],
)
def test_requirement_includes_another(held: Requirement, asked: Requirement, included: bool) -> None:
    assert includes([held], asked) is included


def test_part_of_the_principal_reads_no_request() -> None:
    mixed = Requirement(scopes=names("a"), conditions=(OWN, ClaimPresent(claim="t"), AuthTimeWithin(seconds=1)))
    assert mixed.of_the_principal.conditions == (ClaimPresent(claim="t"), AuthTimeWithin(seconds=1))
    assert mixed.reads == {Fact.CREDENTIAL, Fact.PATH, Fact.CLOCK}
    assert [len(part.conditions) for part in mixed.parts] == [0, 0, 1, 1, 1]
    assert is_binding(OWN)
    assert not is_binding(ClaimPresent(claim="t"))
