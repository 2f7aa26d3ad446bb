"""Ours and PyJWT decide the same about thousands of tokens, but for the differences that we can give a reason for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import pytest

from authorizer.testing import ALGORITHMS
from tests.integration.second_opinion.differences import DIFFERENCES
from tests.integration.second_opinion.mutations import BASES, KeyRing, cases
from tests.integration.second_opinion.opinions import ALLOW, Joserfc, Ours, PyJwt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from authorizer.testing import SigningKey
    from tests.integration.second_opinion.mutations import Case

# joserfc warns of every token that says EdDSA.
pytestmark = pytest.mark.filterwarnings("ignore:EdDSA is deprecated via RFC 9864")

MINIMUM = 5_000  # tokens, all different
SLICE = ("RS256", "PS384", "ES256", "ES512", "Ed25519")  # each kind of key and of signature, for the quick run
THIRD = ("claims/", "compact/", "signature/", "json/payload-")  # joserfc refuses headers with members it does not know


class Panel(NamedTuple):
    """Three voices with one configuration."""

    ours: Ours
    pyjwt: PyJwt
    joserfc: Joserfc

    @classmethod
    def of(cls, keys: Sequence[SigningKey], algorithms: Sequence[str]) -> Panel:
        return cls(Ours(keys, algorithms), PyJwt(keys, algorithms), Joserfc(keys, algorithms))


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was said about one token: `allow`, the code of our reason, the name of PyJWT's exception."""

    case: Case
    issuer: str  # "broad": all algorithms, two keys each; "narrow": one algorithm, one key for each
    ours: str
    pyjwt: str
    joserfc: str | None  # asked only about what ours allows

    @property
    def differs(self) -> bool:
        return (self.ours == ALLOW) != (self.pyjwt == ALLOW)

    def __str__(self) -> str:
        return f"{self.case} {self.issuer}: ours {self.ours}, PyJWT {self.pyjwt}, joserfc {self.joserfc}"


@dataclass(slots=True)
class Session:
    """All tokens of some algorithms and bases, judged."""

    tokens: set[str] = field(default_factory=set, repr=False)
    verdicts: list[Verdict] = field(default_factory=list, repr=False)


@cache
def key_ring() -> KeyRing:
    return KeyRing.generate()


@cache
def session(bases: tuple[str, ...], algorithms: tuple[str, ...]) -> Session:
    """Cached: the tests look at one run from different sides."""
    judged = Session()
    keys = key_ring()
    broad = Panel.of([*keys.signing.values(), *keys.following.values()], ALGORITHMS)
    narrow = {name: Panel.of(one_per_algorithm(keys, name), [name]) for name in algorithms}
    for case in cases(keys, bases, algorithms):
        judged.tokens.add(case.token)
        judged.verdicts += [judge(case, "broad", broad), judge(case, "narrow", narrow[case.algorithm])]
    return judged


def one_per_algorithm(keys: KeyRing, algorithm: str) -> list[SigningKey]:
    """A key for each algorithm, which Ed25519 and EdDSA are one of: so that a token of it needs no kid."""
    other = {"Ed25519": "EdDSA", "EdDSA": "Ed25519"}.get(algorithm)
    return [key for name, key in keys.signing.items() if name != other]


def judge(case: Case, issuer: str, panel: Panel) -> Verdict:
    ours = panel.ours.judge(case.token)
    third = panel.joserfc.judge(case.token) if ours == ALLOW else None
    return Verdict(case=case, issuer=issuer, ours=ours, pyjwt=panel.pyjwt.judge(case.token), joserfc=third)


def quick() -> Session:
    return session(("usual",), SLICE)


def full() -> Session:
    return session(tuple(BASES), ALGORITHMS)


BOTH = pytest.mark.parametrize("judged", [quick, pytest.param(full, marks=pytest.mark.long)])


def unlisted(verdicts: Sequence[Verdict]) -> Iterator[str]:
    for verdict in verdicts:
        if verdict.differs and not any(row.covers(verdict.case.mutation, verdict.ours) for row in DIFFERENCES):
            yield str(verdict)


@BOTH
def test_no_difference_without_a_reason(judged: Callable[[], Session]) -> None:
    assert list(unlisted(judged().verdicts)) == []


@BOTH
def test_enough_different_tokens_are_judged(judged: Callable[[], Session]) -> None:
    tokens = judged().tokens
    assert len(tokens) >= MINIMUM


@BOTH
def test_every_reason_is_needed(judged: Callable[[], Session]) -> None:
    """A row that explains nothing hides what comes next."""
    found = {(verdict.case.mutation, verdict.ours) for verdict in judged().verdicts if verdict.differs}
    idle = [row.pattern for row in DIFFERENCES if not any(row.covers(*difference) for difference in found)]
    assert idle == []


@BOTH
def test_a_third_voice_allows_what_we_allow(judged: Callable[[], Session]) -> None:
    allowed = [
        verdict for verdict in judged().verdicts if verdict.case.mutation.startswith(THIRD) and verdict.ours == ALLOW
    ]
    assert len(allowed) > MINIMUM // 4
    assert [str(verdict) for verdict in allowed if verdict.joserfc != ALLOW] == []


def test_a_difference_the_other_way_round_is_not_covered() -> None:
    (case, *_) = cases(key_ring(), ["usual"], ["Ed25519"])
    spoiled = replace(case, mutation="claims/cnf-thumbprint")
    covered = Verdict(case=spoiled, issuer="broad", ours="token_sender_constrained", pyjwt=ALLOW, joserfc=None)
    assert list(unlisted([covered])) == []
    assert len(list(unlisted([replace(covered, ours=ALLOW, pyjwt="InvalidTokenError")]))) == 1


def test_little_is_allowed_by_us_alone() -> None:
    """A row more here is a decision, not a correction."""
    assert {row.pattern for row in DIFFERENCES if row.ours == ALLOW} == {
        "claims/exp-leeway-just-over",
        "claims/exp-leeway-half-over",
        "header/alg-swapped-Ed*",
    }
