"""Compact serializations that are none: dots, padding, stray bits, white space, characters of other alphabets."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from authorizer.testing.compact import encode, unsigned

if TYPE_CHECKING:
    from tests.integration.second_opinion.draft import Draft, Mutate

Change = Callable[[str], str]

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def _inserted(text: str) -> Change:
    return lambda segment: segment[: len(segment) // 2] + text + segment[len(segment) // 2 :]


def _stray(segment: str) -> str:
    """The lowest bit of the last character: stray where the group is not full, another byte where it is."""
    return segment[:-1] + _ALPHABET[_ALPHABET.index(segment[-1]) ^ 1]


SEGMENT_CHANGES: dict[str, Change] = {
    "emptied": lambda _: "",
    "padded-rightly": lambda segment: segment + "=" * (-len(segment) % 4),
    "padded-once": lambda segment: segment + "=",
    "padded-twice": lambda segment: segment + "==",
    "padded-three-times": lambda segment: segment + "===",
    "padded-four-times": lambda segment: segment + "====",
    "padded-before": lambda segment: "=" + segment,
    "padded-inside": _inserted("="),
    "padded-percent": lambda segment: segment + "%3D",
    "stray-bit": _stray,
    "one-more": lambda segment: segment + "A",
    "four-more": lambda segment: segment + "AAAA",
    "one-less": lambda segment: segment[:-1],
    "space-before": lambda segment: " " + segment,
    "space-behind": lambda segment: segment + " ",
    "space-inside": _inserted(" "),
    "newline-behind": lambda segment: segment + "\n",
    "newline-inside": _inserted("\n"),
    "return-newline-inside": _inserted("\r\n"),
    "tab-inside": _inserted("\t"),
    "nul-inside": _inserted("\0"),
    "nul-behind": lambda segment: segment + "\0",
    "zero-width-inside": _inserted("\u200b"),
    "no-break-space-behind": lambda segment: segment + "\xa0",
    "plus-inside": _inserted("+"),
    "slash-inside": _inserted("/"),
    "exclamation-inside": _inserted("!"),
    "exclamations-behind": lambda segment: segment + "!!!!",
    "percent-inside": _inserted("%"),
    "full-width-letter": lambda segment: segment[:-1] + "\uff21",
    "arabic-digit": _inserted("\u0661"),
    "long-s": _inserted("\u017f"),
    "emoji": _inserted("\U0001f600"),
    "swapped-case": str.swapcase,
    "reversed": lambda segment: segment[::-1],
    "twice": lambda segment: segment + segment,
    "encoded-twice": lambda segment: encode(segment.encode()),
}

TOKEN_CHANGES: dict[str, Change] = {
    "nothing": lambda _: "",
    "one-dot": lambda _: ".",
    "two-dots": lambda _: "..",
    "three-dots": lambda _: "...",
    "four-dots": lambda _: "....",
    "not-a-token": lambda _: "x",
    "header-alone": lambda token: token.split(".")[0],
    "two-segments": lambda token: token.rpartition(".")[0],
    "without-header": lambda token: token.partition(".")[2],
    "header-and-signature": lambda token: token.split(".")[0] + "." + token.split(".")[2],
    "signature-emptied": lambda token: token.rpartition(".")[0] + ".",
    "dot-before": lambda token: "." + token,
    "dot-behind": lambda token: token + ".",
    "dot-doubled": lambda token: token.replace(".", "..", 1),
    "fourth-segment": lambda token: token + ".AAAA",
    "five-segments": lambda token: token + ".AAAA.AAAA",
    "six-segments": lambda token: token + ".A.A.A",
    "like-a-jwe": lambda token: ".".join([token.split(".")[0], "AAAA", "AAAA", "AAAA", "AAAA"]),
    "thousand-dots": lambda token: token + "." * 1000,
    "twice": lambda token: token + token,
    "twice-with-dot": lambda token: token + "." + token,
    "twice-with-comma": lambda token: f"{token},{token}",
    "header-and-payload-swapped": lambda token: ".".join([token.split(".")[index] for index in (1, 0, 2)]),
    "segments-rotated": lambda token: ".".join([token.split(".")[index] for index in (2, 0, 1)]),
    "scheme-before": lambda token: "Bearer " + token,
    "quoted": lambda token: f'"{token}"',
    "space-before": lambda token: " " + token,
    "space-behind": lambda token: token + " ",
    "newline-before": lambda token: "\n" + token,
    "newline-behind": lambda token: token + "\n",
    "nul-behind": lambda token: token + "\0",
    "semicolon-behind": lambda token: token + ";",
    "fragment-behind": lambda token: token + "#x",
    "byte-order-mark-before": lambda token: "\ufeff" + token,
    "dots-percent-encoded": lambda token: token.replace(".", "%2E"),
    "dots-full-width": lambda token: token.replace(".", "\uff0e"),
    "dots-one-dot-leader": lambda token: token.replace(".", "\u2024"),
    "lone-surrogate-behind": lambda token: token + "\ud800",
    "reversed": lambda token: token[::-1],
    "swapped-case": str.swapcase,
    "encoded-again": lambda token: encode(token.encode()),
}


def _header(change: Change) -> Mutate:
    return lambda draft: draft.of_segments(change(encode(draft.header_bytes)), encode(draft.payload_bytes))


def _payload(change: Change) -> Mutate:
    return lambda draft: draft.of_segments(encode(draft.header_bytes), change(encode(draft.payload_bytes)))


def _signature(change: Change) -> Mutate:
    def mutate(draft: Draft) -> str:
        signing_input, _, signature = draft.good().rpartition(".")
        return f"{signing_input}.{change(signature)}"

    return mutate


def _token(change: Change) -> Mutate:
    return lambda draft: change(draft.good())


def _aligned_stray(draft: Draft) -> str:
    """Claims of a length that leaves four unused bits, one of them set, and signed so."""
    payload = draft.payload_bytes
    payload += b" " * ((1 - len(payload)) % 3)
    return draft.of_segments(encode(draft.header_bytes), _stray(encode(payload)))


def _standard_alphabet(draft: Draft) -> str:
    segment = encode(draft.payload_bytes[:-1] + b',"x":"' + b"\xc3\xbf?>~" * 6 + b'"}')
    return draft.of_segments(encode(draft.header_bytes), segment.replace("-", "+").replace("_", "/"))


def _flattened_json(draft: Draft) -> str:
    """RFC 7515 section 7.2.2."""
    protected, payload, signature = draft.good().split(".")
    return json.dumps({"protected": protected, "payload": payload, "signature": signature})


def _json_header_beside(draft: Draft) -> str:
    """CVE-2022-39227: a compact token hidden in a JSON serialization."""
    protected, payload, signature = draft.good().split(".")
    return f'{{"  {protected}.{payload}.":"", "protected":"{protected}", "payload":"x", "signature":"{signature}"}}'


def _nested_token(draft: Draft) -> str:
    return draft.of_bytes(payload=draft.good().encode())


MUTATIONS: dict[str, Mutate] = {
    **{f"header-{name}": _header(change) for name, change in SEGMENT_CHANGES.items()},
    **{f"payload-{name}": _payload(change) for name, change in SEGMENT_CHANGES.items()},
    **{f"signature-{name}": _signature(change) for name, change in SEGMENT_CHANGES.items()},
    **{f"token-{name}": _token(change) for name, change in TOKEN_CHANGES.items()},
    "payload-stray-bits-aligned": _aligned_stray,
    "payload-standard-alphabet": _standard_alphabet,
    "unsigned": lambda draft: draft.of_bytes(signer=unsigned),
    "flattened-json": _flattened_json,
    "json-header-beside": _json_header_beside,
    "nested-token": _nested_token,
}
