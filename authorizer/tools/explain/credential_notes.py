"""Near misses of a credential that is no signed token: what it looks like instead. Says nothing of its text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from authorizer.jose.algorithms import ALGORITHMS, canonical
from authorizer.reasons import Reason
from authorizer.tools.explain.near_miss import NearMiss
from authorizer.tools.explain.note import Note
from authorizer.tools.explain.repair import JSON_START

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.explain.parts import Parts

_WORDS: Final = frozenset({"undefined", "null", "none", "nil", "nan", "true", "false", "token", "access_token"})
# A variable of a shell, a template or Postman, an object of JavaScript, or a word in angle brackets.
_PLACEHOLDER: Final = re.compile(
    r"\$\{?\w*\}?|\$\(.*\)|\{\{.*\}\}|\{\w*\}|%\w+%|<[^>]*>|\[object \w+\]|your[\w -]+|x{3,}", re.IGNORECASE
)
# API Gateway's own are 40 letters and digits; others are known by the prefixes of Stripe, OpenAI, Slack, GitHub, GitLab,
# Google and AWS.
_API_KEY: Final = re.compile(
    r"[A-Za-z0-9]{40}|(?:[spr]k_(?:live|test)_|sk-|xox[a-z]-|gh[a-z]_|github_pat_|glpat-|AIza|AKIA)[\w-]{10,}", re.ASCII
)
_B64TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/-]+=*", re.ASCII)


def text_notes(text: str) -> Iterator[Note]:
    """Of a credential without the shape of a JWT."""
    bare = text.strip()
    if bare.lower() in _WORDS or _PLACEHOLDER.fullmatch(bare):
        yield Note(NearMiss.PLACEHOLDER_SENT)
    elif bare.startswith(JSON_START) and _B64TOKEN.fullmatch(bare):
        yield Note(NearMiss.TOKEN_CUT, f"it has {bare.count('.')} of two dots")
    elif _API_KEY.fullmatch(bare):
        yield Note(NearMiss.TOKEN_IS_API_KEY)
    elif _B64TOKEN.fullmatch(bare):
        yield Note(NearMiss.TOKEN_IS_OPAQUE)


def parts_notes(parts: Parts) -> Iterator[Note]:
    """Of a token that has the shape."""
    encrypted = any(problem.reason is Reason.TOKEN_ENCRYPTED for problem in parts.problems)
    if encrypted and "enc" in parts.members:
        yield Note(NearMiss.TOKEN_IS_JWE)
    elif 0 < parts.size < _least_size(str(parts.members.get("alg"))):
        yield Note(NearMiss.TOKEN_CUT, "its signature is too short")


def _least_size(algorithm: str) -> int:
    """Characters of the shortest signature: RSA of 2048 bits, r and s (RFC 7518 section 3.4), Ed25519."""
    row = ALGORITHMS.get(canonical(algorithm))
    if row is None:
        return 0
    sizes = {"P-256": 64, "P-384": 96, "P-521": 132, "Ed25519": 64, None: 256}
    return -(-sizes[row.curve] * 4 // 3)
