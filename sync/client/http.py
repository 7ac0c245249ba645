"""The server over HTTP: one connection kept, both ways compressed, every fault as one that a round understands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import httpx
import orjson

from sync.client.reaching import ServerClient, unreached
from sync.client.wire import Wire
from sync.protocol.compression import accepted_encodings, compressed
from sync.protocol.errors import Refused, SignedOut, Unreachable
from sync.protocol.holdings import Holdings, from_json
from sync.protocol.messages import PullRequest

_JSON = {"Content-Type": "application/json"}
_NOT_THE_SERVER = "What answers is not the server. Networks that want you to sign in on a page first do this."


class HttpEndpoint:
    """A server that this library is signed in to."""

    def __init__(self, address: str, token: str, *, client: httpx.Client | None = None) -> None:
        self._client = client or ServerClient(address)
        self._headers = {"Authorization": f"Bearer {token}"}
        self._wire = Wire()
        self._taken: frozenset[str] = frozenset()
        """How bodies may be compressed, by the server's last word."""

    def pull(self, request: PullRequest) -> bytes:
        """Return one page of what the device does not have."""
        return self._post("/v1/pull", orjson.dumps(request.as_json()))

    def push(self, body: bytes) -> bytes:
        """Hand in a frozen batch and return what became of it."""
        return self._post("/v1/push", body)

    def verify(self, request: PullRequest, aside: Sequence[UUID]) -> Holdings | None:
        """Return what the device should have; None where it has yet to take in what is new."""
        words = request.as_json()
        del words["page"]
        words.pop("heard", None)
        try:
            answer = self._post("/v1/verify", orjson.dumps({**words, "aside": [str(one) for one in aside]}))
        except Refused as fault:
            if fault.code != "not_up_to_date":
                raise
            return None
        with as_the_server_writes():
            return from_json(orjson.loads(answer)["tables"])

    def cut(self) -> None:
        """Cut off the request that is under way, from another thread; it ends as Unreachable."""
        self._wire.cut()

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def _post(self, path: str, body: bytes) -> bytes:
        sent, encoding = compressed(body, self._taken)
        headers = {**self._headers, **_JSON, **({"Content-Encoding": encoding} if encoding else {})}
        told: dict[str, Any] = {"headers": headers, "extensions": {"trace": self._wire.watch}}
        answer = request(self._client, "POST", path, content=sent, **told)
        self._taken = accepted_encodings(answer.headers.get("accept-encoding", ""))
        return answer.content


def request(client: httpx.Client, method: str, path: str, **more: Any) -> httpx.Response:
    """Send a request and return its answer. Raises Unreachable, SignedOut or Refused."""
    try:
        answer = client.request(method, path, **more)
    except httpx.HTTPError as fault:
        raise unreached(fault, client) from fault
    if answer.is_success and not is_page(answer):
        return answer
    raise refusal(answer)


def is_page(answer: httpx.Response) -> bool:
    """Whether an answer is a page for people, which the server has none of; a book may be one as well."""
    return str(answer.headers.get("content-type", "")).lower().startswith("text/html")


@contextmanager
def as_the_server_writes() -> Iterator[None]:
    """Read an answer in the block. Raises Unreachable where it is not one of the server's."""
    try:
        yield
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise Unreachable(_NOT_THE_SERVER) from fault


def refusal(answer: httpx.Response) -> Unreachable | Refused:
    """Return what an answer that is no success, or a page, means to a round."""
    if answer.is_success or answer.is_redirect or answer.status_code == 511:
        return Unreachable(_NOT_THE_SERVER)
    code, sentence = _words(answer)
    if answer.status_code == 401:
        return SignedOut(401, code, sentence)
    if answer.status_code in (429, 502, 503, 504):
        return Unreachable(sentence, retry_after=_seconds(answer.headers))
    return Refused(answer.status_code, code, sentence)


def _words(answer: httpx.Response) -> tuple[str, str]:
    """Return code and sentence; whoever answers may be a proxy that knows nothing of us."""
    try:
        error = orjson.loads(answer.content)["error"]
        return str(error["code"]), str(error["message"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return f"http_{answer.status_code}", f"The server answered with {answer.status_code}."


def _seconds(headers: Mapping[str, str]) -> float | None:
    value = headers.get("retry-after", "")
    return float(value) if value.isdecimal() and len(value) < 10 else None
