"""What the demo says: progress while it works, then a table, every mismatch in full, and one last line."""

from __future__ import annotations

from collections import Counter
from threading import Lock
from typing import TYPE_CHECKING, Any, Self

from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bar

from authorizer.tools.terminal import note, progress_console, show, show_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from authorizer.tools.demo.outcome import Outcome


class Progress:
    """Takes outcomes from any thread. A bar on a terminal; elsewhere a line per finished API and per mismatch."""

    def __init__(self, sizes: Mapping[str, int]) -> None:
        self._sizes = sizes
        self._done: Counter[str] = Counter()
        self._lock = Lock()
        console = progress_console()
        self._bar = Bar(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=console, transient=True
        )
        self._bar.disable = not console.is_terminal
        self._tasks = {group: self._bar.add_task(group, total=size) for group, size in sizes.items()}

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def __call__(self, outcome: Outcome) -> None:
        """One more is known."""
        with self._lock:
            group = outcome.group
            self._done[group] += 1
            self._bar.advance(self._tasks[group])
            if self._bar.disable:
                self._tell(outcome)

    def _tell(self, outcome: Outcome) -> None:
        if outcome.problems:
            note(f"{outcome.label}: not as expected")
        if self._done[outcome.group] == self._sizes[outcome.group]:
            note(f"{outcome.group}: {self._done[outcome.group]} done")


def show_report(outcomes: Sequence[Outcome]) -> None:
    """The counts per API, what was not as expected and why, and the last line."""
    total = Counter(outcome.group for outcome in outcomes)
    good = Counter(outcome.group for outcome in outcomes if not outcome.problems)
    show_table(("API", "events", "as expected"), ((group, total[group], good[group]) for group in total))
    for outcome in outcomes:
        for problem in outcome.problems:
            show(f"{outcome.label}: {problem}")
    show(f"{total.total()} events, {good.total()} as expected")


def report_document(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """For `--json`."""
    wrong = [outcome for outcome in outcomes if outcome.problems]
    return {
        "events": len(outcomes),
        "as_expected": len(outcomes) - len(wrong),
        "mismatches": [{"event": outcome.label, "problems": list(outcome.problems)} for outcome in wrong],
    }
