"""What the demo found out about one event or scenario."""

from __future__ import annotations

from dataclasses import dataclass

SCENARIOS = "scenarios"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The problems of one event or scenario; none: it is as expected."""

    group: str  # the API, or "scenarios"
    name: str
    problems: tuple[str, ...]

    @property
    def label(self) -> str:
        """How it is named in output, which is also its path in events/."""
        return f"{self.group}/{self.name}"
