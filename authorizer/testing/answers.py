"""HTTP answers, and the faults that are a matter of what the answer says."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from authorizer.testing.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

COPY = "/copy"  # where REDIRECT leads: a copy of each document that never fails

BOMB_MIB = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One HTTP answer. `length` is the Content-Length it claims, None for the true one."""

    body: bytes
    status: int = 200
    content_type: str = "application/json"
    headers: Mapping[str, str] | None = None
    length: int | None = None
    keep_alive: bool = True

    def head(self, *, framing: str | None = None) -> bytes:
        """Status line and headers; `framing` replaces the Content-Length line."""
        length = len(self.body) if self.length is None else self.length
        lines = [
            f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}",
            f"Content-Type: {self.content_type}",
            *(f"{name}: {value}" for name, value in (self.headers or {}).items()),
            framing or f"Content-Length: {length}",
            f"Connection: {'keep-alive' if self.keep_alive else 'close'}",
        ]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")


def document(members: Mapping[str, object]) -> Answer:
    """200 with a JSON document."""
    return Answer(body=json.dumps(members).encode())


def altered(answer: Answer, fault: Fault, path: str) -> Answer:
    """The answer with the fault in it; as it was when the fault is not one of what an answer says."""
    if fault is Fault.REDIRECT:
        return Answer(body=b"", status=302, headers={"Location": COPY + path})
    alter = ALTERATIONS.get(fault)
    return answer if alter is None else alter(answer)


def _status(status: int) -> Callable[[Answer], Answer]:
    return lambda answer: replace(answer, status=status, body=b"" if status == 204 else answer.body)


def _says(body: bytes, content_type: str = "application/json") -> Callable[[Answer], Answer]:
    return lambda answer: replace(answer, body=body, content_type=content_type)


def _zipped(answer: Answer) -> Answer:
    return replace(answer, body=gzip.compress(answer.body), headers={"Content-Encoding": "gzip"})


def _bomb(answer: Answer) -> Answer:
    members = gzip.compress(answer.body) + gzip.compress(b" " * 2**20) * BOMB_MIB  # RFC 1952 section 2.2: any number
    return replace(answer, body=members, headers={"Content-Encoding": "gzip"})


def _too_long(answer: Answer) -> Answer:
    return replace(answer, length=len(answer.body) + 100, keep_alive=False)


def _too_short(answer: Answer) -> Answer:
    return replace(answer, length=len(answer.body) // 2, keep_alive=False)


def _member_twice(answer: Answer) -> Answer:
    first = json.dumps(next(iter(json.loads(answer.body))))
    return replace(answer, body=b"{%s: []," % first.encode() + answer.body.lstrip()[1:])


def _member(name: str, value: object) -> Callable[[Answer], Answer]:
    """The document with one member replaced, or dropped when `value` is None."""

    def alter(answer: Answer) -> Answer:
        members = json.loads(answer.body) | {name: value}
        return document({key: item for key, item in members.items() if item is not None})

    return alter


def _plain_http(answer: Answer) -> Answer:
    keys = str(json.loads(answer.body)["jwks_uri"])
    return _member("jwks_uri", keys.replace("https://", "http://", 1))(answer)


def _among_bad(answer: Answer) -> Answer:
    good = json.loads(answer.body)["keys"]
    return document({"keys": [*BAD_MEMBERS, *good, *good[:1]]})


_POINT = "AQAB"  # valid base64url, and neither a modulus nor a coordinate of a useful length
_WEAK = "0" + "u" * 170 + "w"  # an odd number of 1,024 bits

BAD_MEMBERS: tuple[object, ...] = (
    None,
    "not an object",
    ["nor", "this"],
    {},
    {"kid": "no-kty"},
    {"kty": "XYZ", "kid": "unknown-kty"},
    {"kty": ["RSA"], "kid": "kty-list"},
    {"kty": "oct", "kid": "symmetric", "alg": "HS256", "k": "c2VjcmV0"},
    {"kty": "RSA", "kid": "no-modulus", "e": "AQAB"},
    {"kty": "RSA", "kid": "weak", "alg": "RS256", "use": "sig", "n": _WEAK, "e": "AQAB"},
    {"kty": "RSA", "kid": "exponent-1", "alg": "RS256", "use": "sig", "n": _WEAK * 2, "e": "AQ"},
    {"kty": "RSA", "kid": "encryption", "use": "enc", "alg": "RSA-OAEP-256", "n": _WEAK * 2, "e": "AQAB"},
    {"kty": "RSA", "kid": "not-base64url", "alg": "RS256", "n": "***", "e": "AQAB"},
    {"kty": "EC", "kid": "off-curve", "crv": "P-256", "alg": "ES256", "x": _POINT, "y": _POINT},
    {"kty": "EC", "kid": "unknown-curve", "crv": "P-257", "x": _POINT, "y": _POINT},
    {"kty": "OKP", "kid": "short-point", "crv": "Ed25519", "alg": "EdDSA", "x": _POINT},
    {"kty": "RSA", "kid": 7, "n": _WEAK * 2, "e": "AQAB"},
)

ALTERATIONS: Mapping[Fault, Callable[[Answer], Answer]] = {
    Fault.STATUS_500: _status(500),
    Fault.STATUS_404: _status(404),
    Fault.STATUS_204: _status(204),
    Fault.HTML: _says(b"<!doctype html><title>Sign in</title>", "text/html"),
    Fault.NOT_JSON: _says(b"keys: none"),
    Fault.NOT_A_KEY_SET: _says(b'{"hello":1}'),
    Fault.EMPTY_KEY_SET: _says(b'{"keys":[]}'),
    Fault.BAD_MEMBERS: _among_bad,
    Fault.DUPLICATE_MEMBERS: _member_twice,
    Fault.LENGTH_TOO_LONG: _too_long,
    Fault.LENGTH_TOO_SHORT: _too_short,
    Fault.GZIP: _zipped,
    Fault.GZIP_BOMB: _bomb,
    Fault.ISSUER_MISMATCH: _member("issuer", "https://another-issuer.example.com/"),
    Fault.NO_JWKS_URI: _member("jwks_uri", None),
    Fault.HTTP_JWKS_URI: _plain_http,
}
