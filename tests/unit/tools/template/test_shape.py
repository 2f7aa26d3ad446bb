"""Numbers, in every way that a template may write them."""

from __future__ import annotations

import pytest

from authorizer.tools.template import Unresolved
from authorizer.tools.template.shape import as_number


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (None, None),
        (300, 300),
        (0, 0),
        ("300", 300),
        (300.0, 300),
        ("300.0", 300),
        ("300 ", 300),
        (" 0\n", 0),
    ],
)
def test_number_is_read(value: object, number: int | None) -> None:
    assert as_number(value) == number


@pytest.mark.parametrize(
    "value", ["3e2", "-1", -1, -0.5, 0.5, "+300", "", " ", [300], {"a": 1}, True, 99999999999, "1_000", "٣٠٠", 1e300]
)
def test_what_is_there_and_no_number_is_opaque(value: object) -> None:
    assert isinstance(as_number(value), Unresolved)


def test_opaque_number_stays_as_it_is() -> None:
    assert as_number(Unresolved("Ref Ttl")) == Unresolved("Ref Ttl")
    assert str(as_number([300])) == "[300]"
    found = as_number([Unresolved("Ref Ttl", frozenset({"Ttl"}))])
    assert isinstance(found, Unresolved)
    assert found.resources == {"Ttl"}
