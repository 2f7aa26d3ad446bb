"""A near miss in one case, and how what strangers wrote is shown in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from authorizer.tools.terminal import escaped, without_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

    from authorizer.tools.explain.near_miss import NearMiss

MAX_TEXT = 120  # characters of one value
MAX_ESCAPED = 3 * MAX_TEXT  # of one value that is full of what cannot be seen
MAX_VALUES = 20  # of one list


class Note(NamedTuple):
    """What a refused token probably was meant to be. `detail` holds no credential and no personal value. `unproven`: about
    claims that no signature has proven."""

    near_miss: NearMiss
    detail: str = ""
    unproven: bool = False

    def document(self) -> dict[str, Any]:
        """For `--json`."""
        near = self.near_miss
        return {
            "code": near.value,
            "says": near.says,
            "detail": self.detail,
            "fix": near.fix,
            "unproven": self.unproven,
        }


def brief(text: str, most: int = MAX_TEXT) -> str:
    """A stranger's text in one line: no token in it, escaped and cut."""
    line = escaped(without_tokens(text)[: most + 1]).replace("\n", "\\n").replace("\t", "\\t")
    return line if len(line) <= most else line[:most] + "…"


def shortened(text: str) -> str:
    """A stranger's text for `--json`, which escapes it: no token in it, and cut."""
    text = without_tokens(text)
    return text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + "…"


def quoted(text: str) -> str:
    """A stranger's text as a value that cannot pose as prose: what is in it is seen, and where it ends."""
    text = without_tokens(text)
    inner = brief(text[:MAX_TEXT].replace("\\", "\\\\").replace('"', '\\"'), MAX_ESCAPED)
    return f'"{inner}"' + ("…" if len(text) > MAX_TEXT else "")


def listed(texts: Iterable[str]) -> str:
    """Several of them, sorted, with the rest counted."""
    known = sorted(set(texts))
    more = f" and {len(known) - MAX_VALUES} more" if len(known) > MAX_VALUES else ""
    return ", ".join(map(quoted, known[:MAX_VALUES])) + more
