"""What kind of book a file is."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.book.model import BookFormat
from alexandria_desktop.ingest.detect import detect_format, fingerprint, open_book
from tests.support.data import shared_data


def zip_of(*names: str) -> bytes:
    import io

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


KINDS = [
    ("a.bin", b"%PDF-1.7\n", BookFormat.PDF),
    ("a.pdf", b"\x00" * 2048 + b"%PDF-1.7\n", BookFormat.PDF),
    ("a.bin", zip_of("mimetype", "META-INF/container.xml"), BookFormat.EPUB),
    ("a.zip", zip_of("1.png", "2.png"), BookFormat.CBZ),
    ("a.fb2.zip", zip_of("book.fb2"), BookFormat.FB2),
    ("a.epub", b"garbage" * 20 + zip_of("META-INF/container.xml"), BookFormat.EPUB),
    ("a.bin", b"x" * 60 + b"BOOKMOBI" + b"\x00" * 80, BookFormat.MOBI),
    ("a.txt.bak", b"<!DOCTYPE html><html><body>x", BookFormat.HTML),
    ("a.xml", b'<?xml version="1.0"?><FictionBook xmlns="x">', BookFormat.FB2),
    ("a.xml", '<?xml version="1.0" encoding="utf-16"?><FictionBook>'.encode("utf-16"), BookFormat.FB2),
    ("a.md", b"# Title", BookFormat.MARKDOWN),
    ("a.txt", b"<html> is a tag", BookFormat.TEXT),
    ("README", b"Just words.", BookFormat.TEXT),
    ("a.txt", "Just words.".encode("utf-16-le"), BookFormat.TEXT),
]


@pytest.mark.parametrize(("name", "data", "kind"), KINDS)
def test_content_tells_the_kind_and_the_name_helps(tmp_path: Path, name: str, data: bytes, kind: BookFormat) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert detect_format(path) is kind


REFUSED = [
    ("a.epub", b"", Code.IMPORT_EMPTY),
    ("a.epub", b"<html><body>saved page</body></html>", Code.IMPORT_NOT_A_BOOK),
    ("a.pdf", b"These are just words.", Code.IMPORT_NOT_A_BOOK),
    ("a.pdf", b"\x00\x01\x02\x03" * 100, Code.IMPORT_NOT_A_BOOK),
    ("a.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 50, Code.IMPORT_NOT_A_BOOK),
    ("a.exe", b"MZ\x90\x00" + b"\x00" * 50, Code.IMPORT_NOT_A_BOOK),
    ("a.bin", bytes(range(256)), Code.IMPORT_NOT_A_BOOK),
    ("a.cbr", b"Rar!\x1a\x07\x00", Code.IMPORT_UNSUPPORTED),
    ("a.djvu", b"AT&TFORM", Code.IMPORT_UNSUPPORTED),
    ("a.rtf", b"{\\rtf1 words}", Code.IMPORT_UNSUPPORTED),
    ("a.docx", zip_of("[Content_Types].xml", "word/document.xml"), Code.IMPORT_UNSUPPORTED),
    ("a.json", b'{"a": 1}', Code.IMPORT_UNSUPPORTED),
    ("a.zip", zip_of("a.dat"), Code.IMPORT_NOT_A_BOOK),
    ("a.zip", zip_of(), Code.IMPORT_NO_CONTENT),
]


@pytest.mark.parametrize(("name", "data", "code"), REFUSED)
def test_what_is_no_book_says_so_in_a_sentence(tmp_path: Path, name: str, data: bytes, code: Code) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(ReaderError) as caught:
        detect_format(path)
    assert caught.value.code is code
    assert caught.value.message.endswith(".")


def test_a_missing_file_and_a_folder_say_so(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "no.epub", Code.IMPORT_MISSING), (tmp_path, Code.IMPORT_NOT_A_BOOK)):
        with pytest.raises(ReaderError) as caught:
            detect_format(path)
        assert caught.value.code is code


def test_the_edition_of_a_book_is_the_hash_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"words")
    assert fingerprint(path) == hashlib.sha256(b"words").hexdigest()
    assert open_book(path).book.edition == fingerprint(path)


@pytest.mark.data
def test_every_shared_file_is_taken_for_what_it_is() -> None:
    folders = {"cbz": BookFormat.CBZ, "fb2": BookFormat.FB2, "mobi": BookFormat.MOBI, "md": BookFormat.MARKDOWN}
    folders |= {"txt": BookFormat.TEXT}
    data = shared_data()
    for folder, kind in folders.items():
        for path in (data / "other" / folder).iterdir():
            if path.name not in ("empty.txt", "komga_zip-encrypted.cbz"):
                assert detect_format(path) is kind, path
    for path in (data / "epub" / "books").glob("*.epub"):
        assert detect_format(path) is BookFormat.EPUB, path
    assert {detect_format(path) for path in (data / "other" / "html").rglob("*.html")} == {BookFormat.HTML}
