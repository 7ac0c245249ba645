"""Make PDFs for tests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pymupdf


def make_pdf(
    path: Path,
    pages: Sequence[str],
    *,
    password: str | None = None,
    outline: Sequence[tuple[int, str, int]] = (),
    labels: Sequence[dict[str, object]] = (),
    rotation: int = 0,
    metadata: dict[str, str] | None = None,
) -> Path:
    """Write a PDF with one text a page; an empty line in a text begins a new paragraph."""
    document = pymupdf.open()
    for text in pages:
        page = document.new_page(width=400, height=600)
        for number, paragraph in enumerate(text.split("\n\n")):
            if paragraph:
                page.insert_text((50, 80 + 120 * number), paragraph, fontsize=12)
        page.set_rotation(rotation)
    if outline:
        document.set_toc([list(entry) for entry in outline])
    if labels:
        document.set_page_labels(list(labels))
    if metadata:
        document.set_metadata(metadata)
    if password:
        document.save(path, encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw=password, owner_pw="owner")
    else:
        document.save(path)
    document.close()
    return path
