"""Claims that are missing, of another type, just before or after a boundary, or nearly right. All signed by the issuer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authorizer.testing.compact import compact_json
from authorizer.testing.mint import changed
from tests.integration.second_opinion.draft import AUDIENCE, ISSUER, LEEWAY, NOW, OTHER_AUDIENCE

if TYPE_CHECKING:
    from tests.integration.second_opinion.draft import Draft, Mutate

_SOON = NOW + LEEWAY // 3  # as a time, it is right for exp, nbf and iat

KINDS: dict[str, object] = {
    "null": None,
    "true": True,
    "false": False,
    "zero": 0,
    "one": 1,
    "negative": -1,
    "fraction": 0.5,
    "huge-integer": 10**30,
    "huge-number": 1e300,
    "empty-text": "",
    "blank-text": " ",
    "text": "x",
    "long-text": "x" * 256,
    "number-text": str(_SOON),
    "number-text-spaced": f" {_SOON}\n",
    "number-text-grouped": f"{_SOON:_}",
    "number-text-arabic": str(_SOON).translate({ord(str(digit)): 0x660 + digit for digit in range(10)}),
    "fraction-text": f"{_SOON}.5",
    "control-text": "x\u0000\u001b[2J",
    "list-empty": [],
    "list-of-text": ["x", "y"],
    "list-of-number": [_SOON],
    "list-of-null": [None],
    "object-empty": {},
    "object": {"x": _SOON},
}
TYPED = (
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "scope",
    "groups",
    "cnf",
    "client_id",
    "auth_time",
)

_STEPS = {"far-under": -1, "just-under": -0.001, "exactly": 0, "just-over": 0.001, "half-over": 0.5, "over": 1}
_BOUNDARIES = {
    ("exp", "leeway"): NOW - LEEWAY,
    ("exp", "now"): NOW,
    ("nbf", "leeway"): NOW + LEEWAY,
    ("nbf", "now"): NOW,
    ("iat", "leeway"): NOW + LEEWAY,
    ("iat", "now"): NOW,
}

AUDIENCES: dict[str, object] = {
    "other-accepted": OTHER_AUDIENCE,
    "in-list": [AUDIENCE],
    "last-in-list": ["x", AUDIENCE],
    "twice-in-list": [AUDIENCE, AUDIENCE],
    "both-in-list": [AUDIENCE, OTHER_AUDIENCE],
    "among-hundred": [*(f"api-{number}" for number in range(100)), AUDIENCE],
    "another": "reports-api",
    "others-in-list": ["reports-api", "x"],
    "upper-case": AUDIENCE.upper(),
    "prefix": AUDIENCE[:-1],
    "suffix": AUDIENCE + "s",
    "with-slash": AUDIENCE + "/",
    "spaced": f" {AUDIENCE} ",
    "with-nul": AUDIENCE + "\0",
    "full-width": "\uff4frders-api",
    "cyrillic": "\u043erders-api",
    "comma-joined": f"{AUDIENCE},x",
    "space-joined": f"x {AUDIENCE}",
    "nested-list": [[AUDIENCE]],
    "object-in-list": [{"aud": AUDIENCE}],
    "number-beside": [AUDIENCE, 1],
    "null-beside": [AUDIENCE, None],
    "list-beside": [AUDIENCE, []],
    "key-of-object": {AUDIENCE: True},
    "numbered-object": {"0": AUDIENCE},
    "empty-in-list": [""],
    "wildcard": "*",
    "wildcard-in-list": ["*"],
}

ISSUERS: dict[str, object] = {
    "without-slash": ISSUER[:-1],
    "two-slashes": ISSUER + "/",
    "upper-case-host": "https://ISSUER.example.com/",
    "upper-case-scheme": "HTTPS://issuer.example.com/",
    "http": "http://issuer.example.com/",
    "no-scheme": "issuer.example.com/",
    "with-port": "https://issuer.example.com:443/",
    "root-dot": "https://issuer.example.com./",
    "with-path": ISSUER + "x",
    "with-query": ISSUER + "?",
    "with-fragment": ISSUER + "#",
    "with-user": "https://issuer.example.com@attacker.example.com/",
    "longer-host": "https://issuer.example.com.attacker.example.com/",
    "shorter-host": "https://example.com/",
    "space-before": " " + ISSUER,
    "space-behind": ISSUER + " ",
    "newline-behind": ISSUER + "\n",
    "nul-behind": ISSUER + "\0",
    "percent-encoded": "https://issuer.example%2Ecom/",
    "cyrillic": "https://\u0456ssuer.example.com/",
    "punycode": "https://xn--ssuer-6od.example.com/",
    "in-list": [ISSUER],
    "twice-in-list": [ISSUER, ISSUER],
    "in-object": {"iss": ISSUER},
    "another": "https://attacker.example.com/",
}

OTHERS: dict[str, dict[str, object]] = {
    "exp-whole-number-as-float": {"exp": float(NOW + 300)},
    "exp-milliseconds": {"exp": (NOW + 300) * 1000},
    "exp-year-9999": {"exp": 253_402_300_799},
    "exp-year-10000": {"exp": 253_402_300_800},
    "exp-32-bits": {"exp": 2**31},
    "exp-64-bits": {"exp": 2**63},
    "exp-2-to-the-53-and-one": {"exp": 2**53 + 1},
    "nbf-milliseconds": {"nbf": NOW * 1000},
    "nbf-after-exp": {"nbf": NOW + 20, "exp": NOW + 10},
    "iat-after-exp": {"iat": NOW + 20, "exp": NOW - 10},
    "everything-missing": dict.fromkeys(("iss", "sub", "aud", "exp", "nbf", "iat", "jti", "scope"), ...),
    "sub-255-characters": {"sub": "x" * 255},
    "sub-256-characters": {"sub": "x" * 256},
    "sub-snowman": {"sub": "\u2603"},
    "sub-emoji": {"sub": "\U0001f600"},
    "sub-right-to-left": {"sub": "user\u202e1"},
    "sub-newline": {"sub": "user\n1"},
    "cnf-thumbprint": {"cnf": {"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}},
    "scp-text": {"scope": ..., "scp": "orders:read"},
    "scp-list": {"scope": ..., "scp": ["orders:read"]},
    "scp-number": {"scope": ..., "scp": 7},
    "scp-list-of-number": {"scope": ..., "scp": [7]},
    "scp-object": {"scope": ..., "scp": {"orders": "read"}},
    "scope-list": {"scope": ["orders:read"]},
    "scope-blank": {"scope": "  "},
    "scope-and-scp": {"scp": ["admin"]},
    "claim-names-in-upper-case": {"EXP": 0, "ISS": "x", "AUD": "x"},
    "claim-name-empty": {"": 1},
    "claim-name-dunder": {"__class__": "x", "__proto__": {"exp": 0}},
    "claims-many": {f"claim-{number}": number for number in range(100)},
    "claim-zero-byte": {"x": "\0"},
}


def _with(**changes: object) -> Mutate:
    return lambda draft: draft.with_claims(**changes)


def _written(name: str, number: bytes) -> Mutate:
    """A claim whose number is written as JSON allows and Python would not write it."""

    def mutate(draft: Draft) -> str:
        payload = compact_json(changed(draft.claims, {name: "@"}))
        return draft.of_bytes(payload=payload.replace(b'"@"', number))

    return mutate


WRITTEN = {
    "exponent": b"1795428010e0",
    "exponent-upper-case": b"17954280.10E+2",
    "fraction-of-zero": b"1795428010.000",
    "many-digits": b"1795428010." + b"3" * 300,
    "minus-zero": b"-0",
    "minus-zero-float": b"-0.0",
    "tiny": b"1e-400",
    "infinite": b"1e999",
    "minus-infinite": b"-1e999",
    "nan": b"NaN",
    "infinity": b"Infinity",
    "minus-infinity": b"-Infinity",
    "leading-zero": b"01795428010",
    "leading-plus": b"+1795428010",
    "hexadecimal": b"0x6b040eaa",
    "four-thousand-digits": b"9" * 4000,
    "five-thousand-digits": b"9" * 5000,
}

MUTATIONS: dict[str, Mutate] = {
    **{f"{name}-missing": _with(**{name: ...}) for name in TYPED},
    **{f"{name}-{kind}": _with(**{name: value}) for name in TYPED for kind, value in KINDS.items()},
    **{
        f"{name}-{side}-{step}": _with(**{"nbf": ..., "iat": ..., name: at + distance})
        for (name, side), at in _BOUNDARIES.items()
        for step, distance in _STEPS.items()
    },
    **{f"aud-shape-{name}": _with(aud=value) for name, value in AUDIENCES.items()},
    **{f"iss-near-{name}": _with(iss=value) for name, value in ISSUERS.items()},
    **{name: _with(**changes) for name, changes in OTHERS.items()},
    **{
        f"{name}-written-{form}": _written(name, number)
        for name in ("exp", "nbf", "iat", "x")
        for form, number in WRITTEN.items()
    },
}
