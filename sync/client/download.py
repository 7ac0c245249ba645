"""Bytes of one answer into a part of a file, going on where it was cut off."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx

from sync.client.http import is_page, refusal
from sync.client.reaching import unreached
from sync.client.wire import Wire
from sync.protocol.blobs import Interrupted, Progress

BLOCK = 256 * 1024
_RANGE = re.compile(r"bytes (\d{1,20})-")


class Unfit(Exception):  # noqa: N818 - what it says of the bytes
    """What comes is more than is believed, or goes on elsewhere than was asked."""


def download(
    client: httpx.Client,
    path: str,
    part: Path,
    *,
    tag: str,
    headers: Mapping[str, str],
    wire: Wire,
    most: int | None = None,
    on_progress: Progress = lambda _done, _all: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> str:
    """Fetch into ``part`` what has a tag, after what is there already, and return the tag of what came.

    A part that is as long as all of it, or longer, is left to its reader. Raises SyncError, Interrupted, or Unfit, also
    for more than ``most`` bytes; what has come stays, but for what is unfit.
    """
    have = part.stat().st_size if part.exists() else 0
    # A range counts the bytes as they lie on the server, and what is compressed says nothing of what it opens to.
    asked = {**headers, "Accept-Encoding": "identity"}
    if have:
        asked |= {"Range": f"bytes={have}-", "If-Range": f'"{tag}"'}
    try:
        with client.stream("GET", path, headers=asked, extensions={"trace": wire.watch}) as answer:
            if have and answer.status_code == 416:
                return tag
            if not answer.is_success:
                answer.read()
                raise refusal(answer)
            if answer.headers.get("content-encoding", "identity") != "identity":
                raise Unfit("it comes in a form that was not asked for")
            goes_on = answer.status_code == 206
            named = answer.headers.get("etag", "").removeprefix("W/").strip('"')
            if is_page(answer) and named != tag:
                raise refusal(answer)  # before it is written over what has come
            came = named or tag
            begin = _RANGE.match(answer.headers.get("content-range", ""))
            if goes_on and (came != tag or begin is None or int(begin[1]) != have):
                raise Unfit("the rest is of something else")
            _take(answer, part, append=goes_on, most=most, on_progress=on_progress, is_cancelled=is_cancelled)
            return came
    except httpx.HTTPError as fault:
        raise unreached(fault, client) from fault
    except Unfit:
        part.unlink(missing_ok=True)
        raise


def _take(
    answer: httpx.Response,
    part: Path,
    *,
    append: bool,
    most: int | None,
    on_progress: Progress,
    is_cancelled: Callable[[], bool],
) -> None:
    with part.open("ab" if append else "wb") as file:
        whole = file.tell() + int(answer.headers.get("content-length", 0))
        for block in answer.iter_raw():
            if most is not None and file.tell() + len(block) > most:
                raise Unfit("more comes than is believed")
            file.write(block)
            on_progress(file.tell(), whole)
            if is_cancelled():
                raise Interrupted
        file.flush()
        os.fsync(file.fileno())
