"""Every reason for which a request is not allowed: the code, its class, and what an answer for it may look like.

Codes are stable: never renamed, never used again for something else. The prose of each (symptom, cause, fix) is in
`reasons.toml`, which is read only when a reason is explained.
"""

from __future__ import annotations

import os
from enum import Enum
from functools import cache
from typing import NamedTuple


class Class(Enum):
    """Whose fault it was, which decides what the caller sees."""

    AUTHN = "authn"  # 401 where the API can say it, else 403
    AUTHZ = "authz"  # 403
    DEPENDENCY = "dependency"  # an error: 500, never cached
    EVENT = "event"  # an error: 500, the function is attached to something it does not answer
    BUG = "bug"  # an error: 500


class Remedy(NamedTuple):
    """The prose of a reason, for people."""

    symptom: str
    cause: str
    fix: str
    see_also: tuple[str, ...]


_REQUEST = "invalid_request"  # RFC 6750 section 3.1
_TOKEN = "invalid_token"
_SCOPE = "insufficient_scope"
_LOGIN = "insufficient_user_authentication"  # RFC 9470 section 3


class Reason(Enum):
    """A stable code. `error` is the RFC 6750 section 3.1 value; `heals` means: may be gone within a cache TTL, so no
    gateway may cache an answer that was given for it."""

    klass: Class
    error: str | None
    heals: bool

    def __new__(cls, code: str, klass: Class, error: str | None = None, heals: bool = False) -> Reason:
        member = object.__new__(cls)
        member._value_ = code
        member.klass = klass
        member.error = error
        member.heals = heals
        return member

    CREDENTIAL_MISSING = "credential_missing", Class.AUTHN
    CREDENTIAL_MISPLACED = "credential_misplaced", Class.AUTHN, _REQUEST
    CREDENTIAL_MULTIPLE = "credential_multiple", Class.AUTHN, _REQUEST
    CREDENTIAL_SCHEME_MISSING = "credential_scheme_missing", Class.AUTHN, _REQUEST
    CREDENTIAL_SCHEME_UNSUPPORTED = "credential_scheme_unsupported", Class.AUTHN, _REQUEST
    CREDENTIAL_MALFORMED = "credential_malformed", Class.AUTHN, _REQUEST
    CREDENTIAL_TOO_LARGE = "credential_too_large", Class.AUTHN, _REQUEST
    CREDENTIAL_KIND_UNKNOWN = "credential_kind_unknown", Class.AUTHN, _TOKEN

    TOKEN_ENCRYPTED = "token_encrypted", Class.AUTHN, _TOKEN
    TOKEN_BASE64_INVALID = "token_base64_invalid", Class.AUTHN, _TOKEN
    TOKEN_JSON_INVALID = "token_json_invalid", Class.AUTHN, _TOKEN
    TOKEN_TYPE_REJECTED = "token_type_rejected", Class.AUTHN, _TOKEN
    ALG_MISSING = "alg_missing", Class.AUTHN, _TOKEN
    ALG_NONE = "alg_none", Class.AUTHN, _TOKEN
    ALG_SYMMETRIC = "alg_symmetric", Class.AUTHN, _TOKEN
    ALG_UNSUPPORTED = "alg_unsupported", Class.AUTHN, _TOKEN
    ALG_NOT_ALLOWED = "alg_not_allowed", Class.AUTHN, _TOKEN
    ALG_KEY_MISMATCH = "alg_key_mismatch", Class.AUTHN, _TOKEN
    CRIT_UNSUPPORTED = "crit_unsupported", Class.AUTHN, _TOKEN
    KID_INVALID = "kid_invalid", Class.AUTHN, _TOKEN
    KID_MISSING = "kid_missing", Class.AUTHN, _TOKEN, True
    KEY_UNKNOWN = "key_unknown", Class.AUTHN, _TOKEN, True
    KEY_COOLDOWN = "key_cooldown", Class.AUTHN, _TOKEN, True
    KEY_AMBIGUOUS = "key_ambiguous", Class.AUTHN, _TOKEN, True
    KEY_WEAK = "key_weak", Class.AUTHN, _TOKEN, True
    KEY_USE_REJECTED = "key_use_rejected", Class.AUTHN, _TOKEN, True
    KEY_MALFORMED = "key_malformed", Class.AUTHN, _TOKEN, True
    SIGNATURE_MISSING = "signature_missing", Class.AUTHN, _TOKEN
    SIGNATURE_INVALID = "signature_invalid", Class.AUTHN, _TOKEN

    ISSUER_UNKNOWN = "issuer_unknown", Class.AUTHN, _TOKEN
    CLAIM_MISSING = "claim_missing", Class.AUTHN, _TOKEN
    CLAIM_TYPE_INVALID = "claim_type_invalid", Class.AUTHN, _TOKEN
    CLAIM_VALUE_MISMATCH = "claim_value_mismatch", Class.AUTHN, _TOKEN
    SUBJECT_MISSING = "subject_missing", Class.AUTHN, _TOKEN
    AUDIENCE_MISSING = "audience_missing", Class.AUTHN, _TOKEN
    AUDIENCE_MISMATCH = "audience_mismatch", Class.AUTHN, _TOKEN
    CLIENT_NOT_ALLOWED = "client_not_allowed", Class.AUTHN, _TOKEN
    TOKEN_USE_MISMATCH = "token_use_mismatch", Class.AUTHN, _TOKEN
    TOKEN_EXPIRED = "token_expired", Class.AUTHN, _TOKEN
    TOKEN_NOT_YET_VALID = "token_not_yet_valid", Class.AUTHN, _TOKEN, True
    TOKEN_ISSUED_IN_FUTURE = "token_issued_in_future", Class.AUTHN, _TOKEN, True
    TOKEN_TOO_OLD = "token_too_old", Class.AUTHN, _TOKEN
    TOKEN_LIFETIME_EXCEEDED = "token_lifetime_exceeded", Class.AUTHN, _TOKEN
    TOKEN_SENDER_CONSTRAINED = "token_sender_constrained", Class.AUTHN, _TOKEN

    ROUTE_UNKNOWN = "route_unknown", Class.AUTHZ
    ROUTE_DENIED = "route_denied", Class.AUTHZ
    PATH_AMBIGUOUS = "path_ambiguous", Class.AUTHZ
    SCOPE_MISSING = "scope_missing", Class.AUTHZ, _SCOPE
    SCOPE_INSUFFICIENT = "scope_insufficient", Class.AUTHZ, _SCOPE
    GROUP_MISSING = "group_missing", Class.AUTHZ
    GROUP_REQUIRED = "group_required", Class.AUTHZ
    RULE_CLAIM_MISSING = "rule_claim_missing", Class.AUTHZ
    RULE_CLAIM_MISMATCH = "rule_claim_mismatch", Class.AUTHZ
    PARAMETER_MISMATCH = "parameter_mismatch", Class.AUTHZ
    ISSUER_NOT_PERMITTED = "issuer_not_permitted", Class.AUTHZ
    VERIFIER_NOT_PERMITTED = "verifier_not_permitted", Class.AUTHZ
    # RFC 9470 says 401; a policy for all routes cannot, and one route's demand is no fault of the credential.
    ACR_INSUFFICIENT = "acr_insufficient", Class.AUTHZ, _LOGIN
    AMR_INSUFFICIENT = "amr_insufficient", Class.AUTHZ, _LOGIN
    AUTH_TIME_TOO_OLD = "auth_time_too_old", Class.AUTHZ, _LOGIN
    NETWORK_NOT_PERMITTED = "network_not_permitted", Class.AUTHZ
    CHECK_REFUSED = "check_refused", Class.AUTHZ
    PATH_UNSUPPORTED = "path_unsupported", Class.AUTHZ
    PATH_TOO_LONG = "path_too_long", Class.AUTHZ
    CONTEXT_VALUE_INVALID = "context_value_invalid", Class.AUTHZ

    KEYS_UNREACHABLE = "keys_unreachable", Class.DEPENDENCY, None, True
    KEYS_TLS_FAILED = "keys_tls_failed", Class.DEPENDENCY, None, True
    KEYS_TIMEOUT = "keys_timeout", Class.DEPENDENCY, None, True
    KEYS_STATUS = "keys_status", Class.DEPENDENCY, None, True
    KEYS_REDIRECTED = "keys_redirected", Class.DEPENDENCY, None, True
    KEYS_RESPONSE_INVALID = "keys_response_invalid", Class.DEPENDENCY, None, True
    KEYS_EMPTY = "keys_empty", Class.DEPENDENCY, None, True
    DISCOVERY_INVALID = "discovery_invalid", Class.DEPENDENCY, None, True
    DISCOVERY_ISSUER_MISMATCH = "discovery_issuer_mismatch", Class.DEPENDENCY, None, True

    EVENT_UNKNOWN = "event_unknown", Class.EVENT, None, True
    EVENT_FOR_ANOTHER_FUNCTION = "event_for_another_function", Class.EVENT, None, True
    INTERNAL_ERROR = "internal_error", Class.BUG, None, True

    @property
    def docs(self) -> str:
        """Where the reason is explained at length."""
        return f"docs/reasons.md#{self.value}"

    @property
    def remedy(self) -> Remedy:
        """Symptom, cause and fix. Read from `reasons.toml` at the first call."""
        return _remedies()[self.value]


@cache
def _remedies() -> dict[str, Remedy]:
    import tomllib  # with the file, some milliseconds that only a refusal pays, once

    with open(os.path.join(os.path.dirname(__file__), "reasons.toml"), "rb") as file:
        rows = tomllib.load(file)
    return {
        code: Remedy(row["symptom"], row["cause"], row["fix"], tuple(row.get("see_also", ())))
        for code, row in rows.items()
    }
