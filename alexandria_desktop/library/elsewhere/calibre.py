"""Books of a calibre library: the best file of each, with what calibre knows of it laid over what the file says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from lxml import html

from alexandria_desktop.book.model import Metadata
from alexandria_desktop.library.elsewhere.looking import is_calibre_library
from alexandria_desktop.store.calibre import CalibreBook, read_calibre

BEST_FIRST = ("EPUB", "KEPUB", "AZW3", "MOBI", "AZW", "PRC", "FB2", "CBZ", "PDF", "HTML", "MD", "TXT")
UNKNOWN = "unknown"
"""What calibre calls a title and an author that it does not know."""

_LANGUAGES = {
    "ara": "ar", "bul": "bg", "cat": "ca", "ces": "cs", "cze": "cs", "cym": "cy", "dan": "da", "deu": "de", "ger": "de",
    "ell": "el", "gre": "el", "eng": "en", "epo": "eo", "est": "et", "eus": "eu", "fas": "fa", "fin": "fi", "fra": "fr",
    "fre": "fr", "gle": "ga", "glg": "gl", "heb": "he", "hin": "hi", "hrv": "hr", "hun": "hu", "hye": "hy", "ind": "id",
    "isl": "is", "ita": "it", "jpn": "ja", "kat": "ka", "kor": "ko", "lat": "la", "lav": "lv", "lit": "lt", "nld": "nl",
    "dut": "nl", "nno": "nn", "nob": "nb", "nor": "no", "pol": "pl", "por": "pt", "ron": "ro", "rum": "ro", "rus": "ru",
    "slk": "sk", "slv": "sl", "spa": "es", "srp": "sr", "swe": "sv", "tha": "th", "tur": "tr", "ukr": "uk", "urd": "ur",
    "vie": "vi", "yid": "yi", "zho": "zh", "chi": "zh",
}  # fmt: skip
"""The tag that is used here for each code of calibre's."""


@dataclass(frozen=True, slots=True)
class Described:
    """A file, and what calibre knows of its book."""

    path: Path
    book: CalibreBook

    def over(self, own: Metadata) -> Metadata:
        """Return what a file says of itself with calibre's word where it has one."""
        book = self.book
        known = own.identifiers
        return replace(
            own,
            title=own.title if book.title.strip().lower() in ("", UNKNOWN) else book.title,
            authors=own.authors if [one.lower() for one in book.authors] in ([], [UNKNOWN]) else book.authors,
            language=_language(book.language) or own.language,
            publisher=book.publisher or own.publisher,
            published=book.published or own.published,
            description=_plain(book.comments) or own.description,
            identifiers=(*known, *(one for one in book.identifiers if one not in known)),
            series=book.series or own.series,
            series_index=book.series_index if book.series else own.series_index,
        )


def files_of(library: Path) -> list[Described]:
    """Return the file of each book that is read best; books without a file that can be read are left out."""
    found = []
    for book in read_calibre(library):
        path = _best(library, book)
        if path is not None:
            found.append(Described(path, book))
    return found


def described(files: Iterable[Path]) -> dict[Path, Described]:
    """Return what calibre knows of files that lie in libraries of its own, each file given by itself."""
    by_library: dict[Path, dict[str, CalibreBook]] = {}
    found = {}
    for path in files:
        parents = path.parents
        if len(parents) < 3 or not re.search(r"\(\d+\)\Z", parents[0].name):
            continue
        library = parents[2]
        if library not in by_library:
            known = read_calibre(library) if is_calibre_library(library) else []
            by_library[library] = {f"{book.folder}/{name}": book for book in known for name in book.files.values()}
        book = by_library[library].get(path.relative_to(library).as_posix())
        if book is not None:
            found[path] = Described(path, book)
    return found


def best_of(files: Iterable[Described]) -> list[Path]:
    """Return of each book the file that is read best."""
    chosen: dict[Path, Path] = {}
    for one in sorted(files, key=lambda one: _rank(one.path)):
        chosen.setdefault(one.path.parent, one.path)
    return list(chosen.values())


def _rank(path: Path) -> int:
    kind = path.suffix.lstrip(".").upper()
    return BEST_FIRST.index(kind) if kind in BEST_FIRST else len(BEST_FIRST)


def _best(library: Path, book: CalibreBook) -> Path | None:
    root = library.resolve()
    for kind in BEST_FIRST:
        name = book.files.get(kind)
        if name is None:
            continue
        path = library / book.folder / name
        # A database from elsewhere may name any file; only those of its own folder are its books.
        if path.is_file() and root in path.resolve().parents:
            return path
    return None


def _language(code: str | None) -> str | None:
    return _LANGUAGES.get(code.lower()) if code else None


def _plain(comments: str | None) -> str | None:
    if comments is None or not comments.strip():
        return None
    words = html.fromstring(f"<div>{comments}</div>").text_content()
    return re.sub(r"[^\S\n]+", " ", words).strip() or None
