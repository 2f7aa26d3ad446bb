"""What our handlers answer to the sample events, with every refusal as an answer: 403 also where 401 is the default."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from authorizer import Authorizer
from authorizer.errors import EventError
from authorizer.tools.entry_point import called_arn
from authorizer.tools.env_file import read_variables
from tests.entries import allows
from tests.integration.real_parts.sample_events import EVENTS, samples

if TYPE_CHECKING:
    from authorizer.tools.demo.corpus import SampleEvent

FORBIDDEN = {"rest": 403, "websocket": 403, "http": 403}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One answer, to a call of `arn`."""

    sample: SampleEvent
    arn: str
    answer: dict[str, Any] = field(repr=False)

    @property
    def allows(self) -> bool:
        """Whether it lets the call through."""
        return allows(self.answer, self.arn)

    @property
    def is_policy(self) -> bool:
        """Whether it is a policy and not a simple response."""
        return "policyDocument" in self.answer

    @property
    def is_for_the_method(self) -> bool:
        """Whether it is a policy for the called method alone."""
        return self.is_policy and isinstance(self.answer["policyDocument"]["Statement"][0]["Resource"], str)


@cache
def answers() -> list[Answered]:
    """All answers. Events that are none of the entry point's get an error, which is no answer."""
    config = tomllib.loads(read_variables(EVENTS / "env.json")["AUTHORIZER_CONFIG"])
    authorizer = Authorizer.from_config(config | {"answers": FORBIDDEN})
    return [answered for sample in samples() for answered in _answered(authorizer, sample)]


def _answered(authorizer: Authorizer, sample: SampleEvent) -> list[Answered]:
    try:
        answer = getattr(authorizer, sample.entry_point.attribute)(sample.event)
    except EventError:
        return []
    arn = called_arn(sample.event)
    assert arn is not None
    assert allows(answer, arn) == (sample.expected.reason is None), sample.label
    return [Answered(sample=sample, arn=arn, answer=answer)]
