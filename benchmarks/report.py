"""The report: a table for people, JSON for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.row import Row

_HEAD = ("what", "against", "ratio", "middle half", "target", "", "here: ours", "other")
_NOTE = "Ratios of medians, measured in turns in this run: below 1 is faster. The times are those of this machine, now."


def as_table(rows: Sequence[Row]) -> str:
    """Columns as wide as they need to be."""
    lines = [_HEAD, *map(_cells, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEAD))]
    table = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    skipped = [f"skipped: {row.name}: {row.skipped}" for row in rows if row.skipped is not None]
    return "\n".join([*table, "", _NOTE, *skipped])


def as_json(rows: Sequence[Row]) -> str:
    """The same, with all rounds."""
    return json.dumps({"rows": [_document(row) for row in rows]}, indent=2)


def _cells(row: Row) -> tuple[str, ...]:
    target = f"<= {row.target:g}" if row.target is not None else ""
    if row.skipped is not None:
        return row.name, row.against, "", "", target, row.verdict, "", ""
    spread = f"{row.spread[0]:.2f} to {row.spread[1]:.2f}" if row.spread is not None else ""
    ratio = f"{row.ratio:.2f}"
    return row.name, row.against, ratio, spread, target, row.verdict, _time(row.ours_seconds), _time(row.other_seconds)


def _document(row: Row) -> dict[str, Any]:
    return {
        "name": row.name,
        "against": row.against,
        "ratio": row.ratio,
        "target": row.target,
        "verdict": row.verdict,
        "skipped": row.skipped,
        "seconds": {"ours": list(row.ours), "other": list(row.other), "net_of": list(row.net_of)},
    }


def _time(seconds: float) -> str:
    return f"{seconds * 1e6:.1f} us" if seconds < 1e-3 else f"{seconds * 1e3:.1f} ms"
