"""The sample events: `events/<api>/<reason or allow-…>.json`, each with what its name says must become of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from authorizer.reasons import Class, Reason
from authorizer.tools.entry_point import APIS, EntryPoint
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NOT_APIS = frozenset({"schema", "scenarios"})
_ALLOW = "allow-"
_VARIANT = "--"
_REASONS = {reason.value: reason for reason in Reason}
_OUTCOMES = {Class.AUTHN: "authn", Class.AUTHZ: "authz"}


@dataclass(frozen=True, slots=True)
class Expected:
    """What must become of an event: a reason, or none for an allow."""

    reason: Reason | None

    @classmethod
    def of(cls, name: str) -> Expected:
        """From a file name or a scenario; a `ValueError` for a name that promises nothing we know."""
        if name == "allow" or name.startswith(_ALLOW):
            return cls(None)
        code = name.partition(_VARIANT)[0]
        if code not in _REASONS:
            raise ValueError(f"{code} is neither a reason nor {_ALLOW}…")
        return cls(_REASONS[code])

    @property
    def outcome(self) -> str:
        """How API Gateway is told: "allow", "authn", "authz" or "error"."""
        return "allow" if self.reason is None else _OUTCOMES.get(self.reason.klass, "error")

    def __str__(self) -> str:
        return "allow" if self.reason is None else self.reason.value


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleEvent:
    """One event as it lies in its file."""

    api: str
    name: str
    expected: Expected
    body: bytes = field(repr=False)

    @property
    def label(self) -> str:
        """How it is named in output."""
        return f"{self.api}/{self.name}"

    @property
    def entry_point(self) -> EntryPoint:
        """The entry point that it is meant for."""
        return APIS[self.api]

    @property
    def event(self) -> Any:
        """The event itself."""
        return json.loads(self.body)


def load_events(folder: Path) -> list[SampleEvent]:
    """All sample events, by folder and name. A folder or a name that says nothing is an error, never skipped."""
    if not folder.is_dir():
        raise CommandError(f"{folder} is no folder of events", "run in the project's folder, or give --events DIR")
    events = [event for api in _api_folders(folder) for event in _events(api)]
    if not events:
        raise CommandError(f"{folder} holds no events", "`make events` makes them")
    return events


def _api_folders(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if not entry.is_dir() or entry.name in _NOT_APIS:
            continue
        if entry.name not in APIS:
            raise CommandError(f"{entry} is not the folder of an API", f"name it one of {', '.join(APIS)}")
        yield entry


def _events(folder: Path) -> Iterator[SampleEvent]:
    for file in sorted(folder.glob("*.json")):
        try:
            expected, body = Expected.of(file.stem), file.read_bytes()
            json.loads(body)
        except ValueError as error:
            raise CommandError(
                f"{file}: {error}", "an event is JSON, and is named after a reason or allow-…"
            ) from error
        yield SampleEvent(api=folder.name, name=file.stem, expected=expected, body=body)
