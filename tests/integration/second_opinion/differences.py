"""Where ours and PyJWT decide differently on purpose, and why. What is not in this table must not differ."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from tests.integration.second_opinion.opinions import ALLOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One reasoned difference: PyJWT says the opposite of `ours` about some tokens of the mutations in `pattern`."""

    pattern: str  # of mutation names, as in a shell
    ours: str  # "allow", or the code of the reason we refuse for
    why: str
    source: str

    def covers(self, mutation: str, ours: str) -> bool:
        """Whether the row explains what ours says about a token of this mutation."""
        return ours == self.ours and fnmatchcase(mutation, self.pattern)


def _refused(reason: str, why: str, source: str, *patterns: str) -> tuple[Difference, ...]:
    return tuple(Difference(pattern=pattern, ours=reason, why=why, source=source) for pattern in patterns)


_ALLOWED = (
    Difference(
        pattern="claims/exp-leeway-just-over",
        ours=ALLOW,
        why="PyJWT cuts the fraction off a NumericDate: a token dies up to a second before its exp. joserfc agrees with us",
        source="RFC 7519 section 2: NumericDate, 'non-integer values can be represented'; section 4.1.4",
    ),
    Difference(
        pattern="claims/exp-leeway-half-over",
        ours=ALLOW,
        why="the same, by half a second",
        source="RFC 7519 section 2: NumericDate, 'non-integer values can be represented'; section 4.1.4",
    ),
    Difference(
        pattern="header/alg-swapped-Ed*",
        ours=ALLOW,
        why="EdDSA with an Ed25519 key, and Ed25519, are two names of one algorithm: the signature is by the published"
        " key, over these very bytes, in the only way that this key can sign. An issuer that changes the name in its"
        " key set and in its tokens at different times must not fail. PyJWT and joserfc compare the names",
        source="RFC 9864 sections 2.2 and 4.1.2; RFC 8037 section 3.1",
    ),
)

_TIMES = (
    *_refused(
        "claim_type_invalid",
        "PyJWT calls int() on the claim, so that text, of any script and with white space or _ in it, is a time",
        "RFC 7519 section 2: NumericDate is 'a JSON numeric value'",
        "claims/exp-number-text*",
        "claims/nbf-number-text*",
        "claims/iat-number-text*",
    ),
    *_refused(
        "claim_type_invalid",
        "PyJWT calls int() on the claim, so that true is one second past 1970",
        "RFC 7519 section 2: NumericDate is 'a JSON numeric value'",
        "claims/nbf-true",
        "claims/nbf-false",
        "claims/iat-true",
        "claims/iat-false",
    ),
    *_refused(
        "claim_type_invalid",
        "nothing was issued before 1970: the number is not what the issuer meant",
        "RFC 7519 section 2: seconds since 1970-01-01T00:00:00Z",
        "claims/nbf-negative",
        "claims/iat-negative",
    ),
    *_refused(
        "claim_type_invalid",
        "beyond the year 9999 it is milliseconds, or a token that never expires",
        "RFC 7519 section 2: seconds, not milliseconds; RFC 3339 section 1: years to 9999",
        "claims/exp-milliseconds",
        "claims/exp-year-10000",
        "claims/exp-64-bits",
        "claims/exp-2-to-the-53-and-one",
        "claims/exp-huge-*",
        "claims/exp-written-four-thousand-digits",
    ),
    *_refused(
        "token_not_yet_valid",
        "PyJWT cuts the fraction off a NumericDate: a token lives up to one second before its nbf",
        "RFC 7519 sections 2 and 4.1.5",
        "claims/nbf-leeway-just-over",
        "claims/nbf-leeway-half-over",
    ),
    *_refused(
        "token_issued_in_future",
        "PyJWT cuts the fraction off a NumericDate",
        "RFC 7519 sections 2 and 4.1.6",
        "claims/iat-leeway-just-over",
        "claims/iat-leeway-half-over",
    ),
)

