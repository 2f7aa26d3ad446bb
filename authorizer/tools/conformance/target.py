"""What is held against the table: where its APIs are, and what can be done to it beside calling them."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from authorizer.tools.conformance.row import Call
from authorizer.tools.conformance.wire import send
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ISSUERS: Final = "/_issuer"
FLUSH: Final = Call(method="DELETE", path="/_cache")
_FORM: Final = (("Content-Type", "application/x-www-form-urlencoded"),)
_START: Final = "leave --url out to start one, or serve the template: authorizer serve --template TEMPLATE"


class NotPlayable(Exception):
    """A row cannot be played against a target; says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A gateway. `bases` are the URLs of its APIs by name; `local` is that of a local gateway, None for a deployed stack."""

    bases: Mapping[str, str]
    local: str | None = None

    def base(self, api: str, stage: str | None = None) -> str:
        """Where an API is, or another stage of it; `NotPlayable` where it is not."""
        if api not in self.bases:
            raise NotPlayable(f"it has no {api}")
        first = self.bases[api]
        return first if stage is None else f"{first.rpartition('/')[0]}/{stage}"

    def flush(self) -> None:
        """Empties the caches of authorizers; `NotPlayable` where that takes rights in an account."""
        if self.local is None:
            raise NotPlayable("the cache is flushed here only in the local gateway")
        send(self.local, FLUSH)

    @contextmanager
    def outage(self) -> Iterator[None]:
        """All issuers are down meanwhile; `NotPlayable` where they are real ones."""
        if self.local is None:
            raise NotPlayable("only local issuers can be taken down")
        self._outage(down="true")
        try:
            yield
        finally:
            self._outage(down="false")

    def _outage(self, **form: str) -> None:
        local = str(self.local)
        name = issuers(local)[0]["name"]
        send(local, Call(method="POST", path=f"{ISSUERS}/{name}/outage", send=_FORM, data=urlencode(form)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form for a token endpoint, which answers with a token."""

    issuer: str
    fields: Mapping[str, str] = field(repr=False)


def issuers(local: str) -> list[dict[str, Any]]:
    """The stand-ins of a local gateway."""
    found = send(local, Call(path=f"{ISSUERS}/")).document
    if not isinstance(found, list) or not found:
        raise CommandError(f"the gateway at {local} has no local issuers", _START)
    return found


def post(local: str, form: Form) -> Any:
    """The answer of a token endpoint."""
    call = Call(method="POST", path=f"{ISSUERS}/{form.issuer}/token", send=_FORM, data=urlencode(form.fields))
    return send(local, call).document


def local_target(url: str) -> Target:
    """The local gateway at a URL; `CommandError` for what is none."""
    url = url.rstrip("/")
    try:
        index = send(url, Call()).document
    except (OSError, HTTPException) as error:
        raise CommandError(f"nothing answers at {url} ({type(error).__name__})", _START) from None
    try:
        bases = {one["name"]: url + min(one["paths"]) for one in index["apis"]}  # the first stage by name
    except (KeyError, TypeError, ValueError):
        raise CommandError(f"what listens at {url} is no local gateway", _START) from None
    return Target(bases=bases, local=url)
