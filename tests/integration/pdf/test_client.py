"""The worker process, asked from the program."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from pathlib import Path

import psutil
import pytest

from alexandria_desktop.base.errors import Code, ReaderError, SurroundingsError
from alexandria_desktop.pdf.client import PdfClient
from alexandria_desktop.pdf.model import Priority, SearchHit
from alexandria_desktop.pdf.opening import open_document
from alexandria_desktop.pdf.page_text import page_text, page_words
from tests.support.data import shared_data
from tests.support.pdfs import make_pdf

PATIENCE = 60
pytestmark = pytest.mark.skipif(os.name != "posix", reason="sends signals to the worker")


@pytest.fixture(scope="module")
def client() -> Iterator[PdfClient]:
    with PdfClient() as opened:
        yield opened


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return make_pdf(tmp_path / "b\u00fccher \u672c.pdf", [f"Page {number} has a whale in it." for number in range(30)])


def test_the_worker_answers_as_the_engine_does(client: PdfClient, book: Path) -> None:
    document = client.open(book).result(PATIENCE)
    assert len(document.info.pages) == 30
    with open_document(book) as direct:
        assert document.text(3).result(PATIENCE) == page_text(direct, 3)
        assert document.words(3).result(PATIENCE) == page_words(direct, 3)
    assert len(document.quads(3, 0, 4).result(PATIENCE)) == 1
    assert document.links(3).result(PATIENCE) == ()
    assert document.cover().result(PATIENCE).startswith(b"\xff\xd8")


@pytest.mark.parametrize("zoom", [0.1, 1.0, 3.0])
def test_pixels_arrive_whole_by_pipe_and_by_shared_memory(client: PdfClient, book: Path, zoom: float) -> None:
    document = client.open(book).result(PATIENCE)
    image = document.draw(0, zoom=zoom).result(PATIENCE)
    assert (image.width, image.height) == (400 * zoom, 600 * zoom)
    assert len(image.data) == image.stride * image.height
    assert image.data[:3] == b"\xff\xff\xff"
    assert min(image.data) < 200


def test_a_locked_document_opens_with_its_password(client: PdfClient, tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "a.pdf", ["Secret"], password="sesame")
    with pytest.raises(ReaderError) as caught:
        client.open(path).result(PATIENCE)
    assert caught.value.code is Code.PDF_PASSWORD
    document = client.open(path, password="sesame").result(PATIENCE)
    assert document.info.needed_password
    assert document.text(0).result(PATIENCE) == "Secret"


def test_a_page_that_is_not_there_is_an_error_and_the_worker_lives(client: PdfClient, book: Path) -> None:
    document = client.open(book).result(PATIENCE)
    pid = client.worker_pid
    with pytest.raises(ReaderError):
        client.ask(
            {"verb": "draw", "path": str(book.parent / "none.pdf"), "password": None},
            lambda *_: None,
            priority=Priority.VISIBLE,
        ).result(PATIENCE)
    assert document.text(1).result(PATIENCE)
    assert client.worker_pid == pid


def test_search_lists_hits_as_they_come_and_counts_them(client: PdfClient, book: Path) -> None:
    document = client.open(book).result(PATIENCE)
    hits: list[SearchHit] = []
    assert document.search("WHALE  in", hits.extend, first_page=20).result(PATIENCE) == 30
    assert [hit.page for hit in hits] == [*range(20, 30), *range(20)]
    text = document.text(5).result(PATIENCE)
    hit = next(hit for hit in hits if hit.page == 5)
    assert text[hit.start : hit.end] == "whale in"
    assert document.search(" ", hits.extend).result(PATIENCE) == 0


def test_a_search_that_is_cancelled_ends(client: PdfClient, tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "a.pdf", ["A whale."] * 400)
    document = client.open(path).result(PATIENCE)
    seen = threading.Event()
    hits: list[SearchHit] = []

    def found(some: tuple[SearchHit, ...]) -> None:
        hits.extend(some)
        search.cancel()
        seen.set()

    blocker = document.draw(0)
    search = document.search("whale", found)
    blocker.result(PATIENCE)
    assert seen.wait(PATIENCE)
    with pytest.raises(CancelledError):
        search.result(PATIENCE)
    document.text(0).result(PATIENCE)
    count = len(hits)
    document.text(1, priority=Priority.BACKGROUND).result(PATIENCE)
    assert len(hits) == count < 400


def test_the_visible_page_goes_before_what_waits(client: PdfClient, book: Path) -> None:
    document = client.open(book).result(PATIENCE)
    order: list[str] = []
    waiting = [document.draw(number, zoom=3, priority=Priority.PREFETCH) for number in range(10)]
    for future in waiting:
        future.add_done_callback(lambda _: order.append("prefetched"))
    visible = document.draw(20, zoom=3)
    visible.add_done_callback(lambda _: order.append("visible"))
    for future in [*waiting, visible]:
        future.result(PATIENCE)
    assert order.index("visible") < 5


def test_what_was_cancelled_before_its_turn_is_not_done(client: PdfClient, book: Path, tmp_path: Path) -> None:
    document = client.open(book).result(PATIENCE)
    other = make_pdf(tmp_path / "other.pdf", ["x"])
    waiting = [document.draw(number, zoom=3) for number in range(4)]
    opening = client.open(other)
    assert opening.cancel()
    for future in [*waiting, document.text(0, priority=Priority.BACKGROUND)]:
        future.result(PATIENCE)
    opened = {file.path for file in psutil.Process(client.worker_pid).open_files()}
    assert str(book) in opened
    assert str(other) not in opened


def test_a_killed_worker_fails_its_request_and_the_next_one_starts_another(book: Path) -> None:
    with PdfClient() as client:
        document = client.open(book).result(PATIENCE)
        first = client.worker_pid
        assert first is not None
        os.kill(first, signal.SIGSTOP)
        lost = document.draw(0)
        kept = document.text(1)
        wait_until(lambda: client.running == "draw")
        os.kill(first, signal.SIGKILL)
        with pytest.raises(SurroundingsError) as caught:
            lost.result(PATIENCE)
        assert caught.value.code is Code.PDF_WORKER
        assert kept.result(PATIENCE) == "Page 1 has a whale in it."
        assert client.worker_pid != first


def test_a_worker_that_died_while_idle_costs_no_request(book: Path) -> None:
    with PdfClient() as client:
        document = client.open(book).result(PATIENCE)
        worker = psutil.Process(client.worker_pid)
        worker.kill()
        wait_until(lambda: not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE)
        assert document.text(1).result(PATIENCE) == "Page 1 has a whale in it."


def test_a_request_without_end_is_ended(book: Path) -> None:
    with PdfClient(seconds=0.5) as client:
        document = client.open(book).result(PATIENCE)
        pid = client.worker_pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        with pytest.raises(SurroundingsError) as caught:
            document.text(0).result(PATIENCE)
        assert caught.value.code is Code.PDF_WORKER
        assert not psutil.pid_exists(pid)


def test_a_closed_client_leaves_no_process_and_refuses_questions(book: Path) -> None:
    client = PdfClient()
    document = client.open(book).result(PATIENCE)
    pid = client.worker_pid
    assert pid is not None
    client.close()
    assert not psutil.pid_exists(pid)
    with pytest.raises(SurroundingsError):
        document.text(0).result(PATIENCE)


def test_the_programs_own_process_never_loads_the_engine() -> None:
    code = "import sys, alexandria_desktop.pdf.client; print('pymupdf' in sys.modules, 'PySide6' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["False", "False"]


def test_the_worker_never_loads_the_window() -> None:
    code = "import sys, alexandria_desktop.pdf.worker; print('PySide6' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "False"


@pytest.mark.data
def test_a_thousand_pages_are_searched_while_pages_are_drawn(client: PdfClient) -> None:
    document = client.open(shared_data() / "pdf" / "war-and-peace_long.pdf").result(PATIENCE)
    hits: list[SearchHit] = []
    search = document.search("bolkonski", hits.extend)
    assert document.draw(800, zoom=1.5).result(PATIENCE).width == 594
    assert not search.done()
    assert search.result(PATIENCE) == len(hits) == 173
    assert {hit.found for hit in hits} >= {"Bolk\u00f3nski"}


@pytest.mark.data
def test_damaged_files_never_end_the_worker(client: PdfClient) -> None:
    client.start().result(PATIENCE)
    pid = client.worker_pid
    for path in sorted((shared_data() / "pdf").glob("*.pdf")):
        try:
            document = client.open(path).result(PATIENCE)
        except ReaderError:
            continue
        document.draw(0, zoom=0.5).result(PATIENCE)
        document.words(len(document.info.pages) - 1).result(PATIENCE)
        document.close()
    assert client.worker_pid == pid
