"""What the demo prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authorizer.tools.demo.outcome import Outcome
from authorizer.tools.demo.report import Progress, report_document, show_report

if TYPE_CHECKING:
    import pytest

GOOD = Outcome(group="rest-token", name="allow-x", problems=())
BAD = Outcome(group="rest-token", name="token_expired", problems=("one", "another"))


def test_last_line_when_all_are_as_expected(capsys: pytest.CaptureFixture[str]) -> None:
    show_report([GOOD, GOOD])
    assert capsys.readouterr().out.splitlines()[-1] == "2 events, 2 as expected"


def test_last_line_when_some_differ(capsys: pytest.CaptureFixture[str]) -> None:
    show_report([GOOD, BAD])
    out = capsys.readouterr().out.splitlines()
    assert out[-1] == "2 events, 1 as expected"
    assert out[-3:-1] == ["rest-token/token_expired: one", "rest-token/token_expired: another"]


def test_document_names_the_mismatches() -> None:
    mismatches = [{"event": "rest-token/token_expired", "problems": ["one", "another"]}]
    assert report_document([GOOD, BAD]) == {"events": 2, "as_expected": 1, "mismatches": mismatches}


def test_progress_is_told_in_lines_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress({"rest-token": 2}) as progress:
        progress(GOOD)
        progress(BAD)
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "rest-token/token_expired: not as expected\nrest-token: 2 done\n"
