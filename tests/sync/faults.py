"""Wires that lose requests and answers, cut bodies, and say things twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum

from sync.protocol.endpoint import Endpoint
from sync.protocol.errors import Unreachable
from sync.protocol.messages import PullRequest


class Fault(StrEnum):
    """What happens to one exchange."""

    NONE = "none"
    LOST_REQUEST = "lost request"
    LOST_ANSWER = "lost answer"
    CUT_ANSWER = "cut answer"
    TWICE = "twice"
    """The request arrives twice, and the second answer is the one that is heard."""


class Wire:
    """An endpoint behind a wire with faults, one for each exchange in turn; then it is sound."""

    def __init__(self, endpoint: Endpoint, faults: Iterator[Fault], heard: list[bytes] | None = None) -> None:
        self._endpoint = endpoint
        self._faults = faults
        self.heard: list[bytes] = [] if heard is None else heard
        """Every answer that came through, whole or not."""

    def pull(self, request: PullRequest) -> bytes:
        return self._exchange(lambda: self._endpoint.pull(request))

    def push(self, body: bytes) -> bytes:
        return self._exchange(lambda: self._endpoint.push(body))

    def _exchange(self, send: Callable[[], bytes]) -> bytes:
        fault = next(self._faults, Fault.NONE)
        if fault is Fault.LOST_REQUEST:
            raise Unreachable("The request was lost.")
        answer = send()
        if fault is Fault.TWICE:
            answer = send()
        if fault is Fault.LOST_ANSWER:
            raise Unreachable("The answer was lost.")
        if fault is Fault.CUT_ANSWER:
            answer = answer[: len(answer) * 2 // 3]
        self.heard.append(answer)
        return answer
