"""Open a PDF with MuPDF, and say in one sentence why where it cannot be done."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from stringprep import in_table_b1, in_table_c12

import pymupdf

from alexandria_desktop.base.errors import Code, ReaderError

MUPDF_ERRORS: tuple[type[Exception], ...] = (
    RuntimeError,
    ValueError,
    IndexError,
    KeyError,
    TypeError,
    MemoryError,
    pymupdf.mupdf.FzErrorBase,
)
"""What PyMuPDF raises over a broken file: most of its errors derive from RuntimeError, its Python code stumbles."""

_HEADER_SIZE = 5


def quiet() -> None:
    """Keep MuPDF's complaints about damaged files out of the program's output."""
    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)


def open_document(path: Path, *, password: str | None = None) -> pymupdf.Document:
    """Open a PDF; raises ReaderError where it is empty, damaged beyond repair, without pages or locked."""
    quiet()
    document = _open(path)
    try:
        _unlock(document, password)
        if _page_count(document) < 1:
            raise ReaderError(
                Code.IMPORT_NO_CONTENT if not document.is_repaired else Code.IMPORT_DAMAGED,
                "This PDF is damaged: none of its pages can be found."
                if document.is_repaired
                else "This PDF has no pages.",
            )
    except BaseException:
        document.close()
        raise
    return document


def _open(path: Path) -> pymupdf.Document:
    try:
        size = path.stat().st_size
    except FileNotFoundError as error:
        raise ReaderError(Code.BOOK_FILE_MISSING, "The file of this book is not there.", detail=str(path)) from error
    if size < _HEADER_SIZE:
        raise ReaderError(Code.IMPORT_EMPTY, "The file is empty.")
    try:
        if _is_utf8(str(path)):
            return pymupdf.open(str(path), filetype="pdf")
        return pymupdf.open(stream=path.read_bytes(), filetype="pdf")  # MuPDF takes names in UTF-8 only
    except OSError as error:
        raise ReaderError(Code.IMPORT_DAMAGED, "The file could not be read.", detail=str(error)) from error
    except MUPDF_ERRORS as error:
        raise ReaderError(
            Code.IMPORT_DAMAGED, "This PDF is damaged and cannot be opened.", detail=str(error)
        ) from error


def _is_utf8(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _page_count(document: pymupdf.Document) -> int:
    try:
        return int(document.page_count)
    except MUPDF_ERRORS as error:
        raise ReaderError(
            Code.IMPORT_DAMAGED, "This PDF is damaged: its list of pages makes no sense.", detail=str(error)
        ) from error


def _unlock(document: pymupdf.Document, password: str | None) -> None:
    if not document.needs_pass:
        return
    if password is None:
        raise ReaderError(Code.PDF_PASSWORD, "This PDF is locked with a password.")
    if not any(document.authenticate(spelling) for spelling in spellings(password)):
        raise ReaderError(Code.PDF_PASSWORD, "The password does not open this PDF.")


def spellings(password: str) -> Iterator[str]:
    """Yield a password as typed, then as RFC 4013 (SASLprep) spells it, then without the spaces around it."""
    seen: set[str] = set()
    prepared = unicodedata.normalize(
        "NFKC",
        "".join(" " if in_table_c12(character) else character for character in password if not in_table_b1(character)),
    )
    for spelling in (password, prepared, unicodedata.normalize("NFD", password), prepared.strip()):
        if spelling not in seen:
            seen.add(spelling)
            yield spelling
