"""Where SAM CLI judges an answer differently, and why ours is as it is. What is not in this table must not differ."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from tests.integration.real_parts.sam_cli.verdicts import OTHERS, READABLE, UNREADABLE, WHOLE

if TYPE_CHECKING:
    from tests.integration.real_parts.sam_cli.verdicts import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One reasoned difference: SAM CLI says `theirs` about some answers and calls."""

    question: str
    samples: str  # pattern of `folder/name`, as in a shell
    called: str = "*"  # pattern of the called ARN
    theirs: bool | str
    why: str
    source: str

    def covers(self, verdict: Verdict) -> bool:
        """Whether the row explains a verdict."""
        return (
            (self.question, self.theirs) == (verdict.question, verdict.theirs)
            and fnmatchcase(verdict.sample, self.samples)
            and fnmatchcase(verdict.called, self.called)
        )


NOT_RESOURCE = (
    "every statement needs a `Resource` for SAM CLI, so that our denial of all other calls, which needs `NotResource`, makes"
    " the whole answer invalid: sam local start-api answers 500. Without it a cached allow would be silent about other calls"
)
PATTERN = (
    "SAM CLI takes the Resource for a regular expression in which only * and ? were replaced: `$` is the end of the text and"
    " never in front of `default` or `connect`, `+` repeats and `()` group. In IAM only * ? and ${ mean anything"
)
_STATEMENT = "'IAM JSON policy elements: NotResource', IAM user guide: a statement has either Resource or NotResource"
_WILDCARDS = "'IAM JSON policy elements: Resource', IAM user guide, on wildcards"

DENY = (
    "SAM CLI looks at no Deny: what a pattern of our Allow matches and our Deny takes out again, such as a path that leads"
    " out of its route, is allowed by it"
)
LINE = "a line end is no sign that `.` means in SAM CLI's expression. No request line can hold one (RFC 9112 section 3)"
_LOGIC = "'Policy evaluation logic', IAM user guide: an explicit Deny wins"

DIFFERENCES = (
    *(
        Difference(question=OTHERS, samples="rest-*/allow-*", called=called, theirs=True, why=DENY, source=_LOGIC)
        for called in ("arn:*/files/../*", "arn:*/files/*%2f*")
    ),
    Difference(question=OTHERS, samples="rest-*/allow-*", called="*\nDENY", theirs=False, why=LINE, source=_WILDCARDS),
    *(
        Difference(question=WHOLE, samples=samples, theirs=UNREADABLE, why=NOT_RESOURCE, source=_STATEMENT)
        for samples in ("rest-token/*", "rest-request/*", "http-policy/*", "http-policy-1.0/*", "websocket/*")
    ),
    *(
        Difference(question=READABLE, samples=samples, called=called, theirs=False, why=PATTERN, source=_WILDCARDS)
        for samples, called in (
            ("http-policy/allow-*", "arn:*/$default/*"),
            ("http-policy-1.0/allow-*", "arn:*/$default/*"),
            ("websocket/allow-*", "arn:*/$connect"),
        )
    ),
)
