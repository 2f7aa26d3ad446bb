"""`authorizer reasons [CODE]`: the catalogue, as a table or one reason in full."""

from difflib import get_close_matches
from typing import Annotated, Any

import typer

from authorizer.reasons import Reason
from authorizer.tools.reasons_page import ANSWERS
from authorizer.tools.terminal import CommandError, show, show_json, show_table


def reasons(
    code: Annotated[str | None, typer.Argument(help="One code, such as token_expired.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Every reason for which a request is not allowed, or one of them in full."""
    chosen = list(Reason) if code is None else [_reason(code)]
    if as_json:
        show_json([document(reason) for reason in chosen] if code is None else document(chosen[0]))
    elif code is None:
        rows = ((reason.value, reason.klass.value, reason.remedy.fix) for reason in chosen)
        show_table(("reason", "class", "fix"), rows)
    else:
        _show_one(chosen[0])
    return 0


def document(reason: Reason) -> dict[str, Any]:
    """All there is about a reason."""
    answers, remedy = ANSWERS[reason.klass], reason.remedy
    return {
        "reason": reason.value,
        "class": reason.klass.value,
        "error": reason.error,
        "may_be_cached": not reason.heals,
        "status": {"rest": answers.rest, "websocket": answers.websocket, "http": answers.http},
        "symptom": remedy.symptom,
        "cause": remedy.cause,
        "fix": remedy.fix,
        "see_also": list(remedy.see_also),
        "docs": reason.docs,
    }


def _show_one(reason: Reason) -> None:
    answers, remedy = ANSWERS[reason.klass], reason.remedy
    show(reason.value, style="bold")
    show(f"class    {reason.klass.value}")
    show(f"status   REST {answers.rest}, WebSocket {answers.websocket}, HTTP {answers.http}")
    show(f"cached   {'never: it may heal by itself' if reason.heals else 'as long as the TTL of the authorizer says'}")
    show(f"symptom  {remedy.symptom}")
    show(f"cause    {remedy.cause}")
    show(f"fix      {remedy.fix}")
    show(f"see also {'; '.join(remedy.see_also)}")
    show(f"docs     {reason.docs}")


def _reason(code: str) -> Reason:
    reasons_by_code = {reason.value: reason for reason in Reason}
    if code in reasons_by_code:
        return reasons_by_code[code]
    near = get_close_matches(code, reasons_by_code, 1, 0.5)
    question = f"did you mean {near[0]}? " if near else ""
    raise CommandError(f"there is no reason {code!r}", f"{question}`authorizer reasons` lists all")
