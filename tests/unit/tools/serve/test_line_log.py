"""One line per request, without what may hold a token."""

from __future__ import annotations

import pytest

from authorizer.tools.serve.line_log import Line, LineLog
from tests.unit.tools.serve.fake_core import SECRET


def bug() -> ValueError:
    try:
        raise ValueError(SECRET)
    except ValueError as error:
        return error


def test_line_tells_method_path_status_and_time() -> None:
    assert str(Line("GET", "/api/prod/pets", 200, 0.0123)) == "GET /api/prod/pets 200 12 ms"
    assert str(Line("WS", "/api", "closed 1001", 2, "idle")) == "WS /api closed 1001 2000 ms  idle"


def test_line_is_one_line_without_tokens() -> None:
    line = str(Line("GET", f"/{SECRET}/x" + "y" * 500, 200, 0, f"two\nlines {SECRET}"))
    assert SECRET not in line
    assert "\n" not in line
    assert len(line) < 500


def test_lines_are_written() -> None:
    written: list[str] = []
    LineLog(write=written.append).answered(Line("GET", "/", 200, 0))
    assert written == ["GET / 200 0 ms"]


def test_quiet_leaves_out_all_but_bugs() -> None:
    written: list[str] = []
    log = LineLog(quiet=True, write=written.append)
    log.answered(Line("GET", "/", 200, 0))
    log.failed(bug())
    assert len(written) == 1
    assert written[0].startswith("internal error: ValueError at test_line_log.py:")
    assert SECRET not in written[0]


@pytest.mark.parametrize("error", [BrokenPipeError, ValueError, SystemExit])
def test_nobody_reading_the_log_stops_nothing(error: type[BaseException]) -> None:
    def fail(_: str) -> None:
        raise error

    LineLog(write=fail).answered(Line("GET", "/", 200, 0))


def test_lines_go_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    LineLog().answered(Line("GET", "/\x1b[31m[bold]", 200, 0))
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "GET /\\x1b[31m[bold] 200 0 ms\n"
