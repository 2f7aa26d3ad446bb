"""Verified claims → the API key whose usage plan a call counts against: `usageIdentifierKey`, REST APIs only.

API Gateway reads it where the API's `ApiKeySourceType` is `AUTHORIZER`. It must be the value of the key, which is a secret:
it is in no representation, no error and no line of the log.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from authorizer.errors import ConfigError, Fault, Refused, SettingProblem
from authorizer.jose.claims import kind
from authorizer.reasons import Reason
from authorizer.variables import USAGE_KEYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authorizer.model import Principal

MIN_LENGTH, MAX_LENGTH = 20, 128  # AWS: "Choose an API key source", values of API keys
FIT: Final = f"an API key: {MIN_LENGTH} to {MAX_LENGTH} letters, digits, - and _"


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageKey:
    """Without `keys` the claim is the API key itself; with them it names one, as a tier does.

    `default` is the name for who has no such claim, or one that names no key. `from_environment`: keys are still to come.
    """

    claim: str
    keys: Mapping[str, str] | None = field(default=None, repr=False)
    default: str | None = None
    from_environment: bool = False

    def of(self, principal: Principal) -> str | None:
        """The API key; None where there is none: API Gateway then refuses calls of methods that need one, with 403.

        `Refused` when the claim is not text, or not one that can be an API key.
        """
        value = principal.claims.get(self.claim)
        if value is not None and type(value) is not str:
            raise _refused(self.claim, "text", value)
        if self.keys is None:
            if self.from_environment:
                raise ConfigError([_nothing()])
            if value is not None and not fits(value):
                raise _refused(self.claim, FIT, value)
            return value
        named = self.keys.get(value) if value is not None else None
        return named if named is not None or self.default is None else self.keys.get(self.default)

    def supplied(self, keys: Mapping[str, str] | None) -> UsageKey:
        """The same with the keys of the environment, where it waits for them; `ConfigError` when they are not there."""
        if not self.from_environment:
            return self
        if keys is None:
            raise ConfigError([_nothing()])
        if self.default is not None and self.default not in keys:
            raise ConfigError([SettingProblem("usage_key.default", "a name without a key", f"a name in {USAGE_KEYS}")])
        return replace(self, keys=keys, from_environment=False)


def fits(value: object) -> bool:
    """Whether a value can be that of an API key."""
    if type(value) is not str or not MIN_LENGTH <= len(value) <= MAX_LENGTH or not value.isascii():
        return False
    return value.replace("-", "").replace("_", "").isalnum()


def _nothing() -> SettingProblem:
    return SettingProblem(USAGE_KEYS, "nothing", 'JSON such as {"gold": "…"}: keys_from names it')


def _refused(claim: str, expected: str, value: object) -> Refused:
    return Refused(Reason.CONTEXT_VALUE_INVALID, Fault(claim=claim, expected=expected, found=kind(value)))
