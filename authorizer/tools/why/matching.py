"""One cause held against the evidence: what speaks for it and what against, view by view, each with its weight.

A view that names a cause weighs more than all weaker views together can: our decision line names the reason, the function's
log the error, the execution log the step, the access log the field; what a client sees is the same for many causes. So the
weights are powers of two. A cause that is general (`general = true`) has half the weight from logs: the cause that the same
line names more closely goes first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Final

from authorizer.tools.why.access_fields import empty
from authorizer.tools.why.appearances import ANY, API_TYPES, Fit, appearances, recognised
from authorizer.tools.why.causes import NOTHING
from authorizer.tools.why.entry import Kind
from authorizer.tools.why.patterns import found, told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from authorizer.tools.why.causes import Cause, Lines
    from authorizer.tools.why.evidence import Evidence


class View(Enum):
    """Where something is seen, and what it weighs."""

    weight: int

    def __new__(cls, value: str, weight: int) -> View:
        member = object.__new__(cls)
        member._value_ = value
        member.weight = weight
        return member

    DECISION = "decision line", 64
    FUNCTION = "function log", 32
    EXECUTION = "execution log", 16
    ACCESS = "access log", 8
    CLIENT = "response", 4
    REQUEST = "request", 1


RULED_OUT: Final = 1000  # weighs against a cause whose answers are other ones, unless a line of the request names it
_NOT_SURE: Final = 2  # inferred and not documented, or seen in part
_METHOD: Final = 2  # weighs more than a header that is not sent: no preflight has a credential
_OF: Final = {Kind.DECISION: View.DECISION, Kind.ACCESS: View.ACCESS, Kind.EXECUTION: View.EXECUTION}


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One thing for (its weight is above 0) or against a cause."""

    view: View
    weight: int
    text: str


