"""Causes and summaries for people: the most likely cause in the first line, then why, the fix, and where to look next."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from authorizer.tools.terminal import show, show_table
from authorizer.tools.why.doctor_findings import doctor_findings
from authorizer.tools.why.entry import Kind
from authorizer.tools.why.pasted_text import shown
from authorizer.tools.why.ranking import WHERE
from authorizer.tools.why.summary import moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from authorizer.tools.why.evidence import Evidence
    from authorizer.tools.why.ranking import Ranked, Ranking
    from authorizer.tools.why.summary import Summary

_IN_FULL: Final = 3  # causes that are told in full where they cannot be told apart
_OTHERS: Final = 5
_FINDINGS: Final = 5
_COMMANDS: Final = 3
_DETAILS: Final = ("claim", "expected", "found", "issuer", "route")


def show_ranking(ranking: Ranking) -> None:
    """The report on standard output."""
    show(headline(ranking), style="bold")
    first = ranking.first
    for one in first[:_IN_FULL] if len(first) <= _IN_FULL else ():
        _show_cause(one, alone=len(first) == 1)
    if len(first) > _IN_FULL:
        show_table(("cause", "what", "fix"), ((one.cause.code, one.cause.title, one.cause.fix) for one in first))
        _show_points(first[0])
        for command, _ in Counter(command for one in first for command in one.cause.see).most_common(_COMMANDS):
            show(f"  see: {command}")
    _show_decision(ranking.evidence)
    _show_next(ranking)
    others = ranking.ranked[len(first) :][:_OTHERS]
    if others:
        show(f"less likely: {', '.join(one.cause.code for one in others)}")
    for text in ranking.unseen:
        show(f"cannot be seen: {text}")


def headline(ranking: Ranking) -> str:
    """The one line that says most."""
    first = ranking.first
    if not first:
        return "cannot tell: nothing that is known fits"
    if len(first) == 1:
        return f"{first[0].cause.code}: {first[0].cause.title}"
    return f"one of {len(first)} causes that this cannot tell apart: {', '.join(one.cause.code for one in first)}"


def _show_cause(one: Ranked, *, alone: bool) -> None:
    cause = one.cause
    if not alone:
        show(f"{cause.code}: {cause.title}", style="bold")
    _show_points(one)
    show(f"  why: {cause.why}")
    show(f"  fix: {cause.fix}")
    for command in cause.see:
        show(f"  see: {command}")
    found = doctor_findings(cause)
    if found:
        show(f"  `authorizer doctor` may find it as: {', '.join(found[:_FINDINGS])}")
    show(f"  source: {cause.source}")


def _show_points(one: Ranked) -> None:
    for point in one.points:
        show(f"  {'for' if point.weight > 0 else 'against'}: {point.view.value}: {point.text}")


def _show_decision(evidence: Evidence) -> None:
    for name, text in details(evidence).items():
        show(f"  {name}: {text}")


def details(evidence: Evidence) -> dict[str, str]:
    """What our own decision line says beside the reason. It has no token; a line that is none of ours is not repeated."""
    lines = [one for one in evidence.of(Kind.DECISION) if {"_aws", "Decisions", "reason"} <= one.fields.keys()]
    return {name: shown(lines[0].get(name)) for name in _DETAILS if name in lines[0].fields} if lines else {}


def _show_next(ranking: Ranking) -> None:
    for view, shows in ranking.tells_apart():
        show(f"look next at {WHERE[view]}:")
        for text in dict.fromkeys(shows.values()):
            codes = ", ".join(code for code, said in shows.items() if said == text)
            show(f"  {text} → {codes}")


def show_summary(summary: Summary) -> None:
    """The report on standard output."""
    denials = len(summary.denials)
    errors = len(summary.failed) - denials
    top = summary.causes()
    said = f", most of all {_codes(top[0][0])} ({top[0][1]:,})" if top else ""
    counts = f"{_plural(denials, 'denial')} and {_plural(errors, 'error')} in {_plural(summary.requests, 'request')}"
    show(counts + said, style="bold")
    if top:
        show_table(("cause", "count"), ((_codes(codes), count) for codes, count in top))
    for name in ("issuer", "route"):
        rows = summary.by(name)
        if rows:
            show_table((name, "denials"), rows)
    if summary.buckets():
        tenths = [(moment(one.start), one.denials, one.errors) for one in summary.buckets()]
        show_table(("from", "denials", "errors"), tenths)
    for code, count, fix in summary.fixes():
        show(f"fix {code} ({count:,}): {fix}")
    for text in summary.notes:
        show(f"cannot be seen: {text}")


def _codes(codes: Sequence[str]) -> str:
    more = f" or {len(codes) - 3} more" if len(codes) > 3 else ""
    return " or ".join(codes[:3]) + more


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
