"""Route templates as API Gateway writes them: `/orders/{id}`, `/files/{proxy+}`, `$default`, `$connect`."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_SEGMENT: Final = re.compile(r"\{[A-Za-z0-9._:-]+(\+)?\}")
_LITERAL: Final = re.compile(r"[A-Za-z0-9._~!$&'()*,;=:@%+-]+")
# What servers behind the gateway may read as another path: `\\`, `;`, a `%` that encodes nothing, and escapes of characters
# that need none (`%2e`, `%61`) or that separate (`%2f`, `%5c`, `%3b`, `%3f`, `%23`, `%25`). RFC 3986 sections 2.2 and 2.3.
_AMBIGUOUS: Final = re.compile(
    r"[\\;\x00-\x1f]|%(?![0-9A-Fa-f]{2})|%(?:[01][0-9A-Fa-f]|2[35DdEeFf]|3[0-9BbFf]|4[1-9A-Fa-f]|5[0-9AaCcFf]|6[1-9A-Fa-f]|7[0-9AaEeFf]|[Cc][01])"
)
_METHODS: Final = ("ANY", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

LITERAL, PARAMETER, GREEDY = 0, 1, 2


class Segment(NamedTuple):
    """One part between slashes. Parameter names do not count: `/a/{id}` and `/a/{key}` are one template."""

    rank: int
    text: str


_END: Final = Segment(LITERAL, "")  # after a slash at the end: `/orders/` is not `/orders` on HTTP APIs


class Template(NamedTuple):
    """A parsed template, or a called path, whose segments are all literal."""

    text: str
    segments: tuple[Segment, ...]

    @property
    def special(self) -> bool:
        """`$default` and `$connect` are names of routes, not paths."""
        return self.text.startswith("$")

    @property
    def rank(self) -> tuple[int, ...]:
        """Sorts the most specific template first: a literal before a parameter before a greedy one, left to right."""
        return tuple(segment.rank for segment in self.segments)

    @classmethod
    def parse(cls, text: str) -> Template:
        """The template that `text` spells; `ValueError` when it is none."""
        if text.startswith("$"):
            return cls(text, (Segment(LITERAL, text),))
        if not text.startswith("/"):
            raise ValueError(text)
        *parts, last = text[1:].split("/")
        segments = (*map(_segment, parts), *([_segment(last)] if last else [_END] if parts else []))
        if any(segment.rank == GREEDY for segment in segments[:-1]):
            raise ValueError(text)
        return cls(text, segments)

    @classmethod
    def of_path(cls, path: str) -> Template:
        """A called path: client's text, every segment taken as it is."""
        if not path.startswith("/"):
            return cls(path, (Segment(LITERAL, path),))
        return cls(path, tuple(Segment(LITERAL, part) for part in path[1:].split("/")) if path != "/" else ())

    def __str__(self) -> str:
        return self.text


def parse_match(text: str) -> tuple[str, Template]:
    """Method and template of a route's `match`: `METHOD /path`, `$connect` or `$default`; `ValueError` for others."""
    if text in ("$connect", "$default"):
        return "ANY", Template.parse(text)
    method, space, path = text.partition(" ")
    if not space or method not in _METHODS or path.startswith("$"):
        raise ValueError(text)
    return method, Template.parse(path)


def covers(rule: Template, called: Template) -> bool:
    """Whether every request that `called` stands for is one that `rule` means."""
    if rule.special or called.special:  # `/{id}` is a path, `$default` is none
        return rule.text == called.text
    for index, segment in enumerate(rule.segments):
        if segment.rank == GREEDY:
            return len(called.segments) > index and all(map(_is_value, called.segments[index:]))
        if index >= len(called.segments) or not _segment_covers(segment, called.segments[index]):
            return False
    return len(rule.segments) == len(called.segments)


def contains(api: Template, rule: Template) -> bool:
    """Whether a rule means a part of what an API's own template stands for; `$default` stands for every path."""
    return not rule.special if api.text == "$default" else covers(api, rule) and not covers(rule, api)


def is_plain_path(path: str) -> bool:
    """Whether every segment of a called path means itself to everybody; one slash at the end is let pass."""
    *segments, last = Template.of_path(path).segments or (_END,)
    return all(map(_is_value, segments)) and (last == _END or _is_value(last))


def _segment_covers(rule: Segment, called: Segment) -> bool:
    if rule.rank == LITERAL:
        return rule == called
    return called.rank <= PARAMETER and _is_value(called)


def _is_value(segment: Segment) -> bool:
    """A parameter has a value, and one that cannot mean another path to whoever reads it next."""
    return segment.rank != LITERAL or (segment.text not in ("", ".", "..") and _AMBIGUOUS.search(segment.text) is None)


def _segment(part: str) -> Segment:
    match = _SEGMENT.fullmatch(part)
    if match is not None:
        return Segment(GREEDY if match[1] else PARAMETER, "")
    if _LITERAL.fullmatch(part) is None:
        raise ValueError(part)
    return Segment(LITERAL, part)
