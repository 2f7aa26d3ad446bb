"""From what was sent to the token that it probably was, before something on its way changed it."""

from __future__ import annotations

import re
from typing import Final, NamedTuple
from urllib.parse import unquote

from authorizer.jose.token import is_jwt
from authorizer.tools.explain.near_miss import NearMiss
from authorizer.tools.explain.note import Note

JSON_START: Final = "eyJ"  # `{"` in base64, with which every header of a JWT begins
MAX_CHARACTERS: Final = 16_384  # API Gateway takes 10,240 bytes of headers in all
_ESCAPE: Final = re.compile(r"%[0-9A-Fa-f]{2}")
QUOTES: Final = "\"'`\u2018\u2019\u201c\u201d"
HEADER_NAME: Final = re.compile(r"\A\s*authorization\s*:\s*", re.IGNORECASE)
_BEARER: Final = re.compile(r"\s*bearer(?:[\s:]+|\Z)", re.IGNORECASE)
_OTHER_SCHEME: Final = re.compile(r"\s*(?:dpop|basic)\s+", re.IGNORECASE)
_TOKEN: Final = re.compile(r"[A-Za-z0-9_.=+/-]+", re.ASCII)
_URL_SAFE: Final = str.maketrans("+/", "-_", "=")


class _Bare(NamedTuple):
    """What was inside, and what was around it."""

    text: str
    quoted: bool
    schemes: int
    named: bool  # with the name of the header before it


class Repaired(NamedTuple):
    """What was mended, and the token; None where even that is none."""

    text: str  # without scheme and quotes
    token: str | None
    notes: tuple[Note, ...]

    def __repr__(self) -> str:
        return f"Repaired(notes={self.notes!r})"


def repaired(sent: str, *, has_scheme: bool) -> Repaired:
    """What a place holds, made a token again. `has_scheme`: the place wants `Bearer ` before it."""
    if len(sent) > MAX_CHARACTERS:
        return Repaired(sent, None, ())
    decoded = unquote(sent) if _ESCAPE.search(sent) else sent
    bare = _unwrapped(decoded)
    token, spaced = _in_one_piece(bare.text)
    safe = token.translate(_URL_SAFE) if is_jwt(token) else token
    if not is_jwt(safe) or _TOKEN.fullmatch(safe) is None:
        return Repaired(bare.text, None, ())
    mended = (
        (NearMiss.URL_ENCODED, decoded != sent),
        (NearMiss.CREDENTIAL_QUOTED, bare.quoted),
        (NearMiss.HEADER_NAME_SENT, bare.named),
        (NearMiss.BEARER_TOO_OFTEN, bare.schemes > int(has_scheme)),
        (NearMiss.WHITE_SPACE, spaced),
        (NearMiss.BASE64_STANDARD, safe != token),
    )
    return Repaired(bare.text, safe, tuple(Note(near_miss) for near_miss, was in mended if was))


def _unwrapped(text: str) -> _Bare:
    """What is inside of quotes and behind schemes, in whatever order they were put around it."""
    quoted, schemes, named = False, 0, False
    while True:
        bare = without_quotes(text)
        if bare != text:
            quoted, text = True, bare
        elif match := HEADER_NAME.match(text):
            named, text = True, text[match.end() :]
        elif match := _BEARER.match(text):
            schemes, text = schemes + 1, text[match.end() :]
        elif match := _OTHER_SCHEME.match(text):
            text = text[match.end() :]
        else:
            return _Bare(text, quoted, schemes, named)


def without_quotes(text: str) -> str:
    """What is inside of quotes, even if only one end has them; a text without any as it is."""
    bare = text.strip()
    return bare.strip(QUOTES) if bare and (bare[0] in QUOTES or bare[-1] in QUOTES) else text


def _in_one_piece(text: str) -> tuple[str, bool]:
    """The one word that is a token, else all words joined where they make one: a line was broken. Two stay two."""
    words = text.split()
    tokens = [word for word in words if is_jwt(word) and word.startswith(JSON_START)]
    if len(tokens) == 1:
        return tokens[0], words != [text]
    joined = "".join(words)
    return (joined, words != [text]) if not tokens and joined.count(".") == 2 else (text, False)
