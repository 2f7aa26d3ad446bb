"""`python -m authorizer.tools.events` makes `events/` anew, with keys that are thrown away."""

from __future__ import annotations

from authorizer.tools.events import corpus
from authorizer.tools.function_environment import PROJECT
from authorizer.tools.terminal import show

if __name__ == "__main__":
    counts = corpus.write(PROJECT / "events")
    for api, count in counts.items():
        show(f"{api}: {count}")
    show(f"{sum(counts.values())} events in {len(counts)} folders")
