"""The compact serialization of RFC 7515 section 7.1, written without any check: broken tokens are the point here."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping

Signer = Callable[[bytes], bytes]  # signing input → signature


def encode(data: bytes) -> str:
    """Base64url without padding (RFC 7515 section 2)."""
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def compact_json(members: Mapping[str, object]) -> bytes:
    """JSON in UTF-8 without blanks, in the order given. NaN and infinity are written as Python writes them."""
    return json.dumps(members, separators=(",", ":"), ensure_ascii=False).encode()


def raw_token(header: bytes, payload: bytes, signer: Signer) -> str:
    """A token of exactly these bytes, signed whatever they are."""
    return sealed(encode(header), encode(payload), signer)


def sealed(header_segment: str, payload_segment: str, signer: Signer) -> str:
    """A token of two segments as they are, however badly encoded, with a signature over them."""
    signing_input = f"{header_segment}.{payload_segment}"
    return f"{signing_input}.{encode(signer(signing_input.encode()))}"


def unsigned(_: bytes) -> bytes:
    """A signer that leaves the signature empty."""
    return b""
