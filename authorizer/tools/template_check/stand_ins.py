"""What a template cannot tell before a deployment, such as the id of a user pool, written as something harmless."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from authorizer.tools.template import Unresolved
from authorizer.variables import BESIDE, VARIABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authorizer.tools.template.unresolved import Text

_OPAQUE: Final = re.compile(r"\$\{([^{}]*)\}")
_KEY: Final = re.compile(r'(\w+)\s*=\s*"?\Z')  # of TOML, at the end of what is before a value
_POOL, _URLS, _TEXTS = ("user_pool_id",), ("issuer", "jwks_uri"), ("text", "texts", "names")
_LEFT_OUT: Final = ("jwks_file", "jwks", "snapshot")  # files and keys that nobody can read here


def known_variables(environment: Mapping[str, Text]) -> dict[str, str]:
    """Our variables of a function. One that is opaque and no text is left out: its default counts."""
    found = {}
    for name, value in environment.items():
        if not name.startswith("AUTHORIZER_"):
            continue
        text = _known(name, value) if isinstance(value, Unresolved) else value
        if text:
            found[name] = text
    return found


def _known(name: str, value: Unresolved) -> str | None:
    if name in VARIABLES:
        variable = VARIABLES[name]
        setting = variable.path.rpartition(".")[2]
        if variable.kind not in _TEXTS or setting in _LEFT_OUT:
            return None
        return _filled(str(value), setting)
    return _filled(str(value)) if value.composed and name not in BESIDE else None


def _filled(text: str, setting: str = "") -> str:
    """The text with every opaque part replaced. The same part is the same everywhere, and two are not alike."""

    def stand_in(match: re.Match[str]) -> str:
        before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        key = _KEY.search(before)
        name = "".join(one for one in match[1] if one.isalnum()) or "unknown"
        starts = key[1] if key else setting if match.start() == 0 else ""
        if starts in _POOL:
            return f"us-east-1_{name}"
        return f"https://{name.lower()[:60]}.example.com" if starts in _URLS else name

    return _OPAQUE.sub(stand_in, text)
