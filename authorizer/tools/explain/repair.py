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
_BEARER: Final = re.compile(r"\s*bearer(?:[\s:]+|\Z)", re.IGNORECASE)
_OTHER_SCHEME: Final = re.compile(r"\s*(?:dpop|basic)\s+", re.IGNORECASE)
_TOKEN: Final = re.compile(r"[A-Za-z0-9_.=+/-]+", re.ASCII)
_URL_SAFE: Final = str.maketrans("+/", "-_", "=")


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
    text, quoted, schemes = _unwrapped(decoded)
    token, spaced = _in_one_piece(text)
    safe = token.translate(_URL_SAFE) if is_jwt(token) else token
    if not is_jwt(safe) or _TOKEN.fullmatch(safe) is None:
        return Repaired(text, None, ())
    mended = (
        (NearMiss.URL_ENCODED, decoded != sent),
        (NearMiss.CREDENTIAL_QUOTED, quoted),
        (NearMiss.BEARER_TOO_OFTEN, schemes > int(has_scheme)),
        (NearMiss.WHITE_SPACE, spaced),
        (NearMiss.BASE64_STANDARD, safe != token),
    )
    return Repaired(text, safe, tuple(Note(near_miss) for near_miss, was in mended if was))


def _unwrapped(text: str) -> tuple[str, bool, int]:
    """What is inside of quotes and behind schemes, in whatever order they were put around it."""
    quoted, schemes = False, 0
    while True:
        bare = without_quotes(text)
        if bare != text:
            quoted, text = True, bare
        elif match := _BEARER.match(text):
            schemes, text = schemes + 1, text[match.end() :]
        elif match := _OTHER_SCHEME.match(text):
            text = text[match.end() :]
        else:
            return text, quoted, schemes


def without_quotes(text: str) -> str:
    """What is inside of quotes, even if only one end has them; a text without any as it is."""
    bare = text.strip()
    return bare.strip(QUOTES) if bare and (bare[0] in QUOTES or bare[-1] in QUOTES) else text


def _in_one_piece(text: str) -> tuple[str, bool]:
    """The one word that is a token, else all words joined: a line was broken."""
    words = text.split()
    tokens = [word for word in words if is_jwt(word) and word.startswith(JSON_START)]
    return tokens[0] if len(tokens) == 1 else "".join(words), words != [text]
