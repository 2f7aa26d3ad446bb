"""Reading the table: what is a row, and what is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from authorizer.tools.conformance.row import Call, Confidence
from authorizer.tools.conformance.table import BadRow, read_table, row_of
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from pathlib import Path

GIVEN: dict[str, Any] = {
    "id": "a-row",
    "says": "something",
    "api": "A",
    "path": "/a",
    "status": 200,
    "source": "AWS",
    "confidence": "doc",
}


def test_row_with_everything() -> None:
    given = GIVEN | {
        "token": "good",
        "send": {"A": ["1", "2"], "B": ""},
        "before": [{"path": "/b", "status": 403}, {"flush": True}],
        "messages": [{"send": "x", "at": {"a": 1}}],
        "null": ["x"],
        "facts": [1, 2],
    }
    row = row_of(given)
    sent = (("A", "1"), ("A", "2"), ("B", ""))
    assert row.call == Call(path="/a", token="good", send=sent)
    assert row.before[0] == Call(path="/b", token="good", send=sent, status=403)
    assert row.before[1].flush
    assert (row.expected.status, row.expected.null) == (200, ("x",))
    assert (row.messages[0].send, row.messages[0].expected.at) == ("x", {"a": 1})
    assert (row.confidence, row.facts) == (Confidence.DOC, (1, 2))


def test_empty_token_is_none() -> None:
    assert row_of(GIVEN | {"token": ""}).call.token is None


@pytest.mark.parametrize(
    "changed",
    [
        {"id": "A row"},
        {"id": None},
        {"statuz": 200},
        {"before": [{"expect": 1}]},
        {"messages": [{"send": "x", "path": "/"}]},
        {"confidence": "sure"},
        {"confidence": "unsure"},
        {"settles": "something"},
        {"others": {"moto": "x"}},
        {"body": "{"},
        {"like": {"a": "("}},
        {"headers_like": {"a": "("}},
    ],
    ids=str,
)
def test_what_is_no_row(changed: dict[str, Any]) -> None:
    with pytest.raises(BadRow, match=f"^{changed.get('id', 'a-row')}: "):
        row_of(GIVEN | changed)


@pytest.mark.parametrize("missing", ["says", "api", "status", "source", "confidence"])
def test_what_a_row_cannot_do_without(missing: str) -> None:
    with pytest.raises(BadRow):
        row_of({name: value for name, value in GIVEN.items() if name != missing})


ROW = '[[row]]\nid = "{}"\nsays = "x"\nstatus = 200\nsource = "AWS"\nconfidence = "doc"\n'


def test_files_are_read_in_order_and_have_defaults(tmp_path: Path) -> None:
    (tmp_path / "2.toml").write_text('[usual]\napi = "B"\n' + ROW.format("b"))
    (tmp_path / "1.toml").write_text('[usual]\napi = "A"\npath = "/x"\n' + ROW.format("a"))
    assert [(row.id, row.api, row.call.path) for row in read_table(tmp_path)] == [("a", "A", "/x"), ("b", "B", "/")]


@pytest.mark.parametrize("text", ['[usual]\napi = "A"\n' + ROW.format("a") * 2, ROW.format("a"), "[[row]"])
def test_wrong_table_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "1.toml").write_text(text)
    with pytest.raises(CommandError, match="the table cannot be read"):
        read_table(tmp_path)
