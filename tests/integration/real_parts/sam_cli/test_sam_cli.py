"""SAM CLI's own validators judge every answer as we mean it, but for the differences that we can give a reason for."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from tests.integration.real_parts.answers import answers
from tests.integration.real_parts.sam_cli.differences import DIFFERENCES
from tests.integration.real_parts.sam_cli.verdicts import OTHERS, READABLE, UNREADABLE, WHOLE, Verdict, context_of
from tests.integration.real_parts.sam_cli.verdicts import verdicts as all_verdicts

pytestmark = pytest.mark.long


@cache
def verdicts() -> list[Verdict]:
    return all_verdicts()


def differing() -> list[Verdict]:
    return [verdict for verdict in verdicts() if verdict.ours != verdict.theirs]


def test_no_difference_without_a_reason() -> None:
    assert [one for one in differing() if not any(row.covers(one) for row in DIFFERENCES)] == []


def test_every_reason_is_needed() -> None:
    """A row that explains nothing hides what comes next."""
    assert [row for row in DIFFERENCES if not any(row.covers(one) for one in differing())] == []


def test_each_question_is_answered_both_ways() -> None:
    """So that what agrees agrees about something."""
    agreeing = Counter((verdict.question, verdict.ours) for verdict in verdicts() if verdict.ours == verdict.theirs)
    assert agreeing[WHOLE, True] > 40  # simple responses, which have no statements
    assert agreeing[WHOLE, False] > 40
    assert agreeing[READABLE, True] > 60
    assert agreeing[READABLE, False] > 250
    assert agreeing[OTHERS, False] > 5_000


def test_no_refusal_of_ours_is_an_allow_of_theirs() -> None:
    assert not [one for one in verdicts() if one.question != OTHERS and one.theirs is True and not one.ours]


def test_all_policies_are_unreadable_as_a_whole() -> None:
    """The day this fails, SAM CLI has learnt of NotResource, and `sam local start-api` can be used with our policies."""
    policies = {answered.sample.label for answered in answers() if answered.is_policy}
    unreadable = {verdict.sample for verdict in verdicts() if verdict.theirs == UNREADABLE}
    assert unreadable == policies


def test_backend_is_given_our_context() -> None:
    for answered in answers():
        principal = {"principalId": answered.answer["principalId"]} if answered.is_policy else {}
        assert context_of(answered.answer) == answered.answer["context"] | principal
