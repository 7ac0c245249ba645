"""What kind of book a file is: by what it holds first, by its name second; and the one way to open any of them."""

from __future__ import annotations

import hashlib
import importlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import cast

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.book.model import BookFormat, BookSource
from alexandria_desktop.ingest.archive import Archive

PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".bmp")
_HEAD = 4096
_PDF_NEAR = 1024
_PDF_FAR = 1024 * 1024
"""Some mailers and servers put their own bytes before a PDF; only a file named .pdf is searched this far."""

_NAMES = {
    ".epub": BookFormat.EPUB,
    ".kepub": BookFormat.EPUB,
    ".pdf": BookFormat.PDF,
    ".cbz": BookFormat.CBZ,
    ".fb2": BookFormat.FB2,
    ".mobi": BookFormat.MOBI,
    ".prc": BookFormat.MOBI,
    ".azw": BookFormat.MOBI,
    ".azw3": BookFormat.MOBI,
    ".html": BookFormat.HTML,
    ".htm": BookFormat.HTML,
    ".xhtml": BookFormat.HTML,
    ".md": BookFormat.MARKDOWN,
    ".markdown": BookFormat.MARKDOWN,
    ".txt": BookFormat.TEXT,
    ".text": BookFormat.TEXT,
}
SUFFIXES = frozenset(_NAMES) | {".fbz"}
"""The endings of names that a search through a folder picks up; ``.fb2.zip`` ends in another."""

_PROMISE_MORE_THAN_TEXT = frozenset({BookFormat.EPUB, BookFormat.PDF, BookFormat.CBZ, BookFormat.MOBI, BookFormat.FB2})

_OPENERS = {
    BookFormat.EPUB: ("epub", "open_epub"),
    BookFormat.PDF: ("pdf_book", "open_pdf"),
    BookFormat.CBZ: ("cbz", "open_cbz"),
    BookFormat.FB2: ("fb2", "open_fb2"),
    BookFormat.MOBI: ("mobi", "open_mobi"),
    BookFormat.HTML: ("html", "open_html"),
    BookFormat.MARKDOWN: ("markdown", "open_markdown"),
    BookFormat.TEXT: ("plain", "open_text"),
}

