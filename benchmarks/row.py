"""One line of the report: a ratio of two candidates that were measured in turns."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median, quantiles
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`ours` and `other` are seconds, one pair per round. `net_of` is what both contain, and what is taken off both."""

    name: str
    against: str
    ours: Sequence[float]
    other: Sequence[float]
    net_of: Sequence[float] = ()
    target: float | None = None
    skipped: str | None = None

    @property
    def ratio(self) -> float | None:
        """The median of the rounds' ratios; of what is net of something the ratio of the medians, which noise cannot turn
        into a division by nearly nothing."""
        if self.skipped is not None:
            return None
        if self.net_of:
            return self.ours_seconds / self.other_seconds
        return median(self._ratios())

    @property
    def spread(self) -> tuple[float, float] | None:
        """The quartiles of the rounds' ratios."""
        if self.skipped is not None or self.net_of or len(self.ours) < 4:
            return None
        low, _, high = quantiles(self._ratios(), n=4)
        return low, high

    @property
    def over(self) -> bool:
        """Whether a target was missed. What could not be measured did not miss one."""
        return self.target is not None and self.ratio is not None and self.ratio > self.target

    @property
    def verdict(self) -> str:
        """In the words of the table."""
        if self.skipped is not None:
            return "skipped"
        if self.target is None:
            return "-"
        return "over" if self.over else "ok"

    @property
    def ours_seconds(self) -> float:
        """The median of our rounds."""
        return median(self.ours) - self._net()

    @property
    def other_seconds(self) -> float:
        """The median of the other's rounds."""
        return median(self.other) - self._net()

    def _ratios(self) -> list[float]:
        return [ours / other for ours, other in zip(self.ours, self.other, strict=True)]

    def _net(self) -> float:
        return median(self.net_of) if self.net_of else 0.0
