"""Text that can be written into a log, a header or a policy without becoming something else there."""

from __future__ import annotations

# Control characters, surrogates, line and paragraph separators (Unicode general categories).
_UNWRITABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})
# They turn the order of what is shown around them: "Trojan Source", CVE-2021-42574.
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def is_writable(text: str) -> bool:
    """Whether a text has neither control characters nor what breaks lines or turns their order.

    Names of people pass, with ideographic spaces and joiners, which `str.isprintable` does not let pass.
    """
    if text.isprintable():
        return True
    from unicodedata import category  # only those few texts pay for it

    return all(category(character) not in _UNWRITABLE and character not in _REORDERING for character in text)
