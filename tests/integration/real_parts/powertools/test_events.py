"""Powertools' data classes read the same out of every sample event, but for differences that we can give a reason for."""

from __future__ import annotations

from functools import cache

import pytest

from tests.integration.real_parts.powertools.differences import DIFFERENCES
from tests.integration.real_parts.powertools.facts import EVENT, OURS, Comparison, compare
from tests.integration.real_parts.sample_events import samples

pytestmark = pytest.mark.long

MINIMUM = 5_000  # facts


@cache
def comparisons() -> list[Comparison]:
    return [found for sample in samples() for found in compare(sample)]


def differing() -> list[Comparison]:
    return [found for found in comparisons() if found.ours != found.theirs]


def test_no_difference_without_a_reason() -> None:
    assert [found for found in differing() if not any(row.covers(found) for row in DIFFERENCES)] == []


def test_every_reason_is_needed() -> None:
    """A row that explains nothing hides what comes next."""
    assert [row for row in DIFFERENCES if not any(row.covers(found) for found in differing())] == []


def test_enough_is_compared() -> None:
    assert len(comparisons()) >= MINIMUM
    assert {found.fact for found in comparisons()} == {EVENT, *OURS}
    assert {found.sample for found in comparisons()} == {sample.label for sample in samples()}


def test_most_facts_are_read_and_not_just_equally_unreadable() -> None:
    read = [found for found in comparisons() if found.ours == found.theirs and found.ours not in (None, "", [], False)]
    assert len(read) > len(comparisons()) / 2
    assert not [found for found in comparisons() if found.ours == found.theirs and "raises" in str(found.ours)]


@pytest.mark.parametrize("spoiled", ["/orders/2", "raises KeyError", []], ids=str)
def test_other_value_than_the_one_in_the_table_is_not_covered(spoiled: object) -> None:
    listed = next(found for found in differing() if found.fact == "path")
    assert any(row.covers(listed) for row in DIFFERENCES)
    assert not any(row.covers(listed._replace(ours=spoiled)) for row in DIFFERENCES)
