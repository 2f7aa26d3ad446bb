"""The one way to AWS: what it answers, and what could not be seen, which never ends the run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from authorizer.tools.doctor.deployed.calls import IDENTITY, Call
from authorizer.tools.doctor.deployed.clients import NotAnswered, Why, answered
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from authorizer.tools.doctor.deployed.clients import Clients

_NAMED: Final = 3  # how many of the same kind a line names
_LOST: Final = (Why.NOBODY, Why.UNREACHABLE)  # whoever asks again gets the same answer, only later
_SIGN_IN = "sign in, for example with `aws sso login`, and name the profile: --profile, AWS_PROFILE"
_NO_WAY = "name the Region that the API is in (--region, AWS_REGION), and see whether this machine reaches AWS"


@dataclass(frozen=True, slots=True)
class Answer:
    """`value` is what AWS said; `gone` that there is no such thing. Neither of them: it could not be seen."""

    value: Any = None
    gone: bool = False

    @property
    def seen(self) -> bool:
        """Whether it is known how things are."""
        return self.gone or self.value is not None


@dataclass(frozen=True, slots=True)
class Unseen:
    """What could not be seen, of what, the IAM action that it needs, and why."""

    call: Call
    subject: str
    why: str


class _Question(NamedTuple):
    call: Call
    subject: str
    region: str
    parameters: Mapping[str, Any]


class _How(Protocol):
    def __call__(self, client: Any, call: Call, parameters: Mapping[str, Any], /) -> Any: ...


@dataclass(slots=True, kw_only=True)
class Access:
    """Asks AWS, everything once. `progress` is told how far a long list is."""

    clients: Clients
    progress: Callable[[str], None] = field(default=lambda _: None, repr=False)
    unseen: list[Unseen] = field(default_factory=list)
    _known: dict[tuple[Call, str, str], Answer] = field(default_factory=dict, repr=False)
    _lost: dict[tuple[str, str], NotAnswered] = field(default_factory=dict, repr=False)

    def caller(self) -> Mapping[str, str]:
        """Who asks: `Account` and `Arn`, empty where that may not be asked. The first call of a run.

        `CommandError` where the credentials are nobody's."""
        answer = self.asked(IDENTITY, "")
        lost = self._lost.get((IDENTITY.service, self.clients.region))
        if lost is not None and lost.why is Why.NOBODY:
            raise _no_way(IDENTITY.service, self.clients.region, lost)
        return answer.value or {}

    def expect_way(self, service: str) -> None:
        """`CommandError` where a service cannot be asked at all."""
        lost = self._lost.get((service, self.clients.region))
        if lost is not None:
            raise _no_way(service, self.clients.region, lost)

    def asked(self, call: Call, subject: str, region: str = "", /, **parameters: Any) -> Answer:
        """What AWS says about a subject, in the API's Region unless another is named."""
        return self._once(_Question(call, subject, region or self.clients.region, parameters), _one)

    def listed(self, call: Call, subject: str, region: str = "", /, **parameters: Any) -> Answer:
        """The same for a list: its value is all of it, page by page."""
        return self._once(_Question(call, subject, region or self.clients.region, parameters), self._pages)

    def saw(self, call: Call, subject: str) -> bool:
        """Whether nothing is in the way of saying that something of a subject is not there."""
        return not any(one.call == call and one.subject == subject for one in self.unseen)

    def note(self, call: Call, subject: str, why: str) -> None:
        """Takes down what could not be seen."""
        self.unseen.append(Unseen(call, subject, why))

    def _once(self, question: _Question, how: _How) -> Answer:
        key = (question.call, question.region, repr(sorted(question.parameters.items())))
        if key not in self._known:
            self._known[key] = self._answer(question, how)
        return self._known[key]

    def _answer(self, question: _Question, how: _How) -> Answer:
        place = (question.call.service, question.region)
        try:
            if place in self._lost:
                raise self._lost[place]
            return Answer(answered(lambda: how(self.clients.client(*place), question.call, question.parameters)))
        except NotAnswered as error:
            if error.why is Why.GONE:
                return Answer(gone=True)
            if error.why in _LOST:
                self._lost[place] = error
            self.note(question.call, question.subject, str(error))
            return Answer()

    def _pages(self, client: Any, call: Call, parameters: Mapping[str, Any]) -> list[Any]:
        paginator = client.get_paginator(call.operation)
        key = paginator.result_keys[0].expression
        found: list[Any] = []
        for number, page in enumerate(paginator.paginate(**parameters), start=1):
            found += page.get(key, [])
            if number > 1:
                self.progress(f"{call.what}: {len(found):,} read")
        return found


def _one(client: Any, call: Call, parameters: Mapping[str, Any]) -> Any:
    answer = getattr(client, call.operation)(**parameters)
    return {name: value.read() if hasattr(value, "read") else value for name, value in answer.items()}


def _no_way(service: str, region: str, lost: NotAnswered) -> CommandError:
    return CommandError(f"{service} in {region}: {lost}", _SIGN_IN if lost.why is Why.NOBODY else _NO_WAY)


def not_checked(unseen: Sequence[Unseen]) -> list[str]:
    """A line for each kind of thing that could not be seen, with the IAM action that is missing."""
    kinds: dict[tuple[Call, str], list[str]] = {}
    for one in unseen:
        kinds.setdefault((one.call, one.why), []).append(one.subject)
    return [_line(call, why, subjects) for (call, why), subjects in kinds.items()]


def _line(call: Call, why: str, subjects: Sequence[str]) -> str:
    named = [one for one in dict.fromkeys(subjects) if one]
    rest = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    of = f" of {', '.join(named[:_NAMED])}{rest}" if named else ""
    return f"{call.what}{of}: {call.action}: {why}"
