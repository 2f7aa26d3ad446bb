"""A near miss in one case, and how what strangers wrote is shown in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from authorizer.tools.terminal import escaped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from authorizer.tools.explain.near_miss import NearMiss

MAX_TEXT = 120  # characters of one value
MAX_VALUES = 20  # of one list


class Note(NamedTuple):
    """What a refused token probably was meant to be. `detail` holds no credential and no personal value."""

    near_miss: NearMiss
    detail: str = ""

    def document(self) -> dict[str, str]:
        """For `--json`."""
        near = self.near_miss
        return {"code": near.value, "says": near.says, "detail": self.detail, "fix": near.fix}


def brief(text: str, most: int = MAX_TEXT) -> str:
    """A stranger's text in one line: escaped and cut."""
    line = escaped(text[: most + 1]).replace("\n", "\\n").replace("\t", "\\t")
    return line if len(line) <= most else line[:most] + "…"


def briefly(texts: Iterable[str]) -> str:
    """Several of them, sorted, with the rest counted."""
    known = sorted(set(texts))
    more = f" and {len(known) - MAX_VALUES} more" if len(known) > MAX_VALUES else ""
    return ", ".join(map(brief, known[:MAX_VALUES])) + more
