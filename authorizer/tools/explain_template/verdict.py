"""What a token meets on one route: the status, why, and what would give the right token or the right route."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from authorizer.tools.terminal import without_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

    from authorizer.surface import Api as Kind


class Case(Enum):
    """A stable code: never renamed, never used again for something else."""

    PASSES = "passes"  # the token lets its bearer through
    REFUSED = "refused"  # the token does not; the reason says why
    OPEN = "open"  # no authorizer: anybody
    PUBLIC = "public"  # an authorizer of ours, and a rule that looks at no credential
    CONNECTION = "connection"  # a message of a WebSocket API: what `$connect` said holds
    IAM = "iam"  # a signature of AWS is asked for, and no token
    FOREIGN_FUNCTION = "foreign_function"  # code that is not ours decides
    DEPLOYMENT_KNOWS = "deployment_knows"  # the template alone does not tell
    DEPENDS_ON_REQUEST = "depends_on_request"  # an address, a path parameter or a check of a rule
    KEYS_UNKNOWN = "keys_unknown"  # the issuer's keys could not be had here
    EXPRESSION = "expression"  # the validation expression does not match, and the function is not called
    IDENTITY_MISSING = "identity_missing"  # an identity source that no call can have
    AUTHORIZER_MISSING = "authorizer_missing"  # the route names one that the API does not have
    NOT_CREATED = "not_created"  # API Gateway would not create the authorizer
    NO_PERMISSION = "no_permission"  # API Gateway may not invoke the function
    SETTINGS_WRONG = "settings_wrong"  # the function does not start
    WRONG_FUNCTION = "wrong_function"  # the function answers in words that the API does not read


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`status` is None where nobody can tell. `unproven`: supposing that the signature is good. `place` is where the token
    has to be sent, such as `query:access_token`."""

    case: Case
    status: int | None
    why: str
    fix: str = ""
    reason: str | None = None
    unproven: bool = False
    place: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteVerdict:
    """One route of one API. `rule` is the rule of the settings that is meant, where a route has several."""

    api: str
    api_kind: Kind
    route: str
    outcome: Outcome
    authorizer: str | None = None
    authorizer_kind: str | None = None
    rule: str | None = None
    api_key: bool = False

    @property
    def case(self) -> Case:
        """Which of the cases it is."""
        return self.outcome.case

    @property
    def status(self) -> int | None:
        """What a client gets with this token; None where nobody can tell."""
        return self.outcome.status

    @property
    def reason(self) -> str | None:
        """The code of `authorizer reasons`, where the token is at fault."""
        return self.outcome.reason

    @property
    def why(self) -> str:
        """One line for people."""
        key = "; an API key is asked for too (x-api-key)" if self.api_key else ""
        return without_tokens(self.outcome.why) + key

    @property
    def fix(self) -> str:
        """What to do, in one line; nothing where there is nothing to do."""
        return without_tokens(self.outcome.fix)

    @property
    def guarded(self) -> bool:
        """Whether a token decides: on open routes and on signed calls it does not."""
        return self.case not in (Case.OPEN, Case.PUBLIC, Case.CONNECTION, Case.IAM)

    @property
    def opens(self) -> bool:
        """Whether the token as it is lets its bearer through, its signature proven."""
        return self.case is Case.PASSES and not self.outcome.unproven

    @property
    def undecided(self) -> bool:
        """Whether the token may let its bearer through, and nobody can tell."""
        return self.guarded and (self.status is None or (self.status == 200 and self.outcome.unproven))

    def document(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "api": self.api,
            "api_kind": self.api_kind.value,
            "route": self.route,
            "rule": self.rule,
            "authorizer": self.authorizer,
            "authorizer_kind": self.authorizer_kind,
            "status": self.status,
            "code": self.case.value,
            "reason": self.reason,
            "why": self.why,
            "fix": self.fix or None,
            "unproven": self.outcome.unproven,
            "place": self.outcome.place,
            "api_key": self.api_key,
        }


def decision(verdicts: Iterable[RouteVerdict]) -> str:
    """`allow` where a guarded route lets the token through, `error` where nobody can tell, else `deny`."""
    found = list(verdicts)
    if any(one.opens for one in found):
        return "allow"
    return "error" if any(one.undecided for one in found) else "deny"