_CLAIMS = (
    *_refused(
        "token_sender_constrained",
        "a token that is bound to a key is no bearer token; PyJWT leaves cnf to its caller",
        "RFC 7800 section 3; RFC 9449 section 7.1; RFC 8705 section 3",
        "claims/cnf-*",
    ),
    *_refused(
        "claim_type_invalid",
        "scopes and groups decide what a caller may do; PyJWT leaves them to its caller",
        "RFC 8693 section 4.2: scope is 'a JSON string containing a space-separated list of scopes'",
        "claims/scope-*",
        "claims/scp-*",
        "claims/groups-*",
    ),
    *_refused(
        "subject_missing",
        "an empty, overlong or unprintable subject names nobody in a policy's principalId or in a log",
        "RFC 9068 section 2.2: sub is required; OpenID Connect Core section 2: at most 255 ASCII characters",
        "claims/sub-*",
    ),
)

_HEADERS = (
    *_refused(
        "token_type_rejected",
        "a DPoP proof, a logout token or another kind of JWT by the same issuer is no access token; PyJWT ignores typ",
        "RFC 8725 section 3.11; RFC 7515 section 4.1.9",
        "header/typ-*",
    ),
    *_refused(
        "crit_unsupported",
        "PyJWT implements b64; we refuse it even where it changes nothing, because nobody sends it in a JWT",
        "RFC 7797 section 7: 'JWTs MUST NOT use' b64 = false; RFC 7515 section 4.1.11",
        "header/member-b64-*",
        "header/member-crit-b64-true",
    ),
    *_refused(
        "token_encrypted",
        "a member that only encrypted tokens have: we do not decrypt or inflate, and do not guess; PyJWT ignores it",
        "RFC 7516 sections 4.1.2 and 4.1.3; RFC 8725 section 3.6",
        "header/member-enc*",
        "header/member-zip*",
    ),
)

_FORM = (
    *_refused(
        "token_base64_invalid",
        "PyJWT takes = padding, as AWS load balancers write it; one value, one spelling",
        "RFC 7515 section 2: 'with all trailing \"=\" characters omitted'",
        "compact/*-padded-*",
    ),
    *_refused(
        "token_json_invalid",
        "NaN and Infinity are not JSON; Python's parser takes them",
        "RFC 8259 section 6",
        "claims/x-written-*nan",
        "claims/x-written-*infinity",
        "json/*-nan",
        "json/*-infinity",
    ),
    *_refused(
        "token_json_invalid",
        "1e999 is JSON, but no number that can be kept: Python's parser makes infinity of it",
        "RFC 8259 section 6, on the range of numbers",
        "claims/x-written-*infinite",
        "json/*-infinite-number",
    ),
    *_refused(
        "token_json_invalid",
        "parsers differ in which of two members wins: in Python the last one",
        "RFC 7515 section 4; RFC 7519 section 4; RFC 8725 section 2.4",
        "json/*-twice*",
    ),
    *_refused(
        "token_json_invalid",
        "json.loads guesses the encoding of bytes",
        "RFC 7515 section 5.2 step 3; RFC 7519 section 7.2 steps 3 and 10; RFC 8725 section 3.7: UTF-8",
        "json/*-utf-16*",
        "json/*-utf-32*",
        "json/*-byte-order-mark",
    ),
    *_refused(
        "token_json_invalid",
        "half a surrogate pair is no character: it cannot be written to a log or sent to a backend",
        "RFC 8259 sections 8.1 and 8.2; RFC 3629 section 3",
        "json/*surrogate*",
    ),
    *_refused(
        "token_json_invalid",
        "nesting is bounded at 16 levels; PyJWT stops where Python's recursion does",
        "RFC 8259 section 9: 'set limits on the maximum depth of nesting'",
        "json/*-nested-17",
        "json/*-nested-objects-17",
        "json/*-nested-900",
        "json/*-nested-objects-300",
    ),
)

DIFFERENCES = (*_ALLOWED, *_TIMES, *_CLAIMS, *_HEADERS, *_FORM)
