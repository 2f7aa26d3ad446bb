"""How each of the four outcomes that are not an allow travels: refused, unavailable, misconfigured, unknown event."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from authorizer.provenance import Provenance
    from authorizer.reasons import Reason


class Fault(NamedTuple):
    """What was wrong, as data: never a credential and never the value of a claim.

    `claim` names the claim, header parameter or place at fault, `expected` says what would have been right,
    `found` says of what kind the found thing was ("missing", "str", "RS384", "31 s late").
    """

    claim: str | None = None
    expected: str | None = None
    found: str | None = None


NO_FAULT = Fault()


class AuthorizerError(Exception):
    """Base of everything this package raises on purpose."""

    provenance: Provenance | None = None  # set by the verifier, for the log


class Refused(AuthorizerError):
    """The caller's fault. Raised by any stage, caught once in `pipeline.py`, becomes a `Deny`."""

    rule: str | None = None  # set by the rule that refused, for the log

    def __init__(self, reason: Reason, fault: Fault = NO_FAULT) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.fault = fault


class Unavailable(AuthorizerError):
    """A dependency's fault. Leaves the function as an error: API Gateway answers 500 and caches nothing."""

    def __init__(self, reason: Reason, fault: Fault = NO_FAULT) -> None:
        super().__init__(f"{reason.value}: {fault.found or 'dependency unavailable'}")
        self.reason = reason
        self.fault = fault


class EventError(AuthorizerError):
    """The event is not one that this function answers. Leaves the function as an error, never as a deny."""

    def __init__(self, reason: Reason, fault: Fault = NO_FAULT) -> None:
        super().__init__(f"{reason.value}: expected {fault.expected}, found {fault.found}")
        self.reason = reason
        self.fault = fault


class InternalError(AuthorizerError):
    """A bug, ours or a plug-in's. Carries type and place, never the original text, which may hold a credential."""

    @classmethod
    def of(cls, bug: BaseException) -> InternalError:
        """`KeyError at rules.py:88 in decide`."""
        frame = bug.__traceback__
        while frame is not None and frame.tb_next is not None:
            frame = frame.tb_next
        if frame is None:
            return cls(type(bug).__name__)
        code = frame.tb_frame.f_code
        file = code.co_filename.rpartition("/")[2]
        return cls(f"{type(bug).__name__} at {file}:{frame.tb_lineno} in {code.co_name}")


class SettingProblem(NamedTuple):
    """One thing wrong with the settings: where, what was found, what would be right."""

    path: str
    found: str
    right: str

    def __str__(self) -> str:
        return f"{self.path}: found {self.found}; right would be {self.right}"


class ConfigError(AuthorizerError):
    """The deployment's fault. Raised when the handler is built, with all problems at once."""

    def __init__(self, problems: Sequence[SettingProblem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)
