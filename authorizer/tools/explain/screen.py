"""An explanation for people: the headline, the problems, the notes, what the token says, and what it opens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from authorizer.tools.explain.note import listed, quoted
from authorizer.tools.terminal import show, show_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from authorizer.tools.explain.explanation import Explanation

_HEADLINES = {"allow": "allowed", "deny": "denied", "error": "cannot tell"}
_PROBLEM = ("reason", "claim", "expected", "found")
_ROUTE = ("route", "opens", "reason", "needs")


def show_explanation(document: Mapping[str, Any], explained: Explanation, *, as_of: bool = False) -> None:
    """The report, line by line. `as_of`: the time is another than now, and is told."""
    show(headline(document, explained), style="bold")
    if as_of:
        show(f"as of {document['now']}")
    _show_problems(document["problems"], document["token"])
    if document["decision"] != "allow" and document["client_sees"]:
        show(f"the client sees: {_seen(document['client_sees'])}")
    _show_notes(document["notes"])
    if any(row["unproven"] for row in (*document["problems"], *document["notes"])):
        show("* what the token claims; no signature proves it: change no settings for it")
    for title, rows in (("token", _token(document["token"])), ("call", _call(document["call"]))):
        _show_rows(title, rows)
    if document["routes"] is not None:
        _show_routes(document)
    if explained.opinion is not None:
        show(f"second opinion: {explained.opinion}")


def headline(document: Mapping[str, Any], explained: Explanation) -> str:
    """`denied: token_expired (and 2 more)`."""
    said = _HEADLINES[document["decision"]]
    if explained.depends:
        return f"{said}: the token is good, and every route that it may open depends on the request"
    if explained.opens_nothing:
        return f"{said}: the token is good, and opens none of the routes"
    if explained.first is None:
        return said
    others = len(document["problems"]) - 1
    return f"{said}: {document['reason']}" + (f" (and {others} more)" if others else "")


def _show_problems(problems: Sequence[Mapping[str, Any]], token: Mapping[str, Any] | None) -> None:
    if not problems:
        return
    marks = ("*" if row["unproven"] else "" for row in problems)
    rows = (
        (f"{row['reason']} {mark}".rstrip(), row["claim"], row["expected"], _found(row, token))
        for row, mark in zip(problems, marks, strict=True)
    )
    show_table(_PROBLEM, rows)
    for row in problems:
        show(f"fix {row['reason']}: {row['fix']}")


def _found(problem: Mapping[str, Any], token: Mapping[str, Any] | None) -> Any:
    """The one thing found that is the token's own text is shown as such."""
    said = token["claims"].get("iss") if token is not None else None
    return quoted(said) if problem["reason"] == "issuer_unknown" and isinstance(said, str) else problem["found"]


def _show_notes(notes: Sequence[Mapping[str, Any]]) -> None:
    for note in notes:
        detail = f" ({note['detail']})" if note["detail"] else ""
        show(f"note {note['code']}{' *' if note['unproven'] else ''}: {note['says']}{detail}")
        show(f"  fix: {note['fix']}")


def _token(facts: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    if facts is None:
        return []
    rows = [(name, _value(value)) for part in ("header", "claims") for name, value in facts[part].items()]
    rows += facts["times"].items()
    rows.append(("other claims", ", ".join(map(quoted, facts["other_claims"])) or "none"))
    keys = f", with the {facts['keys']} keys of {facts['trusted_issuer']}" if facts["keys"] else ""
    rows.append(("signature", f"{facts['signature']}{keys}"))
    return rows


def _value(shown: Any) -> str:
    """What the token says in quotes, and what we say of it without."""
    match shown:
        case str():
            return quoted(shown)
        case list():
            return listed(shown)
    return str(shown["kind"])


def _call(call: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    if call is None:
        return []
    needs = f", which needs {call['needs']}" if call["needs"] else ""
    public = ", which is public: no credential is looked at" if call["public"] else ""
    return [
        ("surface", call["surface"]),
        ("route", call["route"]),
        ("credential in", call["place"] or "no place"),
        ("decided by", f"{call['rule'] or 'no rule'}{needs}{public}"),
        *(("not asked", f"the check {name}: no signature proves the claims") for name in call["not_asked"]),
    ]


def _show_rows(title: str, rows: Sequence[tuple[str, str]]) -> None:
    if not rows:
        return
    show(title, style="bold")
    width = max(len(name) for name, _ in rows) + 2
    for name, value in rows:
        show(f"  {name:<{width}}{value}")


def _seen(statuses: Mapping[str, int | None]) -> str:
    """`rest 401, http 403`."""
    return ", ".join(f"{api} {status}" for api, status in statuses.items())


def _show_routes(document: Mapping[str, Any]) -> None:
    supposing = ", once the problems above are mended" if document["problems"] else ""
    show(f"routes that it opens{supposing}", style="bold")
    rows = ((row["route"], _opens(row), row["reason"], row["needs"]) for row in document["routes"])
    show_table(_ROUTE, rows)


def _opens(route: Mapping[str, Any]) -> str:
    if route["public"]:
        return "public"
    if route["depends_on"]:
        return "depends on the request"
    return "yes" if route["would_open"] else "no"
