"""Maker of the sample events in `events/`: one file per family of cases. `make events` runs it."""
