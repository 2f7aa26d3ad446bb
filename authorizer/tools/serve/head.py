"""Reading requests with h11: within a limit, and remembering what uvicorn forgets."""

from __future__ import annotations

from http import HTTPStatus

import h11


class HeadReader(h11.Connection):
    """A server's side of a connection. `request` is the last head, `complaint` the status for what was malformed."""

    request: h11.Request
    complaint: int = HTTPStatus.BAD_REQUEST

    def __init__(self, most: int) -> None:
        super().__init__(h11.SERVER, most)
        self._most = most

    def next_event(self) -> type[h11.NEED_DATA | h11.PAUSED] | h11.Event:
        """The next event. h11 bounds only heads that came in pieces; one above the limit is refused in any case."""
        try:
            event = super().next_event()
            if isinstance(event, h11.Request):
                self._measure(event)
                self.request = event
        except h11.RemoteProtocolError as error:
            self.complaint = error.error_status_hint
            raise
        return event

    def _measure(self, head: h11.Request) -> None:
        size = len(head.target) + sum(len(name) + len(value) + len(": \r\n") for name, value in head.headers)
        if size > self._most:
            status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            raise h11.RemoteProtocolError("head too long", error_status_hint=status)
