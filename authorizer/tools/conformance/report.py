"""What is said of a run: differences, then what unsure rows have settled, then what could not be played, then one line."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.conformance.row import Confidence
from authorizer.tools.conformance.runner import Outcome
from authorizer.tools.terminal import CANNOT_TELL, show, show_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from authorizer.tools.conformance.runner import Result

_COLUMNS: Final = ("row", "what", "expected", "seen", "source")


def status_of(results: Sequence[Result]) -> int:
    """0: all that was played is as expected; 1: something differs; 2: nothing could be played."""
    outcomes = {one.outcome for one in results}
    if Outcome.DIFFERS in outcomes:
        return 1
    return 0 if Outcome.PASSED in outcomes else CANNOT_TELL


def document(results: Sequence[Result]) -> dict[str, Any]:
    """The results for JSON."""
    return {
        "rows": [_described(one) for one in results],
        "counts": {outcome.value: _count(results, outcome) for outcome in Outcome},
    }


def show_results(results: Sequence[Result]) -> None:
    """As text."""
    sure = [one for one in results if one.row.confidence is not Confidence.UNSURE]
    _show_differences(sure)
    unsure = [
        one for one in results if one.row.confidence is Confidence.UNSURE and one.outcome is not Outcome.NOT_PLAYABLE
    ]
    if unsure:
        show("unsure: AWS says too little, or sources differ. A run against a deployed stack settles it:", style="bold")
    for one in unsure:
        found = "as assumed" if one.outcome is Outcome.PASSED else "otherwise"
        show(f"  {one.row.id}: {found}; settles: {one.row.settles}")
    _show_differences([one for one in unsure if one.outcome is Outcome.DIFFERS])
    _show_not_playable(results)
    show(_last_line(results))


def _show_differences(results: Sequence[Result]) -> None:
    rows = [
        (one.row.id, difference.what, difference.expected, difference.seen, one.row.source)
        for one in results
        for difference in one.differences
    ]
    if rows:
        show_table(_COLUMNS, rows)


def _show_not_playable(results: Sequence[Result]) -> None:
    reasons = Counter(one.why for one in results if one.outcome is Outcome.NOT_PLAYABLE)
    for why, count in reasons.items():
        show(f"not played: {count} row{'' if count == 1 else 's'}, {why}")


def _last_line(results: Sequence[Result]) -> str:
    unsure = [one for one in results if one.row.confidence is Confidence.UNSURE]
    assumed = _count(unsure, Outcome.PASSED)
    documented = _count(results, Outcome.PASSED) - assumed
    more = {
        "as assumed": assumed,
        "otherwise": _count(results, Outcome.DIFFERS),
        "not played": _count(results, Outcome.NOT_PLAYABLE),
    }
    told = [f"{count} {text}" for text, count in more.items() if count]
    rows = f"{len(results)} row{'' if len(results) == 1 else 's'}"
    return ", ".join([rows, f"{documented} as documented", *told])


def _count(results: Sequence[Result], outcome: Outcome) -> int:
    return sum(one.outcome is outcome for one in results)


def _described(one: Result) -> dict[str, Any]:
    row = one.row
    found: dict[str, Any] = {
        "id": row.id,
        "says": row.says,
        "api": row.api,
        "outcome": one.outcome.value,
        "confidence": row.confidence.value,
        "source": row.source,
        "others": dict(row.others),
    }
    differences = [{"what": each.what, "expected": each.expected, "seen": each.seen} for each in one.differences]
    more = {"differences": differences, "why": one.why, "settles": row.settles, "note": row.note}
    return found | {name: value for name, value in more.items() if value}
