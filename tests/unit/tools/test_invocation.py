"""What is read from a response and from the output around it."""

from __future__ import annotations

import pytest

from authorizer.tools.invocation import FunctionError, Invocation, read_invocation

LINE = b'{"decision":"allow","message":"allow"}\n'


def invocation(body: bytes = b"{}", output: bytes = b"") -> Invocation:
    return read_invocation(body, output, 0.1)


def test_answer_is_the_document() -> None:
    assert invocation(b'{"isAuthorized":true}').answer == {"isAuthorized": True}


def test_error_document_is_no_answer() -> None:
    result = invocation(b'{"errorMessage":"Unauthorized","errorType":"Unauthorized"}')
    assert result.answer is None
    assert result.error == FunctionError(kind="Unauthorized", message="Unauthorized")


def test_text_is_an_error() -> None:
    assert invocation(b"Task timed out after 2.00 seconds").error is not None


def test_decision_line_is_found_among_others() -> None:
    result = invocation(output=b"START RequestId: 1\n" + LINE + b"{broken\n[1]\nEND RequestId: 1\n")
    assert result.decision == {"decision": "allow", "message": "allow"}


@pytest.mark.parametrize("output", [b"", LINE * 2, b'{"level":"INFO"}\n'])
def test_none_or_several_decision_lines_are_no_decision(output: bytes) -> None:
    assert invocation(output=output).decision is None


def test_traceback_is_one_line() -> None:
    assert invocation(output=b"[ERROR] X: y\rTraceback\r  File\nEND").log_lines == (
        "[ERROR] X: y\rTraceback\r  File",
        "END",
    )


def test_all_bytes_hold_output_and_answer() -> None:
    everything = invocation('{"a":"ü"}'.encode(), b"written").all_bytes
    assert b"written" in everything
    assert "ü".encode() in everything


def test_output_is_not_in_the_representation() -> None:
    assert "written" not in repr(invocation(output=b"written"))
