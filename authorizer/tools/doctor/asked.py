"""The functions that authorizers ask, each with all authorizers that ask it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from authorizer.tools.template_check.answering import HANDLERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.surface import Api as Kind
    from authorizer.tools.doctor.view import View
    from authorizer.tools.entry_point import EntryPoint
    from authorizer.tools.template import Api, ApiAuthorizer, Function


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """An authorizer of an API that asks the function."""

    api: Api
    authorizer: ApiAuthorizer

    @property
    def kind(self) -> Kind:
        """The type of the API."""
        return self.api.kind

    @property
    def ttl(self) -> int | None:
        """For how many seconds the API keeps an answer; None where only a deployment knows."""
        ttl = self.authorizer.ttl
        return (ttl or 0) if isinstance(ttl, int | None) else None

    @property
    def payload(self) -> str:
        """The version of the event: of REST and WebSocket APIs there is one alone, which counts as 1.0."""
        return str(self.authorizer.payload_version) if self.kind.value == "http" else "1.0"

    @property
    def is_simple(self) -> bool:
        """Whether API Gateway wants a yes or a no, and no policy."""
        return self.kind.value == "http" and self.authorizer.simple_responses is True

    def __str__(self) -> str:
        return f"{self.authorizer.name} of {self.api.logical_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A function of the document with its uses, at least one."""

    function: Function
    uses: tuple[Use, ...]

    @property
    def is_ours(self) -> bool:
        """Whether it is an entry point of this package as it is, without code of anybody else."""
        return self.function.handler in HANDLERS


def asked(view: View) -> Iterator[Asked]:
    """The functions behind all authorizers of the document, in its order."""
    uses: dict[str, list[Use]] = {}
    for api, one in view.authorizers():
        function = view.function(one) if one.kind.calls_function else None
        if function is not None:
            uses.setdefault(function.logical_id, []).append(Use(api=api, authorizer=one))
    for function in view.document.functions:
        if function.logical_id in uses:
            yield Asked(function=function, uses=tuple(uses[function.logical_id]))


def entry_point(view: View, authorizer: ApiAuthorizer) -> EntryPoint | None:
    """Our entry point behind an authorizer, where the document says it; its settings are compared elsewhere."""
    function = view.function(authorizer)
    return HANDLERS.get(str(function.handler)) if function is not None and not view.deployed else None
