"""Whether code has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authorizer.tools.local_functions.reload import Watched

if TYPE_CHECKING:
    from pathlib import Path


class Clock:
    """A clock that moves on by a second with each look."""

    def __init__(self, step: float = 1.0) -> None:
        self.now = 0.0
        self.step = step

    def __call__(self) -> float:
        self.now += self.step
        return self.now


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("app.py", "node_modules/x.py", "__pycache__/x.py", ".venv/x.py", ".git/x.py", ".aws-sam/x.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("1")
    return tmp_path


@pytest.mark.parametrize("name", ["app.py", "new.py", "sub/new.toml", "keys.json", "rules.yaml"])
def test_written_file_is_a_change_once(folder: Path, name: str) -> None:
    watched = Watched([folder], Clock())
    assert not watched.changed()
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("other")
    assert [watched.changed(), watched.changed()] == [True, False]


def test_removed_file_is_a_change(folder: Path) -> None:
    watched = Watched([folder], Clock())
    (folder / "app.py").unlink()
    assert watched.changed()


@pytest.mark.parametrize("name", ["page.html", "node_modules/x.py", "__pycache__/x.py", ".venv/x.py", ".aws-sam/x.py"])
def test_other_files_do_not_count(folder: Path, name: str) -> None:
    watched = Watched([folder], Clock())
    (folder / name).write_text("other")
    assert not watched.changed()


def test_build_folder_counts_where_it_is_the_root(folder: Path) -> None:
    watched = Watched([folder / ".aws-sam"], Clock())
    (folder / ".aws-sam" / "x.py").write_text("other")
    assert watched.changed()


def test_single_file_that_comes_into_being_is_a_change(folder: Path) -> None:
    watched = Watched([folder / "authorizer.toml"], Clock())
    (folder / "authorizer.toml").write_text("")
    assert watched.changed()


def test_nobody_looks_again_at_once(folder: Path) -> None:
    watched = Watched([folder], Clock(step=0.2))
    (folder / "app.py").write_text("other")
    assert [watched.changed(), watched.changed()] == [False, True]
