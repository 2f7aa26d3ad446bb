"""What the Lambda refuses for. The stages raise at their first fault; here they are asked on, and each fault is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from authorizer.errors import EventError, Fault, Refused, Unavailable
from authorizer.reasons import Class
from authorizer.telemetry import MAX_TEXT as MAX_LOGGED
from authorizer.tools.explain.note import brief

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from authorizer.reasons import Reason

T = TypeVar("T")

NOT_ASKED: Final = "not asked: --offline"  # what was found of keys that were not fetched on purpose
_ASK: Final = "Explain it again without --offline, or ship a snapshot (`authorizer keys snapshot`)."
_REFUSALS = (Refused, Unavailable, EventError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One reason. `unproven`: about claims that no signature has proven."""

    reason: Reason
    fault: Fault
    unproven: bool = False

    @property
    def denies(self) -> bool:
        """Whether the Lambda says no; otherwise it ends with an error, and nobody can tell."""
        return self.reason.klass in (Class.AUTHN, Class.AUTHZ)

    @property
    def by_choice(self) -> bool:
        """Whether nobody can tell only because `--offline` said not to ask."""
        return self.fault.found == NOT_ASKED

    @property
    def fix(self) -> str:
        """What to do at once."""
        return _ASK if self.by_choice else self.reason.remedy.fix

    def document(self) -> dict[str, Any]:
        """For `--json`: the fields as the log line has them."""
        claim, expected, found = (part and brief(part, MAX_LOGGED) for part in self.fault)
        return {
            "reason": self.reason.value,
            "class": self.reason.klass.value,
            "claim": claim,
            "expected": expected,
            "found": found,
            "fix": self.fix,
            "docs": self.reason.docs,
            "unproven": self.unproven,
        }


class Findings:
    """All that was found, in the order of the Lambda's stages: the first is what it says. Nothing is said twice."""

    def __init__(self) -> None:
        self._found: list[Finding] = []

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    @property
    def reasons(self) -> frozenset[Reason]:
        """The reasons, without order."""
        return frozenset(finding.reason for finding in self._found)

    def add(self, reason: Reason, fault: Fault, *, unproven: bool = False) -> None:
        """One more, unless it was said of the same claim before."""
        if all((one.reason, one.fault.claim) != (reason, fault.claim) for one in self._found):
            self._found.append(Finding(reason=reason, fault=fault, unproven=unproven))

    def add_all(self, problems: Iterable[tuple[Reason, Fault]], *, unproven: bool = False) -> None:
        """Several more."""
        for reason, fault in problems:
            self.add(reason, fault, unproven=unproven)

    def passed(self, stage: Callable[[], T], *, unproven: bool = False) -> T | None:
        """What a stage gives; None when it refuses, which is one finding more."""
        try:
            return stage()
        except _REFUSALS as error:
            self.add(error.reason, error.fault, unproven=unproven)
            return None


def quietly(stage: Callable[[], T]) -> T | None:
    """What a stage gives; None when it refuses, which was said before or is beside the point."""
    return Findings().passed(stage)
