"""What became of many requests: denials by reason, issuer, route and time, errors by cause, and the fixes that help most."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.why.causes import causes
from authorizer.tools.why.entry import Entry, Kind
from authorizer.tools.why.evidence import Evidence, Requests
from authorizer.tools.why.pasted_text import shown
from authorizer.tools.why.ranking import rank
from authorizer.tools.why.unseen import CACHED, NOT_ASKED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

BUCKETS: Final = 10
MOST_RANKED: Final = 2000  # requests without a decision line, whose causes are searched for
_MOST_ROWS: Final = 10
_MOST_FIXES: Final = 5
UNKNOWN: Final = "unknown"
NO_ACCESS_LOG: Final = "no access log among the lines: calls that no function saw are not counted"
NO_DECISIONS: Final = "no decision lines among the lines: reasons, issuers and routes of denials are unknown"
SAMPLED: Final = "allows may be logged in part (log.allows): they are not counted here"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """One request that was not answered as it should be. `codes` has several where they cannot be told apart."""

    codes: tuple[str, ...]
    denied: bool
    at: float | None = None
    issuer: str = ""
    route: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """A tenth of the time."""

    start: float
    denials: int
    errors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """All failed requests of a log."""

    failed: tuple[Failed, ...]
    requests: int
    notes: tuple[str, ...]

    @property
    def denials(self) -> tuple[Failed, ...]:
        """Those that somebody refused."""
        return tuple(one for one in self.failed if one.denied)

    def causes(self) -> list[tuple[tuple[str, ...], int]]:
        """How often each cause is there, the most frequent first."""
        return _most(one.codes for one in self.failed)

    def by(self, name: str) -> list[tuple[str, int]]:
        """Denials by `issuer` or `route`."""
        return _most(str(getattr(one, name)) for one in self.denials if getattr(one, name))

    def buckets(self) -> list[Bucket]:
        """Ten equal parts of the time from the first to the last."""
        times = [one.at for one in self.failed if one.at is not None]
        if not times:
            return []
        start, step = min(times), max((max(times) - min(times)) / BUCKETS, 1e-3)
        counts: Counter[tuple[int, bool]] = Counter()
        for one in self.failed:
            if one.at is not None:
                counts[min(int((one.at - start) / step), BUCKETS - 1), one.denied] += 1
        return [
            Bucket(start=start + step * at, denials=counts[at, True], errors=counts[at, False]) for at in range(BUCKETS)
        ]

    def fixes(self) -> list[tuple[str, int, str]]:
        """What helps most: codes, how often, and what to do."""
        known = causes()
        single = [(codes[0], count) for codes, count in self.causes() if len(codes) == 1 and codes[0] in known]
        return [(code, count, known[code].fix) for code, count in single[:_MOST_FIXES]]

    def document(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "requests": self.requests,
            "denials": len(self.denials),
            "errors": len(self.failed) - len(self.denials),
            "causes": [{"codes": list(codes), "count": count} for codes, count in self.causes()],
            "issuers": dict(self.by("issuer")),
            "routes": dict(self.by("route")),
            "time": [
                {"from": moment(one.start), "denials": one.denials, "errors": one.errors} for one in self.buckets()
            ],
            "fixes": [{"code": code, "count": count, "fix": fix} for code, count, fix in self.fixes()],
            "cannot_be_seen": list(self.notes),
        }


def moment(at: float) -> str:
    """A time for people."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")


def summarised(entries: Iterable[Entry], notes: Sequence[str] = ()) -> Summary:
    """The summary of a log."""
    requests = Requests(entries)
    groups = [*requests.groups(), *((one,) for one in requests.nobodys() if one.kind is not Kind.OTHER)]
    ranked = [group for group in groups if _reason(group) is None and _bad(group)]
    failed = [one for group in groups for one in _decided(group)]
    failed += [one for group in ranked[:MOST_RANKED] for one in _ranked(group)]
    said = [*notes, *_notes(requests.entries)]
    if len(ranked) > MOST_RANKED:
        said.append(f"causes of {len(ranked) - MOST_RANKED} requests were not searched for: give a shorter --since")
    return Summary(failed=tuple(failed), requests=len(groups), notes=tuple(said))


def _reason(group: Sequence[Entry]) -> Entry | None:
    """The decision line that names a reason."""
    lines = (one for one in group if one.kind is Kind.DECISION)
    return next((one for one in lines if isinstance(one.fields.get("reason"), str)), None)


def _decided(group: Sequence[Entry]) -> Iterator[Failed]:
    line = _reason(group)
    if line is not None:
        yield Failed(
            codes=(_code(line.get("reason")),),
            denied=line.get("decision") == "deny",
            at=line.at,
            issuer=shown(line.get("issuer")),
            route=shown(line.get("route")),
        )


def _code(reason: str) -> str:
    """A reason that may be told: our lines have codes there, and others might have anything."""
    return reason if re.fullmatch(r"[a-z0-9_]{1,60}", reason) else UNKNOWN


def _bad(group: Sequence[Entry]) -> bool:
    """Whether a request without a reason failed, as far as its lines say."""
    if any(one.kind is Kind.ACCESS for one in group):
        return any(one.get("status")[:1] in ("4", "5") for one in group if one.kind is Kind.ACCESS)
    evidence = Evidence(entries=tuple(group))
    return any((seen.status or 0) >= 400 for seen in evidence.seen()) or "[ERROR]" in evidence.function


def _ranked(group: Sequence[Entry]) -> Iterator[Failed]:
    evidence = Evidence(entries=tuple(group))
    ranking = rank(evidence)
    statuses = [seen.status for seen in evidence.seen() if seen.status]
    route = next((one.get("routeKey") or one.get("resourcePath") for one in group if one.kind is Kind.ACCESS), "")
    at = next((one.at for one in group if one.at is not None), None)
    codes = tuple(one.cause.code for one in ranking.first) or (UNKNOWN,)
    yield Failed(codes=codes, denied=bool(statuses) and statuses[0] < 500, at=at, route=shown(route))


def _notes(entries: Sequence[Entry]) -> Iterator[str]:
    kinds = {one.kind for one in entries}
    if Kind.ACCESS not in kinds:
        yield NO_ACCESS_LOG
        yield NOT_ASKED
    yield NO_DECISIONS if Kind.DECISION not in kinds else SAMPLED
    yield CACHED


def _most(values: Iterable[Any]) -> list[tuple[Any, int]]:
    return Counter(values).most_common(_MOST_ROWS)
