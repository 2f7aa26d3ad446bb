"""Measures everything and prints one table. A report: it ends with 0, but for `--check`."""

from __future__ import annotations

import argparse
import sys

from benchmarks import report
from benchmarks.built import built_rows
from benchmarks.cold import cold_rows
from benchmarks.local import local_rows
from benchmarks.warm import warm_rows


def main() -> int:
    """Measures all rows."""
    options = _options()
    rounds, starts = (7, 3) if options.quick else (31, 15)
    rows = [*warm_rows(rounds), *local_rows(rounds), *cold_rows(starts), *built_rows(starts)]
    print(report.as_json(rows) if options.json else report.as_table(rows))
    return int(options.check and any(row.over for row in rows))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds: a look, not a measurement")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--check", action="store_true", help="end with 1 when a ratio is over its target")
    return parser.parse_args()


sys.exit(main())
