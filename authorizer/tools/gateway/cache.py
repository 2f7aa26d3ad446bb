"""API Gateway's cache of authorizer results: what is in its key, how long an answer lives, and what is never in it.

The key is the values of the identity sources, per authorizer and stage; method and path are in it only if they are identity
sources. Denials are answers and are cached as allows are; an error, such as `Unauthorized` raised, is none.
AWS: "Configure an API Gateway Lambda authorizer", "Control access to HTTP APIs with AWS Lambda authorizers".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

MAX_TTL: Final = 3600  # seconds
MANY: Final = 10_000  # answers, of which some may be over
_PREFIXES: Final = (
    "method.request.",
    "route.request.",
    "$request.",
    "$context.",
    "context.",
    "$stageVariables.",
    "stageVariables.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What identity sources can name of a call. `context` has dotted names: `routeKey`, `identity.sourceIp`."""

    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    stage_variables: Mapping[str, str] = field(default_factory=dict)
    context: Mapping[str, str] = field(default_factory=dict)


class MissingIdentity(Exception):
    """An identity source is absent or empty: 401, and the function is not called."""

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.source = source


class UnknownSource(ValueError):
    """No identity source that API Gateway knows: the message says what was found and what would be right."""

    def __init__(self, found: str) -> None:
        super().__init__(
            f"found the identity source {found!r}; right would be method.request.header.NAME,"
            " method.request.querystring.NAME, stageVariables.NAME or context.NAME; on WebSocket APIs route.request…,"
            " on HTTP APIs $request…, $stageVariables… or $context…"
        )


@dataclass(frozen=True, slots=True)
class IdentitySources:
    """The identity sources of an authorizer."""

    texts: tuple[str, ...]

    @classmethod
    def parse(cls, given: str | Sequence[str]) -> IdentitySources:
        """From a list, or from one text with commas, as REST APIs have it; `UnknownSource` for what is none."""
        texts = given.split(",") if isinstance(given, str) else given
        stripped = tuple(text.strip() for text in texts if text.strip())
        for text in stripped:
            _place(text)
        return cls(stripped)

    def values(self, visit: Visit) -> tuple[str, ...]:
        """The values of a call; `MissingIdentity` when one is not there."""
        values = []
        for text in self.texts:
            value = _value(text, visit)
            if not value:
                raise MissingIdentity(text)
            values.append(value)
        return tuple(values)


def _place(text: str) -> tuple[str, str]:
    """`header`, `querystring`, `context` or `stageVariables`, and the name there."""
    prefix = next((one for one in _PREFIXES if text.startswith(one)), None)
    if prefix is None:
        raise UnknownSource(text)
    rest = text.removeprefix(prefix)
    if "request" in prefix:
        kind, _, name = rest.partition(".")
        known = kind in ("header", "querystring", "multivalueheader", "multivaluequerystring")
    else:
        kind, name, known = prefix.strip("$."), rest, True
    if not known or not name:
        raise UnknownSource(text)
    return kind.removeprefix("multivalue"), name


def _value(text: str, visit: Visit) -> str | None:
    kind, name = _place(text)
    if kind == "header":
        return next((value for header, value in visit.headers.items() if header.lower() == name.lower()), None)
    maps = {"querystring": visit.query, "context": visit.context, "stageVariables": visit.stage_variables}
    return maps[kind].get(name)


@dataclass(slots=True, kw_only=True)
class ResultCache:
    """The results of all authorizers of an API. The time is whoever's calls: seconds since whenever."""

    _kept: dict[tuple[str, str, tuple[str, ...]], tuple[float, Any]] = field(default_factory=dict, repr=False)
    _full: int = field(default=MANY, repr=False)

    def get(self, authorizer: str, stage: str, key: tuple[str, ...], now: float) -> Any | None:
        """The answer that is kept, until its TTL is over; None where there is none."""
        until, answer = self._kept.get((authorizer, stage, key), (now, None))
        return answer if now < until else None

    def put(self, authorizer: str, stage: str, key: tuple[str, ...], answer: Any, until: float) -> None:
        """Keeps an answer until a time. From time to time forgets those whose time is over by then."""
        if len(self._kept) >= self._full:
            self._kept = {place: kept for place, kept in list(self._kept.items()) if kept[0] > until - MAX_TTL}
            self._full = max(MANY, 2 * len(self._kept))
        self._kept[authorizer, stage, key] = until, answer

    def flush(self, stage: str) -> None:
        """Forgets the answers of a stage. AWS: `FlushStageAuthorizersCache`, `ResetAuthorizersCache`."""
        self._kept = {place: kept for place, kept in list(self._kept.items()) if place[1] != stage}


@dataclass(frozen=True, slots=True, kw_only=True)
class CachingAuthorizer:
    """One authorizer with its identity sources and TTL in seconds; 0 keeps nothing."""

    name: str
    sources: IdentitySources
    ttl: int
    cache: ResultCache

    def __post_init__(self) -> None:
        if not 0 <= self.ttl <= MAX_TTL:
            raise ValueError(f"a TTL of {self.ttl} s; right would be 0 to {MAX_TTL}")
        if self.ttl and not self.sources.texts:  # all callers would have one key; AWS: API reference, `identitySource`
            raise ValueError(
                f"a TTL of {self.ttl} s without an identity source; right would be one or more, or a TTL of 0"
            )

    def answer(self, visit: Visit, stage: str, now: float, ask: Callable[[], Any]) -> Any:
        """The kept answer, or that of the function, which is kept. What `ask` raises is not kept, nor is None."""
        key = self.sources.values(visit)
        kept = self.cache.get(self.name, stage, key, now) if self.ttl else None
        if kept is not None:
            return kept
        answer = ask()
        if self.ttl:
            self.cache.put(self.name, stage, key, answer, now + self.ttl)
        return answer
