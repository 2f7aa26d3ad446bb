"""Every way in which `FakeIssuer` can fail, with the reason that must be given for it."""

from __future__ import annotations

from enum import Enum
from typing import Literal, Self

Document = Literal["keys", "discovery"]


class Fault(Enum):
    """A failure of the key endpoint, acted out on the wire.

    `reason_code` is what an authorizer must answer that needs keys and has none, when the key document has the fault
    (for faults of discovery alone: that document); None where it must go on working. `document` is the only one of the
    two documents that the fault makes sense for; None for faults of either.
    """

    reason_code: str | None
    document: Document | None

    def __new__(cls, value: str, reason_code: str | None, document: Document | None = None) -> Self:
        member = object.__new__(cls)
        member._value_ = value
        member.reason_code = reason_code
        member.document = document
        return member

    # Before TLS
    RESET = "reset", "keys_unreachable"  # RST right after accept
    CLOSE = "close", "keys_unreachable"  # FIN right after accept
    # Instead of TLS, or with a certificate that must not be trusted
    TLS_STALL = "tls_stall", "keys_timeout"  # the handshake is never answered
    TLS_GARBAGE = "tls_garbage", "keys_tls_failed"  # plain HTTP where the handshake should be
    TLS_WRONG_HOST = "tls_wrong_host", "keys_tls_failed"
    TLS_EXPIRED = "tls_expired", "keys_tls_failed"
    TLS_UNTRUSTED = "tls_untrusted", "keys_tls_failed"  # the right name, from another authority
    # After the request was read
    HANG = "hang", "keys_timeout"  # no answer
    NO_ANSWER = "no_answer", "keys_unreachable"  # the connection ends instead of an answer
    DRIP_HEADERS = "drip_headers", "keys_timeout"  # a byte per 50 ms for ever: beats a timeout per read
    DRIP_BODY = "drip_body", "keys_timeout"
    REDIRECT = "redirect", "keys_redirected"  # 302 to a copy that works
    STATUS_500 = "status_500", "keys_status"
    STATUS_404 = "status_404", "keys_status"
    STATUS_204 = "status_204", "keys_status"
    HTML = "html", "keys_response_invalid"  # 200, a login or maintenance page
    NOT_JSON = "not_json", "keys_response_invalid"
    NOT_A_KEY_SET = "not_a_key_set", "keys_response_invalid"
    EMPTY_KEY_SET = "empty_key_set", "keys_empty", "keys"
    BAD_MEMBERS = "bad_members", None, "keys"  # the good keys among many that no verifier may use
    DUPLICATE_MEMBERS = "duplicate_members", "keys_response_invalid"  # one member twice, the first with another value
    LENGTH_TOO_LONG = "length_too_long", "keys_response_invalid"  # ends before Content-Length
    LENGTH_TOO_SHORT = "length_too_short", "keys_response_invalid"  # goes on after Content-Length
    GZIP = "gzip", "keys_response_invalid"
    GZIP_BOMB = "gzip_bomb", "keys_response_invalid"  # 100 KB that inflate to 100 MB
    TOO_LARGE = "too_large", "keys_response_invalid"  # chunks until the client goes
    # The discovery document says something wrong
    ISSUER_MISMATCH = "issuer_mismatch", "discovery_issuer_mismatch", "discovery"
    NO_JWKS_URI = "no_jwks_uri", "discovery_invalid", "discovery"
    HTTP_JWKS_URI = "http_jwks_uri", "discovery_invalid", "discovery"  # the keys over plain http

    def reason_code_for(self, document: Document) -> str | None:
        """The reason when it is `document` that has the fault: one that cannot be read has a reason of its own."""
        return _UNREADABLE_DISCOVERY.get(self.value, self.reason_code) if document == "discovery" else self.reason_code

    def hits(self, document: Document, fault_for: Document | Literal["both"]) -> bool:
        """Whether `document` is served with this fault, when faults are wanted for `fault_for`."""
        return (self.document or fault_for) in (document, "both")


# The transfer went well by itself, so that only reading the document tells that something is wrong.
_UNREADABLE_DISCOVERY = {
    "html": "discovery_invalid",
    "not_json": "discovery_invalid",
    "not_a_key_set": "discovery_issuer_mismatch",  # an object, which names no issuer
    "duplicate_members": "discovery_invalid",
    "length_too_short": "discovery_invalid",
}
