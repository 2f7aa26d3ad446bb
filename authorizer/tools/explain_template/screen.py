"""Verdicts for people: a table for each API, below it what to do, each thing once with the routes that it is for."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from authorizer.tools.explain_template.verdict import Case, decision
from authorizer.tools.terminal import show, show_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from authorizer.tools.explain_template.verdict import RouteVerdict

_COLUMNS: Final = ("route", "status", "reason", "why")
_HEADLINES: Final = {"allow": "allowed", "deny": "denied", "error": "cannot tell"}
_UNPROVEN: Final = "* supposing that the signature is good: no key has proven it"


def show_verdicts(verdicts: Sequence[RouteVerdict]) -> None:
    """The report, line by line."""
    show(headline(verdicts), style="bold")
    for (api, kind), rows in groupby(verdicts, key=lambda one: (one.api, one.api_kind)):
        _show_api(f"{api} ({kind.value})".strip(), list(rows))
    if any(one.outcome.unproven for one in verdicts):
        show(_UNPROVEN)
    for fix, routes in fixes(verdicts).items():
        show(f"fix: {fix}")
        for api, names in routes.items():
            show(f"  {f'{api}: ' if api else ''}{', '.join(names)}")


def headline(verdicts: Sequence[RouteVerdict]) -> str:
    """`allowed: the token opens 3 of 5 routes that ask for one`."""
    guarded = [one for one in verdicts if one.guarded]
    if not guarded:
        return "denied: no route asks for a token"
    opened, dark = sum(one.status == 200 for one in guarded), sum(one.status is None for one in guarded)
    unproven = any(one.undecided and one.status == 200 for one in guarded)
    verb = "would open" if unproven else "opens"
    said = f"{_HEADLINES[decision(verdicts)]}: the token {verb} {opened} of {len(guarded)} routes that ask for one"
    return f"{said}, and of {dark} nobody can tell" if dark else said


def fixes(verdicts: Iterable[RouteVerdict]) -> dict[str, dict[str, list[str]]]:
    """What to do, with the routes that it is for, by API."""
    found: dict[str, dict[str, list[str]]] = {}
    for one in verdicts:
        if one.fix:
            found.setdefault(one.fix, {}).setdefault(one.api, []).append(named(one))
    return found


def named(one: RouteVerdict) -> str:
    """The route, and of several rules the one that is meant."""
    return one.route if one.rule is None else f"{one.route} ({one.rule})"


def _show_api(title: str, verdicts: Sequence[RouteVerdict]) -> None:
    show(title, style="bold")
    shown = [one for one in verdicts if not _is_preflight(one)]
    if shown:
        show_table(_COLUMNS, ((named(one), _status(one), one.reason, one.why) for one in shown))
    if len(shown) < len(verdicts):
        show(f"and {len(verdicts) - len(shown)} OPTIONS without authorizer, for browsers (CORS)")


def _is_preflight(one: RouteVerdict) -> bool:
    return one.case is Case.OPEN and one.route.startswith("OPTIONS ")


def _status(one: RouteVerdict) -> str:
    return f"{one.status or 'cannot tell'}{' *' if one.outcome.unproven else ''}"
