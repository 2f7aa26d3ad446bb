"""All families put together, and the folder they are written to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from authorizer.tools.events import (
    allow_callers,
    allow_calls,
    attachment,
    claims,
    cognito,
    conditions,
    credential,
    env,
    keys,
    rules,
    structure,
)
from authorizer.tools.events.apis import ALL
from authorizer.tools.events.issuers import Issuers

if TYPE_CHECKING:
    from pathlib import Path

    from authorizer.tools.events.apis import Event

_FAMILIES = (credential, structure, keys, claims, cognito, rules, conditions, attachment, allow_callers, allow_calls)


def make(issuers: Issuers) -> dict[tuple[str, str], Event]:
    """Every event by folder and name; an `AssertionError` when two cases have one name."""
    events: dict[tuple[str, str], Event] = {}
    for family in _FAMILIES:
        for api, name, event in family.samples(issuers):
            assert (api, name) not in events, f"two cases are called {api}/{name}"
            events[api, name] = event
    return events


def write(folder: Path) -> dict[str, int]:
    """Makes the corpus anew, with new keys. How many events each API has.

    Deletes what is not made any more, in the folders of the APIs only; keeps `schema`, `scenarios` and what else is there.
    """
    issuers = Issuers.new()
    events = make(issuers)
    folder.mkdir(exist_ok=True)
    (folder / "env.json").write_text(env.document(issuers), "utf-8")
    for api in ALL:
        (folder / api).mkdir(exist_ok=True)
        for file in (folder / api).glob("*.json"):
            if (api, file.stem) not in events:
                file.unlink()
    for (api, name), event in events.items():
        (folder / api / f"{name}.json").write_text(json.dumps(event, indent=2) + "\n", "utf-8")
    return {api: sum(made == api for made, _ in events) for api in ALL}
