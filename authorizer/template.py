"""Route templates as API Gateway writes them: `/orders/{id}`, `/files/{proxy+}`, `$default`, `$connect`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_SEGMENT: Final = re.compile(r"\{[A-Za-z0-9._:-]+(\+)?\}")
_LITERAL: Final = re.compile(r"[A-Za-z0-9._~!$&'(),;=:@%+-]+")  # no `*`: in a policy it would be a wildcard
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

    @property
    def is_greedy(self) -> bool:
        """Whether it ends with a greedy parameter."""
        return self.rank[-1:] == (GREEDY,)

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

    def matches(self, parts: Sequence[str]) -> bool:
        """Whether a called path, split at its slashes, is one that this stands for, read as it is spelled."""
        for index, (rank, text) in enumerate(self.segments):
            if index >= len(parts):
                return False
            if rank == GREEDY:
                return parts[index] != ""
            if (parts[index] != text) if rank == LITERAL else parts[index] == "":
                return False
        return len(parts) == len(self.segments)

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


def _segment_covers(rule: Segment, called: Segment) -> bool:
    if rule.rank == LITERAL:
        return rule == called
    return called.rank <= PARAMETER and _is_value(called)


def _is_value(segment: Segment) -> bool:
    """A parameter has a value, which the end after a slash is not."""
    return segment != _END


def _segment(part: str) -> Segment:
    match = _SEGMENT.fullmatch(part)
    if match is not None:
        return Segment(GREEDY if match[1] else PARAMETER, "")
    if _LITERAL.fullmatch(part) is None:
        raise ValueError(part)
    return Segment(LITERAL, part)
