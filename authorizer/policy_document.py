"""Patterns → a policy document, and how large it may be."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from authorizer.path import DOUBTFUL_SIGNS, DOUBTFUL_SIGNS_EXACT
from authorizer.patterns import text
from authorizer.template import GREEDY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from authorizer.expression import Expression

Document = dict[str, Any]

INVOKE: Final = "execute-api:Invoke"
VERSION: Final = "2012-10-17"
MAX_BYTES: Final = 8192  # ours: AWS documents 8 KB for the results of WebSocket authorizers, and nothing for the others
MAX_RESOURCE: Final = 512  # characters; AWS: "Output from an API Gateway Lambda authorizer"


class Patterns(NamedTuple):
    """What is allowed and denied, by method. `exact` is that of the rules; `whole`: paths make no difference."""

    by_method: Mapping[str, Expression]
    exact: bool = False
    whole: bool = False

    def allowed(self, stage: str) -> Iterator[str]:
        """The Resources that are allowed. `stage` is the ARN up to the slash before the method; in it is no wildcard."""
        for method, made in self.by_method.items():
            yield from (f"{stage}{method}/{text(pattern)}" for pattern in made.allowed)

    def denied(self, stage: str) -> Iterator[str]:
        """The Resources that are denied although an allowed one matches them."""
        for method, made in self.by_method.items():
            yield from (f"{stage}{method}/{text(pattern)}" for pattern in made.denied)
        if not self.whole and self._has_wildcard():
            yield from doubtful(stage, exact=self.exact)

    def _has_wildcard(self) -> bool:
        patterns = (pattern for made in self.by_method.values() for pattern in made.allowed)
        return any(segment.rank == GREEDY for pattern in patterns for segment in pattern)


def doubtful(stage: str, *, exact: bool) -> Iterator[str]:
    """What a path may not hold where a wildcard would match it: denials, so their account and Region may be any."""
    partition = stage.split(":", 2)[1]
    signs = DOUBTFUL_SIGNS_EXACT if exact else DOUBTFUL_SIGNS
    return (f"arn:{partition}:execute-api:*:*:{sign}" for sign in signs)


def written(patterns: Patterns, stage: str) -> Document:
    """The policy document: allowed, everything else denied, and of what is allowed that which is not meant."""
    allowed, denied = list(patterns.allowed(stage)), list(patterns.denied(stage))
    if not allowed:
        return refusing(stage)
    statements: list[dict[str, Any]] = [
        {"Effect": "Allow", "Action": INVOKE, "Resource": allowed},
        {"Effect": "Deny", "Action": INVOKE, "NotResource": allowed},
    ]
    if denied:
        statements.append({"Effect": "Deny", "Action": INVOKE, "Resource": denied})
    return {"Version": VERSION, "Statement": statements}


def refusing(stage: str) -> Document:
    """The policy that denies every method of a stage."""
    return {"Version": VERSION, "Statement": [{"Effect": "Deny", "Action": INVOKE, "Resource": f"{stage}*"}]}


def size(document: Document) -> int:
    """In bytes, as the function answers it."""
    return len(json.dumps(document, separators=(",", ":")))


def fits(document: Document) -> bool:
    """Whether a policy is within what may be answered."""
    resources = (
        one
        for statement in document["Statement"]
        for key in ("Resource", "NotResource")
        for one in statement.get(key, ())
    )
    return size(document) <= MAX_BYTES and all(len(one) <= MAX_RESOURCE for one in resources)