_UNSUPPORTED: tuple[tuple[bytes, int, str], ...] = (
    (b"Rar!", 0, "This is a RAR archive; comics open as CBZ, the ZIP kind."),
    (b"7z\xbc\xaf\x27\x1c", 0, "This is a 7z archive; comics open as CBZ, the ZIP kind."),
    (b"AT&TFORM", 0, "DjVu files cannot be read."),
    (b"ITSF", 0, "CHM help files cannot be read."),
    (b"ITOLITLS", 0, "Microsoft Reader (LIT) files cannot be read."),
    (b"{\\rtf", 0, "RTF documents cannot be read."),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, "Old Office documents cannot be read."),
    (b"TPZ", 0, "Kindle Topaz files cannot be read."),
    (b"CONT\x02\x00", 0, "Kindle KFX files cannot be read."),
    (b"\xeaDRMION\xee", 0, "This Kindle file is protected and cannot be read."),
    (b"PNRdPPrs", 60, "eReader (PDB) files cannot be read."),
    (b"%!PS", 0, "PostScript files cannot be read."),
)
_OTHER_THINGS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"ID3", "a sound file"),
    (b"OggS", "a sound file"),
    (b"fLaC", "a sound file"),
    (b"RIFF", "a sound or video file"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"SQLite format 3\x00", "a database"),
    (b"\x1f\x8b", "a compressed file"),
)
_DATA_SUFFIXES = frozenset({".json", ".jsonl", ".csv", ".tsv", ".css", ".js", ".opf", ".ncx", ".atom", ".xml"})
_HTML = re.compile(r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_FB2 = re.compile(r"<(?:\w+:)?FictionBook\b")
_XML = re.compile(r"\s*<\?xml\b")


def fingerprint(path: Path) -> str:
    """Return the SHA-256 of a file in hex; the file is streamed."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def open_book(path: Path, *, edition: str | None = None) -> BookSource:
    """Open a file of any kind that can be read; raises ReaderError with what is wrong with it."""
    kind = detect_format(path)
    module, function = _OPENERS[kind]
    opener = getattr(importlib.import_module(f"alexandria_desktop.ingest.{module}"), function)
    return cast(Callable[..., BookSource], opener)(path, edition=edition or fingerprint(path))


def detect_format(path: Path) -> BookFormat:
    """Return the kind of a file; raises ReaderError where it is none that can be read."""
    head, size = _read_head(path)
    if size == 0:
        raise ReaderError(Code.IMPORT_EMPTY, "The file is empty.")
    named = named_format(path)
    if b"%PDF-" in head[:_PDF_NEAR]:
        return BookFormat.PDF
    if head[60:68] in (b"BOOKMOBI", b"TEXtREAd"):
        return BookFormat.MOBI
    if _is_zip(head) or (named in (BookFormat.EPUB, BookFormat.CBZ) and not _looks_like_text(head)):
        return _kind_of_zip(path, named)
    if named is BookFormat.PDF and not _looks_like_text(head):
        if b"%PDF-" in _read(path, _PDF_FAR):
            return BookFormat.PDF
        raise ReaderError(Code.IMPORT_NOT_A_BOOK, "The file is named as a PDF but is none.")
    _refuse_other_things(head)
    return _kind_of_text(head, path, named)


def named_format(path: Path) -> BookFormat | None:
    """Return the kind that a file's name promises, or None."""
    name = path.name.lower()
    if name.endswith((".fb2.zip", ".fbz")):
        return BookFormat.FB2
    return _NAMES.get(path.suffix.lower())


def _read_head(path: Path) -> tuple[bytes, int]:
    try:
        if path.is_dir():
            raise ReaderError(Code.IMPORT_NOT_A_BOOK, "This is a folder, not a book.")
        return _read(path, _HEAD), path.stat().st_size
    except FileNotFoundError as error:
        raise ReaderError(Code.IMPORT_MISSING, "There is no such file.", detail=str(path)) from error
    except OSError as error:
        raise ReaderError(Code.IMPORT_DAMAGED, "The file could not be read.", detail=str(error)) from error


def _read(path: Path, count: int) -> bytes:
    with path.open("rb") as file:
        return file.read(count)


def _is_zip(head: bytes) -> bool:
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def _kind_of_zip(path: Path, named: BookFormat | None) -> BookFormat:
    with Archive(path) as archive:
        names = [name.lower() for name in archive.order]
    if "mimetype" in names or any(name == "meta-inf/container.xml" or name.endswith(".opf") for name in names):
        return BookFormat.EPUB
    if any(name.endswith(".fb2") for name in names):
        return BookFormat.FB2
    if any(name.endswith(PICTURES) for name in names):
        return BookFormat.CBZ
    if not names:
        raise ReaderError(Code.IMPORT_NO_CONTENT, "The archive is empty.")
    if named is BookFormat.EPUB:
        return BookFormat.EPUB
    if "[content_types].xml" in names:
        raise ReaderError(Code.IMPORT_UNSUPPORTED, "Office documents cannot be read.")
    raise ReaderError(Code.IMPORT_NOT_A_BOOK, "The archive holds no book.")


def _refuse_other_things(head: bytes) -> None:
    for magic, offset, sentence in _UNSUPPORTED:
        if head.startswith(magic, offset):
            raise ReaderError(Code.IMPORT_UNSUPPORTED, sentence)
    for magic, thing in _OTHER_THINGS:
        if head.startswith(magic):
            raise ReaderError(Code.IMPORT_NOT_A_BOOK, f"This is {thing}, not a book.")
    if not _looks_like_text(head):
        raise ReaderError(Code.IMPORT_NOT_A_BOOK, "The file holds no text and is no kind of book that can be read.")


def _kind_of_text(head: bytes, path: Path, named: BookFormat | None) -> BookFormat:
    text = _decode_head(head)
    if _FB2.search(text):
        return BookFormat.FB2
    is_html = _HTML.match(text) is not None
    if named in _PROMISE_MORE_THAN_TEXT:
        thing = "a web page" if is_html else "plain text"
        raise ReaderError(Code.IMPORT_NOT_A_BOOK, f"The file is named {path.suffix.lower()} but holds {thing}.")
    if named in (BookFormat.MARKDOWN, BookFormat.TEXT):
        return named
    if is_html or named is BookFormat.HTML:
        return BookFormat.HTML
    if _XML.match(text) or path.suffix.lower() in _DATA_SUFFIXES:
        raise ReaderError(Code.IMPORT_UNSUPPORTED, "The file holds data, not a book.")
    return BookFormat.TEXT


def _decode_head(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace")
    return head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")


def _looks_like_text(head: bytes) -> bool:
    """Tell text from other bytes: no NULs but UTF-16's, and hardly any control characters."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return True
    if b"\x00" in head:
        return looks_like_utf16(head) is not None
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\x1b\x1a" for byte in head)
    return controls <= len(head) // 100


def looks_like_utf16(data: bytes) -> str | None:
    """Return the codec of UTF-16 without a mark, told by where the zero bytes of Latin letters stand, or None."""
    pairs = len(data) // 2
    if pairs < 2:
        return None
    even, odd = data[0 : pairs * 2 : 2].count(0), data[1 : pairs * 2 : 2].count(0)
    if odd > pairs // 2 and even < pairs // 50 + 1:
        return "utf-16-le"
    if even > pairs // 2 and odd < pairs // 50 + 1:
        return "utf-16-be"
    return None
