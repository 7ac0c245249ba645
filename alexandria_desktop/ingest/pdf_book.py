"""A PDF as a book: each page a section (``page/0`` …), its outline as contents, its first page as cover."""

from __future__ import annotations

import re
from pathlib import Path

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.book.model import Book, BookFormat, Metadata, Resource, Section, TocEntry
from alexandria_desktop.ingest.written import title_of_file
from alexandria_desktop.ingest.xhtml import MEDIA_TYPE
from alexandria_desktop.pdf.extract import PdfFile
from alexandria_desktop.pdf.model import PdfInfo

COVER = "cover.jpg"
_EMPTY_TITLE = re.compile(
    r"(?:untitled|no title|title|document\d*|slide \d+|presentation\d*|adobe photoshop pdf|layout \d+|.*\.(?:docx?|dvi|"
    r"indd|qxd|tex|pdf|ps|pptx?|xlsx?|rtf|eps|cdr|fm)|\W*\d*\W*)",
    re.IGNORECASE,
)
_WORD_PREFIX = re.compile(r"^Microsoft (?:Office )?(?:Word|PowerPoint|Excel) ?- ?", re.IGNORECASE)
_ISBN = re.compile(r"\b97[89][- ]?(?:\d[- ]?){9}\d\b")


def open_pdf(path: Path, *, edition: str, password: str | None = None) -> PdfSource:
    """Open a PDF; raises ReaderError, with ``import.password`` where one is needed or wrong."""
    try:
        file = PdfFile(path, password=password)
    except ReaderError as error:
        if error.code is Code.PDF_PASSWORD:
            raise ReaderError(Code.IMPORT_PASSWORD, error.message, detail=error.detail) from error
        raise
    return PdfSource(file, path, edition)


class PdfSource:
    """An opened PDF."""

    def __init__(self, file: PdfFile, path: Path, edition: str) -> None:
        self._file = file
        info = file.info
        self._book = Book(
            format=BookFormat.PDF,
            edition=edition,
            metadata=_metadata(info, path),
            sections=tuple(
                Section(index=index, href=f"page/{index}", label=label or None)
                for index, label in enumerate(info.labels)
            ),
            toc=tuple(
                TocEntry(entry.title, "" if entry.page is None else f"page/{entry.page}", entry.level)
                for entry in info.outline
            ),
            cover_href=COVER,
            fixed_layout=True,
            page_list=tuple((label, f"page/{index}") for index, label in enumerate(info.labels) if label),
            warnings=("The file is damaged; what could be saved of it is shown.",) if info.was_repaired else (),
        )

    @property
    def book(self) -> Book:
        """The description of the book."""
        return self._book

    def section(self, index: int) -> Resource:
        """Return the text of a page as a document whose canonical text counts as the page's own."""
        return Resource(f"page/{index}", MEDIA_TYPE, self._file.page_document(index))

    def resource(self, href: str) -> Resource | None:
        """Return the cover, or a page's text."""
        if href == COVER:
            try:
                return Resource(COVER, "image/jpeg", self._file.cover())
            except ReaderError:
                return None  # a first page that cannot be drawn: a book without a cover
        number = href.removeprefix("page/")
        if href.startswith("page/") and number.isdecimal() and int(number) < len(self._book.sections):
            return self.section(int(number))
        return None

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _metadata(info: PdfInfo, path: Path) -> Metadata:
    title = _WORD_PREFIX.sub("", info.said("title") or "")
    isbn = _ISBN.search(" ".join(filter(None, (info.said("subject"), info.said("keywords")))))
    return Metadata(
        title=title_of_file(path) if _EMPTY_TITLE.fullmatch(title) else title,
        authors=_authors(info.said("author") or ""),
        language=info.said("language"),
        published=info.said("created"),
        description=info.said("subject"),
        identifiers=(("isbn", re.sub(r"\D", "", isbn.group())),) if isbn else (),
        subjects=tuple(word.strip() for word in re.split(r"[,;]", info.said("keywords") or "") if word.strip()),
    )


def _authors(line: str) -> tuple[str, ...]:
    """Take apart a line of names; ``Surname, Name`` is one of them, ``A B, C D`` are two."""
    names: list[str] = []
    for part in re.split(r";|&|\band\b", line):
        pieces = [piece.strip() for piece in part.split(",") if piece.strip()]
        if len(pieces) > 1 and all(" " in piece for piece in pieces):
            names += pieces
        elif pieces:
            names.append(", ".join(pieces))
    return tuple(names)
