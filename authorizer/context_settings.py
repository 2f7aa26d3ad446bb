"""Settings → which claims the backend gets to see: `[context]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authorizer.context import MAX_KEYS, RESERVED, ContextMap

if TYPE_CHECKING:
    from authorizer.section import Section


def read_context(root: Section) -> ContextMap:
    """The context keys, each with the claim that fills it."""
    table = root.table("context")
    if len(table) > MAX_KEYS:
        root.problem("context", f"{len(table)} keys", f"at most {MAX_KEYS}")
    for key, claim in table.items():
        if key in RESERVED or not key.isascii() or not key.isidentifier():
            root.problem(f"context.{key}", "that name", "letters, digits and _; none of " + ", ".join(sorted(RESERVED)))
        if type(claim) is not str or not claim:
            root.problem(f"context.{key}", type(claim).__name__, "the name of a claim")
    return ContextMap(tuple(table.items()))
