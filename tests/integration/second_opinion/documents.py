"""JSON that two parsers read differently, or not at all: in the header and in the claims, signed as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.integration.second_opinion.draft import Mutate

Change = Callable[[bytes], bytes]


def _end(member: bytes) -> Change:
    """One member more, at the end."""
    return lambda document: document[:-1] + b"," + member + b"}"


def _start(member: bytes) -> Change:
    return lambda document: b"{" + member + b"," + document[1:]


def _as(encoding: str) -> Change:
    return lambda document: document.decode().encode(encoding)


def _nested(depth: int, opening: bytes = b"[", closing: bytes = b"]") -> Change:
    return _end(b'"x":' + opening * depth + closing * depth)


def _nested_objects(depth: int) -> Change:
    return _end(b'"x":' + b'{"x":' * depth + b"1" + b"}" * depth)


CHANGES: dict[str, Change] = {
    "empty": lambda _: b"",
    "empty-object": lambda _: b"{}",
    "null": lambda _: b"null",
    "true": lambda _: b"true",
    "number": lambda _: b"1",
    "text": lambda _: b'"x"',
    "text-of-itself": lambda document: b'"' + document.replace(b'"', b'\\"') + b'"',
    "array": lambda document: b"[" + document + b"]",
    "array-empty": lambda _: b"[]",
    "cut": lambda document: document[:-1],
    "not-json": lambda _: b"x",
    "brace-missing": lambda document: document[1:],
    "more-behind": lambda document: document + b"{}",
    "brace-behind": lambda document: document + b"}",
    "nul-behind": lambda document: document + b"\0",
    "nul-before": lambda document: b"\0" + document,
    "space-around": lambda document: b" \t\r\n" + document + b" \t\r\n",
    "space-inside": lambda document: document.replace(b",", b" , ").replace(b"{", b"{ "),
    "form-feed-behind": lambda document: document + b"\x0c",
    "no-break-space-behind": lambda document: document + b"\xc2\xa0",
    "comma-at-end": lambda document: document[:-1] + b",}",
    "comma-at-start": lambda document: b"{," + document[1:],
    "single-quotes": lambda document: document.replace(b'"', b"'"),
    "comment": lambda document: document + b"/* */",
    "comment-line": lambda document: b"//\n" + document,
    "tab-in-text": _end(b'"x":"\t"'),
    "newline-in-text": _end(b'"x":"\n"'),
    "nul-in-text": _end(b'"x":"\0"'),
    "delete-in-text": _end(b'"x":"\x7f"'),
    "nul-escaped": _end(b'"x":"\\u0000"'),
    "escape-unknown": _end(b'"x":"\\x41"'),
    "escape-cut": _end(b'"x":"\\u00"'),
    "nan": _end(b'"x":NaN'),
    "infinity": _end(b'"x":Infinity'),
    "minus-infinity": _end(b'"x":-Infinity'),
    "nan-lower-case": _end(b'"x":nan'),
    "infinite-number": _end(b'"x":1e999'),
    "undefined": _end(b'"x":undefined'),
    "huge-integer": _end(b'"x":' + b"9" * 4000),
    "huger-integer": _end(b'"x":' + b"9" * 5000),
    "long-text": _end(b'"x":"' + b"x" * 9000 + b'"'),
    "utf-16": _as("utf-16"),
    "utf-16-little-endian": _as("utf-16-le"),
    "utf-16-big-endian": _as("utf-16-be"),
    "utf-32": _as("utf-32"),
    "utf-32-little-endian": _as("utf-32-le"),
    "utf-32-big-endian": _as("utf-32-be"),
    "utf-7": _as("utf-7"),
    "byte-order-mark": lambda document: b"\xef\xbb\xbf" + document,
    "byte-order-mark-behind": lambda document: document + b"\xef\xbb\xbf",
    "latin-1": _end(b'"x":"\xe9"'),
    "invalid-utf-8": _end(b'"x":"\xff\xfe"'),
    "overlong-utf-8": _end(b'"x":"\xc0\xaf"'),
    "surrogate-escaped": _end(b'"x":"\\ud800"'),
    "surrogate-escaped-low": _end(b'"x":"\\udc00"'),
    "surrogate-in-name": _end(b'"\\ud800":1'),
    "surrogates-reversed": _end(b'"x":"\\udc00\\ud800"'),
    "surrogate-pair-escaped": _end(b'"x":"\\ud83d\\ude00"'),
    "surrogate-in-utf-8": _end(b'"x":"\xed\xa0\x80"'),
    "surrogate-pair-in-utf-8": _end(b'"x":"\xed\xa0\xbd\xed\xb8\x80"'),
    "noncharacter": _end(b'"x":"\xef\xbf\xbf"'),
    "member-twice": _end(b'"x":1,"x":2'),
    "member-twice-the-same": _end(b'"x":1,"x":1'),
    "member-twice-in-nested": _end(b'"x":{"y":1,"y":2}'),
    "member-twice-in-list": _end(b'"x":[{"y":1,"y":2}]'),
    "member-twice-escaped": _end(b'"x":1,"\\u0078":2'),
    "member-empty-name": _end(b'"":1'),
    "nested-10": _nested(10),
    "nested-17": _nested(17),
    "nested-900": _nested(900),
    "nested-objects-10": _nested_objects(10),
    "nested-objects-17": _nested_objects(17),
    "nested-objects-300": _nested_objects(300),
    "nested-unclosed": _end(b'"x":' + b"[" * 3000),
    "brackets-in-text": _end(b'"x":"' + b"[{" * 200 + b'"'),
    "lists-side-by-side": _end(b'"x":[' + b",".join([b"[]"] * 200) + b"]"),
}
HEADER_CHANGES: dict[str, Change] = {
    "alg-twice-none-first": _start(b'"alg":"none"'),
    "alg-twice-none-last": _end(b'"alg":"none"'),
    "alg-twice-escaped": _start(b'"\\u0061lg":"none"'),
    "alg-escaped": lambda document: document.replace(b'"alg"', b'"\\u0061\\u006cg"'),
    "alg-upper-case-beside": _end(b'"ALG":"none"'),
    "kid-twice-unknown-first": _start(b'"kid":"x"'),
    "kid-twice-unknown-last": _end(b'"kid":"x"'),
    "typ-twice": _start(b'"typ":"dpop+jwt","typ":"dpop+jwt"'),
}
PAYLOAD_CHANGES: dict[str, Change] = {
    "exp-twice-past-first": _start(b'"exp":1'),
    "exp-twice-past-last": _end(b'"exp":1'),
    "iss-twice-other-first": _start(b'"iss":"https://attacker.example.com/"'),
    "iss-twice-other-last": _end(b'"iss":"https://attacker.example.com/"'),
    "aud-twice-other-first": _start(b'"aud":"x"'),
    "sub-twice": _start(b'"sub":"admin"'),
    "sub-twice-escaped": _start(b'"\\u0073ub":"admin"'),
    "names-escaped": lambda document: document.replace(b'"exp"', b'"\\u0065\\u0078\\u0070"'),
    "issuer-escaped": lambda document: document.replace(b"https://", b"https:\\/\\/"),
    "sub-surrogate": _start(b'"sub":"\\ud800","sub":"\\ud800"'),
}


def _header(change: Change) -> Mutate:
    return lambda draft: draft.of_bytes(header=change(draft.header_bytes))


def _payload(change: Change) -> Mutate:
    return lambda draft: draft.of_bytes(payload=change(draft.payload_bytes))


MUTATIONS: dict[str, Mutate] = {
    **{f"header-{name}": _header(change) for name, change in (CHANGES | HEADER_CHANGES).items()},
    **{f"payload-{name}": _payload(change) for name, change in (CHANGES | PAYLOAD_CHANGES).items()},
}
