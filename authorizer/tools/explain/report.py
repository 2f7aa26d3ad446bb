"""An explanation as one JSON document, which is all that is known; the screen shows the same."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from authorizer.tools.config_summary import needs
from authorizer.tools.explain.note import brief
from authorizer.tools.terminal import without_tokens

if TYPE_CHECKING:
    from authorizer.tools.explain.explanation import Call, Explanation

EXIT_STATUS = {"allow": 0, "deny": 1, "error": 2}


def report(file: str, explained: Explanation, now: float) -> dict[str, Any]:
    """The document of one explanation."""
    first, opinion, routes = explained.first, explained.opinion, explained.routes
    allowed = explained.decision == "allow"
    document = {
        "file": file,
        "now": f"{datetime.fromtimestamp(now, UTC):%Y-%m-%dT%H:%M:%SZ}",
        "decision": explained.decision,
        "reason": first.reason.value if first is not None else None,
        "client_sees": dict(explained.statuses),
        "problems": [finding.document() for finding in explained.findings],
        "notes": [note.document() for note in explained.notes],
        "token": explained.facts,
        "call": _call(explained.call) if explained.call is not None else None,
        "routes": [route.document(allowed=allowed) for route in routes] if routes is not None else None,
        "second_opinion": opinion.document() if opinion is not None else None,
    }
    return {name: _redacted(value) for name, value in document.items()}


def _redacted(value: Any) -> Any:
    """Whatever was put together above: no JWT is in it."""
    if isinstance(value, dict):
        return {name: _redacted(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_redacted(one) for one in value]
    return without_tokens(value) if isinstance(value, str) else value


def _call(call: Call) -> dict[str, Any]:
    judgement, requirement = call.judgement, call.judgement.requirement
    return {
        "surface": call.request.surface.value,
        "route": brief(call.request.route),
        "place": call.place,
        "rule": judgement.rule,
        "public": judgement.public,
        "needs": needs(requirement) if requirement is not None else None,
        "not_asked": list(judgement.not_asked),
    }
