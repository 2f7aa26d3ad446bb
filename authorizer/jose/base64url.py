"""Base64url without padding, one spelling per value (RFC 7515 section 2, RFC 4648 section 3.5)."""

from __future__ import annotations

from binascii import Error, a2b_base64
from typing import Final

# To the standard alphabet; "+", "/" and "=" become "!", which no alphabet has.
_TO_STANDARD: Final = bytes.maketrans(b"-_+/=", b"+/!!!")
_PADDING: Final = {0: b"", 2: b"==", 3: b"="}
# With n characters in the last group, these leave no stray bits, so that no second spelling decodes to the same bytes.
_LAST: Final = {
    0: frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
    2: frozenset(b"AQgw"),
    3: frozenset(b"AEIMQUYcgkosw048"),
}


class NotBase64Url(ValueError):
    """The text is not base64url without padding. Never carries the text."""


def decode(text: str) -> bytes:
    """The bytes that `text` spells; `NotBase64Url` for padding, other characters, stray bits and line breaks."""
    try:
        return decode_ascii(text.encode("ascii"))
    except UnicodeEncodeError:
        raise NotBase64Url("not ASCII") from None


def decode_ascii(raw: bytes) -> bytes:
    """As `decode`, for text that is already known to be ASCII."""
    group = len(raw) % 4
    try:
        if raw and raw[-1] not in _LAST[group]:
            raise NotBase64Url("stray bits")
        return a2b_base64(raw.translate(_TO_STANDARD) + _PADDING[group], strict_mode=True)
    except (KeyError, Error):
        raise NotBase64Url("not base64url") from None
