"""Read a PDF in this very process: for import workers, which may load the engine; the window's process may not."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from alexandria_desktop.pdf.describe import describe
from alexandria_desktop.pdf.drawing import draw_cover
from alexandria_desktop.pdf.opening import open_document
from alexandria_desktop.pdf.page_text import page_document, page_text


class PdfFile:
    """A PDF opened in this process. One thread at a time: the engine allows no more."""

    def __init__(self, path: Path, *, password: str | None = None) -> None:
        self._document = open_document(path, password=password)
        self.info = describe(self._document, needed_password=password is not None)

    def text(self, page: int) -> str:
        """Return a page's canonical text, the same that the worker gives."""
        return page_text(self._document, page)

    def page_document(self, page: int) -> bytes:
        """Return a page's text as an XHTML document that has the same canonical text."""
        return page_document(self.text(page), title=self.info.labels[page] or str(page + 1))

    def cover(self) -> bytes:
        """Return the first page as JPEG of at most 600 pixels a side."""
        return draw_cover(self._document)

    def close(self) -> None:
        """Let go of the file."""
        self._document.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
