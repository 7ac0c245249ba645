"""Set HTML into the pages of a new PDF: courses, certificates, tables to print."""

from __future__ import annotations

from pathlib import Path

import pymupdf

from alexandria_desktop.base.errors import Code, ReaderError, SurroundingsError
from alexandria_desktop.pdf.opening import MUPDF_ERRORS

MAX_PAGES = 5_000
MARGIN = 54.0
"""Points on each side of an A4 page."""


def compose(html: str, css: str, folder: Path, target: Path, *, title: str = "") -> int:
    """Write a PDF and return how many pages it has; pictures are looked for in ``folder`` and nowhere else."""
    paper = pymupdf.paper_rect("a4")
    inside = pymupdf.Rect(paper.x0 + MARGIN, paper.y0 + MARGIN, paper.x1 - MARGIN, paper.y1 - MARGIN)
    count = 0
    try:
        story = pymupdf.Story(html, user_css=css, archive=pymupdf.Archive(str(folder)))
        writer = pymupdf.DocumentWriter(str(target))
        more = 1
        while more:
            if count >= MAX_PAGES:
                raise ReaderError(Code.IMPORT_TOO_LARGE, f"It would have more than {MAX_PAGES:,} pages.")
            device = writer.begin_page(paper)
            more, _ = story.place(inside)
            story.draw(device)
            writer.end_page()
            count += 1
        writer.close()
    except MUPDF_ERRORS as error:
        raise SurroundingsError(Code.PDF_WORKER, "The PDF could not be written.", detail=str(error)) from error
    if title:
        _set_title(target, title)
    return count


def _set_title(target: Path, title: str) -> None:
    with pymupdf.open(target) as document:
        document.set_metadata({"title": title})
        document.saveIncr()
