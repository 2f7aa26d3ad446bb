"""What no log can show of a request, and why a log that was looked at may be silent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authorizer.tools.why.appearances import Fit, recognised
from authorizer.tools.why.entry import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from authorizer.tools.why.evidence import Evidence
    from authorizer.tools.why.ranking import Ranked

CACHED: Final = (
    "an answer from the authorizer's cache is in no function's log: look for the first call of the same token"
)
NOT_ASKED: Final = "a call that API Gateway refuses before it asks the authorizer is in no function's log"
TOKEN_EVENT: Final = "the event of a TOKEN authorizer has no request id: its decision line can be joined by time alone"
NO_EXECUTION_LOG: Final = (
    "HTTP APIs have no execution log: only their access log can tell, with $context.authorizer.error"
)
LOGS_OFF: Final = "no execution log: the account needs a CloudWatch role, and the stage a log level of INFO"
CUT: Final = "execution log lines are cut at 1024 bytes: what follows there cannot be seen"
CHANGED: Final = "status or body differ from API Gateway's own: a gateway response of the API changed them"
BY_TIME: Final = "some lines were joined because they are near in time, not by an id"


def unseen(evidence: Evidence, ranked: Sequence[Ranked]) -> Iterator[str]:
    """The notes that matter for this evidence."""
    if any({Fit.RESTATED, Fit.REWORDED} & set(recognised(one).values()) for one in evidence.seen()):
        yield CHANGED
    decided = bool(evidence.of(Kind.DECISION))
    first = [one.cause for one in ranked if one.score == ranked[0].score]
    if not decided and any(one.asks is False for one in first):
        yield NOT_ASKED
        yield CACHED
    if not decided and "rest" in (evidence.apis or {"rest"}) and any(one.decides == "deny" for one in first):
        yield TOKEN_EVENT
    if evidence.by_time:
        yield BY_TIME
    yield from _of_execution_log(evidence, sure=len(first) == 1)


def _of_execution_log(evidence: Evidence, *, sure: bool) -> Iterator[str]:
    if not evidence.of(Kind.EXECUTION):
        if not sure:
            yield NO_EXECUTION_LOG if evidence.apis == {"http"} else LOGS_OFF
    elif any("[TRUNCATED]" in one.text for one in evidence.of(Kind.EXECUTION)):
        yield CUT
