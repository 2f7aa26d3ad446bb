from __future__ import annotations

from typing import Any

import pytest

from authorizer.tools.explain.near_miss import NearMiss
from authorizer.tools.explain.time_notes import NEAR
from tests.unit.tools.explain.sample_deployment import NOW, near_misses, of_token, token

AROUND = [-1, 0, 1]  # just under, exactly, just over


@pytest.mark.parametrize("step", AROUND)
@pytest.mark.parametrize("claim", ["nbf", "iat"])
def test_clock_is_behind_up_to_a_bound(claim: str, step: int) -> None:
    claims: dict[str, Any] = {"iat": ..., "nbf": ..., claim: NOW + NEAR + step}
    found = near_misses(of_token(token(exp=NOW + 4000, **claims)))
    assert found == ([NearMiss.CLOCK_BEHIND.value] if step <= 0 else [])


@pytest.mark.parametrize("step", AROUND)
def test_token_expired_just_now_up_to_a_bound(step: int) -> None:
    found = near_misses(of_token(token(exp=NOW - NEAR - step, iat=..., nbf=...)))
    assert found == ([NearMiss.EXPIRED_JUST_NOW.value] if step <= 0 else [])


@pytest.mark.parametrize("gap", [29, 30])
def test_clock_within_the_leeway_is_no_news(gap: int) -> None:
    assert near_misses(of_token(token(iat=NOW + gap))) == []


def test_gap_is_told() -> None:
    (note,) = of_token(token(iat=NOW + 74, nbf=...)).notes
    assert "74 s" in note.detail


def test_both_times_ahead_are_told() -> None:
    assert near_misses(of_token(token(iat=NOW + 74, nbf=NOW + 74))) == [NearMiss.CLOCK_BEHIND.value] * 2


@pytest.mark.parametrize("value", [253402300800, 253402300799_000, 1_795_428_000_000, 1_795_428_000_000.5])
def test_milliseconds_are_known(value: float) -> None:
    assert near_misses(of_token(token(exp=value))) == [NearMiss.TIME_IN_MILLISECONDS.value]


@pytest.mark.parametrize("value", [253402300799, 253402300799_001, -1, 1e300, True, None, [1], {}])
def test_other_numbers_and_kinds_are_not_milliseconds(value: object) -> None:
    assert NearMiss.TIME_IN_MILLISECONDS.value not in near_misses(of_token(token(exp=value)))


@pytest.mark.parametrize("value", ["1795428000", " 1795428000.5\n", "2026-11-25T16:00:00Z", "2026-11-25"])
def test_text_that_is_a_time_is_known(value: str) -> None:
    assert near_misses(of_token(token(exp=value))) == [NearMiss.TIME_AS_TEXT.value]


@pytest.mark.parametrize("value", ["", "soon", "1.2.3", "-"])
def test_other_text_is_no_time(value: str) -> None:
    assert near_misses(of_token(token(exp=value))) == []
