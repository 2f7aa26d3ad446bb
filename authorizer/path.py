"""A called path is the client's text. What may be read in more than one way, by whom it reaches next, is looked for here.

RFC 3986 sections 3.3, 5.2.4 (dot segments), 6.2.2 (case, percent-encoding).
"""

from __future__ import annotations

import re
from typing import Final

# Signs by which a path may mean another one: empty and dot segments, `\\`, `;`, escapes of what separates or ends
# (`/ \\ ; ? # %` and controls), of dots, overlong UTF-8, and a `%` that becomes an escape once what follows is decoded.
# Written as patterns of an IAM Resource, where `*` is any text and `?` one character: a policy denies by them what the rules
# deny by `_DOUBTFUL`.
DOUBTFUL_SIGNS: Final = (
    *("*//*", "*/./*", "*/../*", "*/.", "*/..", "*\\*", "*;*", "*%%*", "*%?%*", "*%0*", "*%1*", "*%23*", "*%25*"),
    *("*%2e*", "*%2E*", "*%2f*", "*%2F*", "*%3b*", "*%3B*", "*%3f*", "*%3F*", "*%5c*", "*%5C*", "*%7f*", "*%7F*"),
    *("*%c0*", "*%C0*", "*%c1*", "*%C1*"),
)
_DOUBTFUL: Final = re.compile(
    r"//|/\.\.?(?:/|\Z)|[\\;\x00-\x1f]|%.?%|%[01]|%2[35eEfF]|%3[bBfF]|%5[cC]|%7[fF]|%[cC][01]", re.DOTALL
)

# Where a path must be spelled exactly, nothing in it is an escape.
DOUBTFUL_SIGNS_EXACT: Final = ("*//*", "*/./*", "*/../*", "*/.", "*/..", "*\\*", "*;*", "*%*")
_DOUBTFUL_EXACT: Final = re.compile(r"//|/\.\.?(?:/|\Z)|[\\;%\x00-\x1f]")


def is_doubtful(path: str, *, exact: bool) -> bool:
    """Whether a path holds a sign by which servers may read it as another one."""
    return (_DOUBTFUL_EXACT if exact else _DOUBTFUL).search(path) is not None


def split(path: str) -> list[str]:
    """The segments of a path with a leading slash; the last one is empty after a slash at the end. `/` has none."""
    return path[1:].split("/") if path != "/" else []


def folded(text: str) -> str:
    """A path or segment as a server may read it that decodes escapes and does not tell `Admin` from `admin`."""
    if "%" in text:
        from urllib.parse import unquote  # some milliseconds that most functions never pay

        text = unquote(text)
    return text.casefold()


def normalised(path: str) -> str:
    """The path as servers may read it that decode, drop parameters, and resolve empty and dot segments.

    For telling why a path is refused, not for deciding whether it is.
    """
    parts: list[str] = []
    for part in folded(folded(path)).replace("\\", "/").split("/"):
        name = part.partition(";")[0]
        if name == "..":
            del parts[-1:]
        elif name not in ("", "."):
            parts.append(name)
    return "/" + "/".join(parts)
