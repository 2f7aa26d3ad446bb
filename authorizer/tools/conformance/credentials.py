"""Tokens by name: from the local issuers as `tokens.toml` describes them, or from a file of whoever has deployed the stack.

A name may have the code of a reason behind a colon: `id:token_expired` is an ID token that is to be refused for that reason.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from authorizer.tools.conformance.target import Form, NotPlayable, issuers, post
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE: Final = Path(__file__).parent / "tokens.toml"


class Credentials(Protocol):
    """Where tokens come from."""

    def token(self, name: str, own: str) -> str:
        """The token with a name, of the subject `own` where that can be chosen; `NotPlayable` where there is none."""
        ...


@dataclass(frozen=True)
class LocalTokens:
    """Tokens of the issuers of a local gateway, made when they are asked for."""

    local: str

    def token(self, name: str, own: str) -> str:
        """A fresh token."""
        base, _, broken = name.partition(":")
        about = self._described.get(base)
        if about is None:
            raise NotPlayable(f"tokens.toml has no token {base}")
        stand_in = next((one for one in self._issuers if one["kind"] == about["kind"]), None)
        if stand_in is None:
            raise NotPlayable(f"no local issuer is of the kind {about['kind']}")
        client = stand_in["clients"][0]["id"]
        fields = {"grant_type": "password", "username": own, "password": "any", "client_id": client}
        fields |= {key: _text(value) for key, value in about.get("form", {}).items()}
        answer = post(self.local, Form(issuer=stand_in["name"], fields=fields | ({"broken": broken} if broken else {})))
        if not isinstance(answer, dict) or "access_token" not in answer:
            told = answer.get("error_description") if isinstance(answer, dict) else None
            raise NotPlayable(f"the local issuer makes no token {name}: {told}")
        return str(answer["access_token"])

    @cached_property
    def _described(self) -> Mapping[str, Any]:
        return tomllib.loads(FILE.read_text("utf-8"))

    @cached_property
    def _issuers(self) -> list[dict[str, Any]]:
        return issuers(self.local)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenTokens:
    """Tokens that somebody has got, by the names that the table has for them."""

    tokens: Mapping[str, str] = field(default_factory=dict, repr=False)

    def token(self, name: str, _: str) -> str:
        """The token as it was given."""
        if name not in self.tokens:
            raise NotPlayable(f"--tokens has no token {name}")
        return self.tokens[name]


def given_tokens(file: Path | None) -> GivenTokens:
    """The tokens of a file of JSON, name → token; none without a file. `CommandError` for a file that is none."""
    if file is None:
        return GivenTokens()
    hint = '--tokens FILE, in it {"good": "…", "id": "…"}'
    try:
        found = json.loads(file.read_text("utf-8"))
    except OSError as error:
        raise CommandError(f"{file} cannot be read ({type(error).__name__})", hint) from None
    except ValueError:
        raise CommandError(f"{file} is no JSON", hint) from None
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        raise CommandError(f"{file} is no JSON object of texts", hint)
    return GivenTokens(tokens=found)
