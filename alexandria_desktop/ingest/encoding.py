"""Which encoding a text file is in: its mark, then UTF-8, then what its bytes look like."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from alexandria_desktop.ingest.detect import looks_like_utf16

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 64 * 1024
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_EAST_ASIAN = ("cp932", "euc_jp", "gb18030", "big5", "euc_kr", "cp949")
_CYRILLIC_AND_OTHERS = (
    "cp1251", "koi8_r", "cp866", "iso8859_5", "cp1253", "iso8859_7", "cp1255", "cp1256", "cp874", "iso8859_9", "cp1254",
)  # fmt: skip
_CENTRAL_EUROPEAN = ("cp1250", "iso8859_2")
_KANA = re.compile("[\u3041-\u30fe]")
_SYMBOL_IN_WORD = re.compile("(?<=[a-z])[^\\W_a-zà-öø-ÿœšžƒÀ-ÖØ-ÞŒŠŽŸßµªº’]|(?<=[a-z])[\u00a1-\u00bf](?=[a-z])")


def decode_text(data: bytes) -> tuple[str, str]:
    """Return the text of a file and the name of the encoding it was read with; never fails."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace"), name
    wide = looks_like_utf16(data[:4096])
    if wide:
        return data.decode(wide, "replace"), wide
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        if _is_damaged_utf8(data, error):
            return data.decode("utf-8", "replace"), "utf-8"
    name = _eight_bit(data)
    return data.decode(name, "replace"), name


def _is_damaged_utf8(data: bytes, error: UnicodeDecodeError) -> bool:
    """Tell UTF-8 with a few bad bytes from another encoding: most high bytes still make whole characters."""
    if error.start >= len(data) - 3:  # cut in the middle of a character
        return True
    text = data[: 4 * _SAMPLE].decode("utf-8", "replace")
    bad = text.count("\ufffd")
    whole = sum(character > "\x7f" for character in text) - bad
    return whole > 20 * bad


def _eight_bit(data: bytes) -> str:
    sample = _high_sample(data)
    runs = [len(run) for run in _HIGH_RUN.findall(sample)]
    if runs and sum(runs) / len(runs) < 1.6:  # accents stand alone between plain letters
        return _western(sample)
    try:
        if _share_of_kana(sample.decode("cp932", "ignore")) > 0.2 and _decodes(data, "cp932"):
            return "cp932"
    except UnicodeDecodeError:
        pass
    best = from_bytes(sample, cp_isolation=[*_EAST_ASIAN, *_CYRILLIC_AND_OTHERS, "cp1252"]).best()
    return best.encoding if best else _western(sample)


def _western(sample: bytes) -> str:
    latin = sample.decode("cp1252", "replace")
    high = sum(character > "\x7f" for character in latin)
    if high and len(_SYMBOL_IN_WORD.findall(latin)) > 0.1 * high:
        best = from_bytes(sample, cp_isolation=[*_CENTRAL_EUROPEAN, "cp1252", "cp1254"]).best()
        if best:
            return best.encoding
    # the codes that only Windows uses, quotes and dashes mostly; Python's cp1252 lacks five of them
    return "cp1252" if re.search(rb"[\x80\x82-\x8c\x8e\x91-\x9c\x9e\x9f]", sample) else "latin-1"


def _high_sample(data: bytes) -> bytes:
    """Return a stretch of the file around the first of its bytes above 127, cut at line ends."""
    first = _HIGH_RUN.search(data)
    if first is None or len(data) <= _SAMPLE:
        return data
    start = data.rfind(b"\n", 0, first.start()) + 1 if first.start() > _SAMPLE // 4 else 0
    stop = data.rfind(b"\n", start, start + _SAMPLE)
    return data[start : stop if stop > start else start + _SAMPLE]


def _share_of_kana(text: str) -> float:
    wide = sum(character > "\x7f" for character in text)
    return len(_KANA.findall(text)) / wide if wide else 0.0


def _decodes(data: bytes, name: str) -> bool:
    text = data.decode(name, "replace")
    return text.count("\ufffd") * 1000 <= len(text)
