"""JSON from strangers: one meaning or none. UTF-8, no duplicate members, no NaN, bounded nesting, no lone surrogates."""

from __future__ import annotations

import json
import json.scanner
import re
from typing import Any

MAX_DEPTH = 16  # tokens and key sets of real providers stay under 6


class NotStrictJson(ValueError):
    """The bytes are not a strict JSON object. Never carries the bytes."""


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise NotStrictJson("duplicate member")  # RFC 8725 section 2.4: parsers differ in which one wins
    return members


def _constant(name: str) -> Any:
    raise NotStrictJson(name)


def _finite(text: str) -> float:
    value = float(text)
    if value - value != 0:
        raise NotStrictJson("a number out of range")  # 1e999 would become infinity
    return value


# To the closing quote or to the end, and never back: the time must grow with the size, not with its square.
_STRING = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_BRACKET = re.compile(r"[{}\[\]]")
_DECODER = json.JSONDecoder(object_pairs_hook=_members, parse_constant=_constant, parse_float=_finite)
_SCAN = json.scanner.make_scanner(_DECODER)  # type: ignore[arg-type]  # `decode` without its two searches for white space


def parse_object(data: bytes) -> dict[str, Any]:
    """The JSON object in `data`; `NotStrictJson` for everything else."""
    try:
        text = data.decode("utf-8")  # json.loads(bytes) would guess UTF-16 and UTF-32
        if text.count("{") + text.count("[") > MAX_DEPTH and _too_deep(text):
            raise NotStrictJson("nested too deep")
        value = _decode(text)
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode("utf-8")  # a lone surrogate cannot be written again
    except NotStrictJson:
        raise
    except (ValueError, RecursionError) as error:
        raise NotStrictJson(type(error).__name__) from None
    if type(value) is not dict:
        raise NotStrictJson("not an object")
    return value


def _decode(text: str) -> Any:
    if text[:1] != "{":  # leading white space, or no object
        return _DECODER.decode(text)
    try:
        value, end = _SCAN(text, 0)
    except StopIteration:
        raise NotStrictJson("not JSON") from None
    if end != len(text) and text[end:].strip(" \t\n\r"):
        raise NotStrictJson("more than one value")
    return value


def _too_deep(text: str) -> bool:
    depth = 0
    for bracket in _BRACKET.findall(_STRING.sub("", text)):
        depth += 1 if bracket in "{[" else -1
        if depth > MAX_DEPTH:
            return True
    return False
