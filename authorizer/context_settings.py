"""Settings → which claims the backend gets to see: `[context]`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from authorizer.context import KINDS, MAX_KEY, MAX_KEYS, MAX_VALUE, RESERVED, ContextMap, Entry
from authorizer.errors import Refused
from authorizer.text import is_writable

if TYPE_CHECKING:
    from authorizer.section import Section


def read_context(root: Section) -> ContextMap:
    """The context keys, each with the claim that fills it and, where the setting is a table, how."""
    table = root.table("context")
    if not table:
        return ContextMap()
    section = root.section("context")
    if len(table) > MAX_KEYS:
        root.problem("context", f"{len(table)} keys", f"at most {MAX_KEYS}")
    plain, entries = [], []
    for key, value in table.items():
        _check_key(section, key)
        if isinstance(value, dict):
            entries.append(_entry(section.section(key), key))
        elif type(value) is str and value:
            plain.append((key, value))
        else:
            section.problem(key, type(value).__name__, 'the name of a claim, or a table such as { claim = "name" }')
    return ContextMap(tuple(plain), tuple(entries))


def _check_key(section: Section, key: str) -> None:
    if key in RESERVED or not key.isascii() or not key.isidentifier():
        section.problem(key, "that name", "letters, digits and _; none of " + ", ".join(sorted(RESERVED)))
    elif len(key) > MAX_KEY:
        section.problem(key, f"{len(key)} characters", f"at most {MAX_KEY}")


def _entry(section: Section, key: str) -> Entry:
    shape = Entry(
        key=key,
        claim=section.text("claim") or "",
        kind=section.text("type", None, choices=KINDS),
        join=_separator(section),
        longest=_longest(section),
        required=section.flag("required", False),
    )
    default = section.raw("default")
    section.finish()
    _check_together(section, shape, default)
    if default is None:
        return shape
    return Entry(*shape[:6], _default(section, shape, default))


def _separator(section: Section) -> str | None:
    join: str | None = section.text("join", None)
    if join is not None and (len(join) != 1 or not is_writable(join)):
        section.problem("join", f"{len(join)} characters", "one character that is not for control")
        return None
    return join


def _longest(section: Section) -> int:
    longest = section.number("max", MAX_VALUE, minimum=1, maximum=MAX_VALUE)
    if type(longest) is not int:
        section.problem("max", repr(longest), "a whole number")
        return MAX_VALUE
    return longest


def _check_together(section: Section, entry: Entry, default: Any) -> None:
    if entry.join is not None and entry.kind is not None:
        section.problem("join", "join and type", "one of the two: what is joined is text")
    if "max" in section and entry.kind in ("number", "boolean"):
        section.problem("max", f"max for a {entry.kind}", "max for text only")
    if entry.required and default is not None:
        section.problem("default", "default and required = true", "one of the two")


def _default(section: Section, entry: Entry, default: Any) -> Any:
    try:
        return entry.shaped(default)
    except Refused as refused:
        section.problem("default", str(refused.fault.found), str(refused.fault.expected))
        return None