@dataclass(frozen=True, slots=True)
class Matching:
    """The evidence of one request, read once for all causes."""

    evidence: Evidence
    answers: Sequence[Mapping[str, Fit]]
    reasons: Mapping[str, View]

    @classmethod
    def of(cls, evidence: Evidence) -> Matching:
        """What is known of a request. A word that says more than a status makes those that say no more superfluous."""
        answers = [one for one in (recognised(seen) for seen in evidence.seen()) if one]
        telling = [one for one in answers if Fit.STATUS not in one.values()]
        return cls(evidence, telling or answers, dict(_reasons(evidence)))

    def points(self, cause: Cause) -> list[Point]:
        """All that speaks for or against; nothing for a cause that is out of the question."""
        apis = self.evidence.apis
        if apis and cause.apis and not apis & cause.apis:
            return []
        if cause.reason is not None and cause.reason not in self.reasons:
            return []
        if cause.request.method is not None and not self._is_called_by(cause.request.method):
            return []
        views = (
            self._decision,
            self._function,
            self._execution,
            self._access,
            self._client,
            self._asked,
            self._request,
        )
        return _softened([point for view in views for point in view(cause)])

    def _is_called_by(self, method: str) -> bool:
        """Whether the call has the method. A browser's words for a failed preflight name none."""
        if self.evidence.method is not None:
            return found(method, self.evidence.method)
        return any(appearances()[code].api not in API_TYPES | {ANY} for answer in self.answers for code in answer)

    def _decision(self, cause: Cause) -> Iterator[Point]:
        if cause.reason is not None:
            view = self.reasons[cause.reason]
            yield Point(view=view, weight=view.weight, text=f"the reason is {cause.reason}")
        for entry in self.evidence.of(Kind.DECISION):
            decision, weight = entry.get("decision"), View.DECISION.weight
            if cause.decides in (NOTHING, *({"allow", "deny", "error"} - {decision})):
                yield Point(view=View.DECISION, weight=-weight, text=f"our function decided: {decision}")
            elif cause.decides == decision and cause.reason is None:
                yield Point(view=View.DECISION, weight=weight // 2, text=f"our function decided: {decision}")

    def _function(self, cause: Cause) -> Iterator[Point]:
        yield from _lines(View.FUNCTION, cause.function, self.evidence.function, general=cause.general)

    def _execution(self, cause: Cause) -> Iterator[Point]:
        yield from _lines(View.EXECUTION, cause.execution, self.evidence.execution, general=cause.general)

    def _access(self, cause: Cause) -> Iterator[Point]:
        for entry in self.evidence.of(Kind.ACCESS):
            said = [_fields(one, entry.fields) for one in cause.access]
            fits = [one for one in said if one]
            if fits:
                weight = View.ACCESS.weight // (2 if cause.general else 1)
                yield Point(view=View.ACCESS, weight=weight, text=", ".join(fits[0]))
            elif said and all(one == [] for one in said):
                wanted = ", ".join(f"{name} {told(pattern)}" for name, pattern in cause.access[0].items())
                yield Point(view=View.ACCESS, weight=-View.ACCESS.weight, text=f"the fields are not: {wanted}")

    def _client(self, cause: Cause) -> Iterator[Point]:
        fits = [(answer, [one for one in cause.client if one in answer]) for answer in self.answers]
        for answer, own in fits:
            sure = max(answer.values()) is Fit.EXACT
            if cause.client and not own:
                weight = RULED_OUT if sure else View.CLIENT.weight
                yield Point(view=View.CLIENT, weight=-weight, text=f"the answer is {' or '.join(answer)}")
        best = max((answer[one] for answer, own in fits for one in own), default=Fit.NO)
        if best is not Fit.NO:
            names = dict.fromkeys(one for answer, own in fits for one in own if answer[one] is best)
            yield Point(view=View.CLIENT, weight=int(best), text=_HOW[best] + " or ".join(names))

    def _asked(self, cause: Cause) -> Iterator[Point]:
        for asked, kind in self.evidence.asked():
            if cause.asks is None or asked is cause.asks:
                continue
            view = _OF[kind]
            weight = _NOT_SURE if view is View.ACCESS and not asked else view.weight
            text = "the authorizer's function was asked" if asked else "the authorizer's function was not asked"
            yield Point(view=view, weight=-weight, text=text)

    def _request(self, cause: Cause) -> Iterator[Point]:
        sent, wanted = self.evidence.sent, cause.request
        if wanted.method is not None and self.evidence.method is not None:
            yield Point(view=View.REQUEST, weight=_METHOD, text=f"the method is {told(wanted.method)}")
        if sent is None:
            return
        said = [(f"{name} was sent", name in sent.headers) for name in wanted.has]
        lacks = wanted.lacks if sent.headers else ()  # a paste without headers of the request lacks them all
        said += [(f"{name} was not sent", name not in sent.headers) for name in lacks]
        if wanted.path is not None and sent.colon is not None:
            said.append(("the path has a colon", sent.colon))
        for text, fits in said:
            weight = View.REQUEST.weight
            yield Point(view=View.REQUEST, weight=weight if fits else -weight, text=text if fits else f"not so: {text}")


def _softened(points: list[Point]) -> list[Point]:
    """An answer that was pasted in part rules nothing out that a line of this very request names. The function's log does
    not count: it may be that of another function."""
    named = any(one.weight == one.view.weight and one.view in _OF.values() for one in points)
    return [replace(one, weight=-_NOT_SURE) if named and _rules_out(one) else one for one in points]


def _rules_out(point: Point) -> bool:
    return point.weight == -RULED_OUT


_HOW: Final = {
    Fit.EXACT: "the answer is ",
    Fit.RESTATED: "the answer is, with another status, ",
    Fit.REWORDED: "the answer is, with another body, ",
    Fit.STATUS: "by its status the answer may be ",
    Fit.NO: "",
}


def _reasons(evidence: Evidence) -> Iterator[tuple[str, View]]:
    """The reasons of our own functions that are named, and where; a decision line counts before an access log."""
    for entry in evidence.of(Kind.ACCESS):
        if not empty(entry.fields.get("authorizer.reason")):
            yield entry.get("authorizer.reason"), View.ACCESS
    for entry in evidence.of(Kind.DECISION):
        if "reason" in entry.fields:
            yield entry.get("reason"), View.DECISION


def _lines(view: View, wanted: Sequence[Lines], text: str, *, general: bool) -> Iterator[Point]:
    if not wanted or not text:
        return
    fits = [one for one in wanted if all(found(each, text) for each in one.all)]
    free = [one for one in fits if not any(found(each, text) for each in one.none)]
    if free:
        said = " and ".join(told(each, text) for each in free[0].all)
        yield Point(view=view, weight=view.weight // (2 if general else 1), text=f"it says {said}")
    elif fits:
        against = next(each for each in fits[0].none if found(each, text))
        yield Point(view=view, weight=-view.weight, text=f"it also says {told(against, text)}")


def _fields(wanted: Mapping[str, str], fields: Mapping[str, str]) -> list[str] | None:
    """What of it is met; nothing where a field is another, None where one of the fields is not in the log."""
    values = {name: "-" if empty(fields[name]) else str(fields[name]) for name in wanted if name in fields}
    if not all(found(wanted[name], value) for name, value in values.items()):
        return []
    if wanted.keys() - values.keys() - {"status"}:
        return None
    return [f"{name} is {told(wanted[name], value)}" for name, value in values.items()]
