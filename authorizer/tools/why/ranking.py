"""From the evidence of one request to its causes, the most likely first.

Rules: (1) points for and against are weighed as in `matching`. (2) A cause counts where something speaks for it and the sum
is above nothing. (3) Causes with the highest sum are the first ones; where there are several, this evidence cannot tell them
apart, and the order of the catalogue says nothing. (4) What would tell them apart are the views that are missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.why.causes import causes
from authorizer.tools.why.doctor_findings import doctor_findings
from authorizer.tools.why.entry import Kind
from authorizer.tools.why.matching import Matching, View
from authorizer.tools.why.patterns import told
from authorizer.tools.why.unseen import unseen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from authorizer.tools.why.causes import Cause, Lines
    from authorizer.tools.why.evidence import Evidence
    from authorizer.tools.why.matching import Point

WHERE: Final = {
    View.EXECUTION: "the execution log, API-Gateway-Execution-Logs_API/STAGE (REST and WebSocket APIs)",
    View.ACCESS: "the access log of the stage",
    View.FUNCTION: "the log of the authorizer's function, /aws/lambda/NAME",
    View.REQUEST: "the request as it was sent (curl -v)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A cause with what speaks for and against it."""

    cause: Cause
    points: tuple[Point, ...]

    @property
    def score(self) -> int:
        """The sum of the weights."""
        return sum(one.weight for one in self.points)

    def document(self) -> dict[str, Any]:
        """For `--json`."""
        cause = self.cause
        return {
            "code": cause.code,
            "title": cause.title,
            "score": self.score,
            "why": cause.why,
            "fix": cause.fix,
            "see": list(cause.see),
            "source": cause.source,
            "finding": cause.finding,
            "doctor": list(doctor_findings(cause)),
            "reason": cause.reason,
            "for": [{"view": one.view.value, "text": one.text} for one in self.points if one.weight > 0],
            "against": [{"view": one.view.value, "text": one.text} for one in self.points if one.weight < 0],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """All causes that count, and the notes on what cannot be seen."""

    ranked: tuple[Ranked, ...]
    evidence: Evidence
    unseen: tuple[str, ...]

    @property
    def first(self) -> tuple[Ranked, ...]:
        """The most likely causes: one, or several that cannot be told apart."""
        return tuple(one for one in self.ranked if one.score == self.ranked[0].score)

    @property
    def status(self) -> int:
        """0: one clear cause, 1: several, 2: none."""
        return min(len(self.first), 2) - 1 if self.ranked else 2

    def tells_apart(self) -> tuple[tuple[View, dict[str, str]], ...]:
        """The views that are missing and would tell the first ones apart: what each cause would show there."""
        if len(self.first) < 2:
            return ()
        found = [(view, dict(_shows(view, self.first))) for view in WHERE if not self._has(view)]
        return tuple(
            (view, shows) for view, shows in found if len(set(shows.values())) > (len(shows) == len(self.first))
        )

    def _has(self, view: View) -> bool:
        if view is View.REQUEST:
            return self.evidence.sent is not None
        kinds = {View.EXECUTION: Kind.EXECUTION, View.ACCESS: Kind.ACCESS, View.FUNCTION: Kind.FUNCTION}
        return bool(self.evidence.of(kinds[view]))

    def document(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "certain": self.status == 0,
            "causes": [one.document() for one in self.first],
            "less_likely": [one.document() for one in self.ranked[len(self.first) :]],
            "tells_apart": [
                {"look_at": WHERE[view], "view": view.value, "shows": shows} for view, shows in self.tells_apart()
            ],
            "cannot_be_seen": list(self.unseen),
            "lines": {kind.value: len(self.evidence.of(kind)) for kind in Kind},
            "joined_by_time": self.evidence.by_time,
        }


def rank(evidence: Evidence) -> Ranking:
    """The causes of one request."""
    matching = Matching.of(evidence)
    found = [Ranked(cause=one, points=tuple(matching.points(one))) for one in causes().values()]
    counted = [one for one in found if one.score > 0 and any(point.weight > 0 for point in one.points)]
    ranked = tuple(sorted(counted, key=lambda one: -one.score))
    return Ranking(ranked=ranked, evidence=evidence, unseen=tuple(unseen(evidence, ranked)))


def _shows(view: View, first: Sequence[Ranked]) -> Iterator[tuple[str, str]]:
    for one in first:
        said = _said(view, one.cause)
        if said:
            yield one.cause.code, said


def _said(view: View, cause: Cause) -> str:
    if view is View.EXECUTION:
        return _lines(cause.execution)
    if view is View.FUNCTION:
        return _lines(cause.function)
    if view is View.ACCESS:
        fields = cause.access[0] if cause.access else {}
        return ", ".join(f"{name}: {told(pattern)}" for name, pattern in fields.items())
    wanted = cause.request
    said = [*(f"{name} was sent" for name in wanted.has), *(f"{name} was not sent" for name in wanted.lacks)]
    said += [f"method {told(wanted.method)}"] if wanted.method else []
    return ", ".join([*said, *(["a colon in the path"] if wanted.path else [])])


def _lines(wanted: Sequence[Lines]) -> str:
    if not wanted:
        return ""
    without = f", and not {told(wanted[0].none[0])}" if wanted[0].none else ""
    return " and ".join(map(told, wanted[0].all)) + without
