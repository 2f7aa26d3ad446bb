"""What a principal may call, as far as it can be known without a call: the verdict of every kind of demand."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from authorizer.errors import Refused
from authorizer.requirement import OF_THE_PRINCIPAL, Asked, Requirement, is_binding
from authorizer.route import of_method
from authorizer.surface import Api
from authorizer.template import GREEDY, LITERAL, Segment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.expression import Conflict
    from authorizer.model import Principal
    from authorizer.requirement import Condition
    from authorizer.route import Route
    from authorizer.rules import Rules
    from authorizer.walk import Row

# Granted or not; None where that depends on the single request; or granted where these segments have these texts.
Verdict = bool | None | tuple[tuple[int, str], ...]
Verdicts = tuple[Verdict, ...]

MAX_REMEMBERED: Final = 1024
_BY_DEFAULT: Final = ((GREEDY + 1,),)  # `$default` comes after every template


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlements:
    """The verdicts of all rules, by principal.

    Where only scopes and groups decide, they are remembered by those scopes and groups that any rule names.
    """

    rules: Rules
    _demands: dict[Requirement, int] = field(default_factory=dict, repr=False, compare=False)
    _names: tuple[frozenset[str], frozenset[str]] = field(init=False, repr=False, compare=False)
    _has_conditions: bool = field(init=False, repr=False, compare=False)
    _remembered: dict[tuple[frozenset[str], frozenset[str]], Verdicts] = field(
        default_factory=dict, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        everywhere = self.rules.everywhere
        for requirement in (everywhere,) if everywhere else (route.requirement for route in self.rules.routes):
            self._demands.setdefault(requirement, len(self._demands))
        scopes = frozenset().union(*(one.scopes | one.any_scopes for one in self._demands))
        groups = frozenset().union(*(one.groups | one.all_groups for one in self._demands))
        object.__setattr__(self, "_names", (scopes, groups))
        object.__setattr__(self, "_has_conditions", any(one.conditions for one in self._demands))

    @property
    def demands(self) -> tuple[Requirement, ...]:
        """Every kind of demand, in the order of the verdicts."""
        return tuple(self._demands)

    def of(self, principal: Principal, now: float) -> Verdicts:
        """The verdict of every demand at a time."""
        if self._has_conditions:
            return self._judged(principal, now)
        key = (principal.scopes or _NOTHING) & self._names[0], (principal.groups or _NOTHING) & self._names[1]
        known = self._remembered.get(key)
        if known is None:
            known = self._judged(principal, now)
            if len(self._remembered) < MAX_REMEMBERED:
                self._remembered[key] = known
        return known

    def _judged(self, principal: Principal, now: float) -> Verdicts:
        asked = Asked(principal, now)
        return tuple(verdict(requirement, asked) for requirement in self._demands)

    def rows(self, verdicts: Verdicts, method: str, api: Api) -> tuple[Row, ...]:
        """The routes of a method, as a policy sees them."""
        from authorizer.walk import Row  # what makes policies is loaded with the first one

        rows = [row for route in of_method(self.rules.routes, method) for row in self._rows(route, verdicts)]
        default = self.rules.table.special("$default") if api is Api.HTTP and self.rules.complete else None
        if default is not None:
            granted = self.verdict(default, verdicts) is True
            rows += [Row(segments, _BY_DEFAULT, granted, default.name) for segments in ((), (Segment(GREEDY, ""),))]
        return tuple(rows)

    def verdict(self, route: Route, verdicts: Verdicts) -> Verdict:
        """Of one route."""
        return not route.deny and (route.public or verdicts[self._demands[route.requirement]])

    def _rows(self, route: Route, verdicts: Verdicts) -> Iterator[Row]:
        from authorizer.walk import Row

        given, segments = self.verdict(route, verdicts), route.template.segments
        if isinstance(given, tuple):
            texts = dict(given)
            bound = tuple(Segment(LITERAL, texts[at]) if at in texts else one for at, one in enumerate(segments))
            yield Row(bound, (*route.order, 0), True, route.name)
        yield Row(segments, (*route.order, 1), given is True, route.name)

    def conflicts(self, verdicts: Verdicts, api: Api) -> Iterator[Conflict]:
        """What no policy for all routes can say of these verdicts."""
        from authorizer.expression import Conflict, Why

        for route in self.rules.routes:
            given = self.verdict(route, verdicts)
            if given is None:
                yield Conflict(route.name, None, Why.VARIES)
            elif given and route.name == "$default" and api is Api.HTTP and not self.rules.complete:
                yield Conflict(route.name, None, Why.DEFAULT)


_NOTHING: Final[frozenset[str]] = frozenset()


def verdict(requirement: Requirement, asked: Asked) -> Verdict:
    """What one demand says of a principal, whatever is called."""
    of_the_principal, others = _parts(requirement)
    try:
        of_the_principal.check(asked)
    except Refused:
        return False
    if not others:
        return True
    bound = []
    for condition in others:
        if not is_binding(condition):
            return None
        text = condition.value(asked.principal)
        if text is None:
            return False
        bound.append((condition.index, text))
    return tuple(bound) if len(dict(bound)) == len(set(bound)) else False  # one segment cannot have two texts


@lru_cache(maxsize=MAX_REMEMBERED)
def _parts(requirement: Requirement) -> tuple[Requirement, tuple[Condition, ...]]:
    """What can be asked about a principal alone, and the rest."""
    return requirement.of_the_principal, tuple(
        one for one in requirement.conditions if not one.reads <= OF_THE_PRINCIPAL
    )
