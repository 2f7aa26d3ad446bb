"""What a rule asks of a proven principal: scopes and groups, and conditions of any other kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple, Protocol, TypeGuard

from authorizer.errors import Fault, Refused
from authorizer.reasons import Reason
from authorizer.surface import Fact

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from authorizer.model import Principal, Request


class Asked(NamedTuple):
    """What a condition may look at: who calls, when (seconds since 1970), and what is called.

    `request` is None while the policy for all routes of a principal is made; only conditions that read nothing of a
    request (`Requirement.of_the_principal`) are asked then.
    """

    principal: Principal
    now: float
    request: Request | None = None


class Condition(Protocol):
    """One more thing that a rule asks for. Frozen, and equal to another that asks for the same.

    Its text says what it asks for, in words that follow "needs": `the claim tenant to be north or south`.
    """

    reads: ClassVar[frozenset[Fact]]  # all that the answer depends on

    def check(self, asked: Asked) -> None:
        """Nothing when it holds; `Refused` when not; `EventError` when the event cannot say (`Surface.facts`)."""
        ...


class Binding(Condition, Protocol):
    """A condition that holds for one text of a path parameter, which is known once the principal is: a policy can say it."""

    index: int  # of the segment

    def value(self, principal: Principal) -> str | None:
        """The text; None when there is none."""
        ...


def is_binding(condition: Condition) -> TypeGuard[Binding]:
    """Whether all that a condition reads of a request is a path parameter."""
    return condition.reads == OF_A_PARAMETER


OF_A_PARAMETER: Final = frozenset({Fact.CREDENTIAL, Fact.PATH})
OF_THE_PRINCIPAL: Final = frozenset({Fact.CREDENTIAL, Fact.CLOCK})


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """What a principal must have, beyond being proven: all of `scopes`, one of `any_scopes`, one of `groups`, all of
    `all_groups`; and what the conditions ask for."""

    scopes: frozenset[str] = frozenset()
    any_scopes: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    all_groups: frozenset[str] = frozenset()
    conditions: tuple[Condition, ...] = ()

    @property
    def reads(self) -> frozenset[Fact]:
        """All that the answer depends on."""
        return frozenset({Fact.CREDENTIAL}).union(*(condition.reads for condition in self.conditions))

    @property
    def of_the_principal(self) -> Requirement:
        """The part that is the same for every request of a principal at one time."""
        if not self.conditions:
            return self
        same = tuple(one for one in self.conditions if one.reads <= OF_THE_PRINCIPAL)
        return Requirement(
            scopes=self.scopes,
            any_scopes=self.any_scopes,
            groups=self.groups,
            all_groups=self.all_groups,
            conditions=same,
        )

    @property
    def parts(self) -> tuple[Requirement, ...]:
        """The same, one demand each, in the order in which they are checked."""
        scopes = Requirement(scopes=self.scopes, any_scopes=self.any_scopes)
        groups = Requirement(groups=self.groups, all_groups=self.all_groups)
        return (scopes, groups, *(Requirement(conditions=(condition,)) for condition in self.conditions))

    def check(self, asked: Asked) -> None:
        """Nothing when the principal has all of it; `Refused` for the first thing that it has not."""
        principal = asked.principal
        if (self.scopes or self.any_scopes) and not self._scopes_suffice(principal.scopes):
            expected = " and ".join(filter(None, (" ".join(sorted(self.scopes)), _one_of(self.any_scopes))))
            raise _lacking(Reason.SCOPE_MISSING, Reason.SCOPE_INSUFFICIENT, "scope", principal.scopes, expected)
        if (self.groups or self.all_groups) and not self._groups_suffice(principal.groups):
            expected = " and ".join(filter(None, (" ".join(sorted(self.all_groups)), _one_of(self.groups))))
            raise _lacking(Reason.GROUP_MISSING, Reason.GROUP_REQUIRED, "groups", principal.groups, expected)
        for condition in self.conditions:
            condition.check(asked)

    def _scopes_suffice(self, held: frozenset[str] | None) -> bool:
        if held is None or not self.scopes <= held:
            return False
        return not self.any_scopes or not self.any_scopes.isdisjoint(held)

    def _groups_suffice(self, held: frozenset[str] | None) -> bool:
        if held is None or not self.all_groups <= held:
            return False
        return not self.groups or not self.groups.isdisjoint(held)


ANY_VALID_TOKEN: Final = Requirement()


def includes(held: Sequence[Requirement], asked: Requirement) -> bool:
    """Whether whoever meets all of `held` meets `asked` too. When in doubt, no."""
    scopes, groups = (frozenset().union(*names) for names in _all_of(held))
    return (
        asked.scopes <= scopes
        and asked.all_groups <= groups
        and _one_included(asked.any_scopes, scopes, [one.any_scopes for one in held])
        and _one_included(asked.groups, groups, [one.groups for one in held])
        and all(any(one in other.conditions for other in held) for one in asked.conditions)
    )


def _all_of(held: Sequence[Requirement]) -> tuple[list[frozenset[str]], list[frozenset[str]]]:
    return [one.scopes for one in held], [one.all_groups for one in held]


def _one_included(asked: frozenset[str], certain: frozenset[str], choices: Iterable[frozenset[str]]) -> bool:
    return not asked or not asked.isdisjoint(certain) or any(one and one <= asked for one in choices)


def _lacking(missing: Reason, other: Reason, claim: str, held: object, expected: str) -> Refused:
    if held is None:
        return Refused(missing, Fault(claim=claim, expected=expected, found="missing"))
    return Refused(other, Fault(claim=claim, expected=expected, found=f"other {claim.rstrip('s')}s"))


def _one_of(names: frozenset[str]) -> str:
    return "one of " + " ".join(sorted(names)) if names else ""
