"""The folder that functions are started from: our code and all it needs, with a valid .pyc beside every file.

Lambda cannot write .pyc files, so a package without valid ones compiles at every cold start, and hides what it costs.
"""

from __future__ import annotations

import compileall
import json
import shutil
from importlib.metadata import distribution
from pathlib import Path
from py_compile import PycInvalidationMode
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Self

import authorizer
from benchmarks.traffic import AUDIENCE, ISSUER, SCOPE

if TYPE_CHECKING:
    from benchmarks.traffic import Traffic

DISTRIBUTIONS = (
    "aws-lambda-powertools",
    "jmespath",
    "typing_extensions",
    "cryptography",
    "cffi",
    "pyjwt",
    "urllib3",
    "awslambdaric",
    "simplejson",
    "snapshot-restore-py",
)
SETTINGS = f"""
[[issuer]]
kind = "jwt"
issuer = "{ISSUER}"
audience = ["{AUDIENCE}"]
jwks_file = "keys.json"

[[route]]
match = "GET /orders/{{id}}"
scopes = ["{SCOPE}"]
"""


class Package:
    """A temporary folder; a context manager."""

    def __init__(self, traffic: Traffic) -> None:
        self._traffic = traffic

    def __enter__(self) -> Self:
        self._folder = TemporaryDirectory(prefix="benchmark-")
        self.path = Path(self._folder.name)
        for name in DISTRIBUTIONS:
            self._copy(name)
        _copy_tree(Path(authorizer.__file__).parent, self.path / "authorizer")
        for function in (Path(__file__).parent / "functions").glob("*_function.py"):
            shutil.copy(function, self.path)
        (self.path / "keys.json").write_text(json.dumps(self._traffic.jwks), "utf-8")
        (self.path / "authorizer.toml").write_text(SETTINGS, "utf-8")
        self._compile()
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def _copy(self, name: str) -> None:
        for file in distribution(name).files or ():
            source = Path(str(file.locate()))
            if ".." in file.parts or "__pycache__" in file.parts or not source.is_file():
                continue
            target = self.path / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)

    def _compile(self) -> None:
        mode = PycInvalidationMode.UNCHECKED_HASH
        if not compileall.compile_dir(self.path, quiet=2, workers=1, invalidation_mode=mode):
            raise RuntimeError("some files do not compile")


def _copy_tree(source: Path, target: Path) -> None:
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "tools", "testing"))
