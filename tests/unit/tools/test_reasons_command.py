"""`authorizer reasons`."""

from __future__ import annotations

import json

import pytest

from authorizer.reasons import Reason
from authorizer.tools.cli import commands, run


def reasons(*arguments: str) -> int:
    return run(commands, "authorizer", ["reasons", *arguments])


def test_all_reasons_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert reasons() == 0
    out = capsys.readouterr().out
    assert [reason for reason in Reason if reason.value not in out] == []


def test_json_lists_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert reasons("--json") == 0
    assert [row["reason"] for row in json.loads(capsys.readouterr().out)] == [reason.value for reason in Reason]


@pytest.mark.parametrize("reason", Reason, ids=lambda reason: reason.value)
def test_one_reason_is_told_in_full(reason: Reason, capsys: pytest.CaptureFixture[str]) -> None:
    assert reasons(reason.value) == 0
    out = capsys.readouterr().out
    for part in (reason.remedy.symptom, reason.remedy.cause, reason.remedy.fix, reason.docs):
        assert part in out


def test_one_reason_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert reasons("token_expired", "--json") == 0
    assert json.loads(capsys.readouterr().out)["fix"] == Reason.TOKEN_EXPIRED.remedy.fix


def test_unknown_code_names_the_closest(capsys: pytest.CaptureFixture[str]) -> None:
    assert reasons("tokn_expird") == 2
    assert "hint: did you mean token_expired?" in capsys.readouterr().err
