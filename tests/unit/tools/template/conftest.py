"""Reads a template from its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authorizer.tools.template import read_template

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from authorizer.tools.template import Document

    Read = Callable[..., Document]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """The document that a text is, in a folder that other files may be put into."""

    def reading(text: str, **parameters: str) -> Document:
        file = tmp_path / "template.yaml"
        file.write_text(text, "utf-8")
        return read_template(file, parameters)

    return reading
