"""When two texts, two numbers or two places in a book are the same for a question.

Text: compatibility forms, white space, invisible marks and typographic quotes never matter; case and accents matter
only where the key says so. Accents are those of Latin, Greek and Cyrillic letters, and the vowel points of Arabic and
Hebrew; the marks of other scripts are letters of theirs and always count.

Numbers: digits of any script, a decimal point or comma, marks between thousands, an exponent, the question's unit. A
number that can be read in two ways (``1,234``) is right if one of them is.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from difflib import SequenceMatcher

from sync.assessing.exact import exact
from sync.places.locator import EpubTarget, ImageTarget, Locator, PdfTarget, TextTarget

MAX_SHORT = 2_000
"""Characters of a short answer that are compared."""
_SHORT_QUOTE = 20
_MAX_QUOTE = 4_000

_ALIKE = str.maketrans(
    {"‘": "'", "’": "'", "‚": "'", "‛": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
     "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "ـ": None}
)  # fmt: skip
_BARE = str.maketrans("øØłŁđĐħĦıŧŦ", "oOlLdDhHitT")
_POINTS = re.compile("[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u0652\u0670]")
_ACCENTED = re.compile("([A-Za-z\u0370-\u03ff\u0400-\u052f])[\u0300-\u036f]+")
_NUMBER = re.compile(r"[+-]?[0-9][0-9.,]*(?:e[+-]?[0-9]{1,3})?|[+-]?[.,][0-9]+(?:e[+-]?[0-9]{1,3})?")
_MAX_DIGITS = 100


def fold(text: str, *, is_case_strict: bool = False, is_accent_strict: bool = False) -> str:
    """Return the form of a text in which answers are compared."""
    return " ".join(_letters(text, is_case_strict, is_accent_strict).split())


def fits(variant: str, answer: str, *, is_case_strict: bool = False, is_accent_strict: bool = False) -> bool:
    """Whether an answer is the variant, in which an unescaped ``*`` stands for any letters."""
    given = fold(answer[:MAX_SHORT], is_case_strict=is_case_strict, is_accent_strict=is_accent_strict)
    parts = [
        re.sub(r"\s+", " ", _letters(part, is_case_strict, is_accent_strict))
        for part in _between_stars(variant.strip())
    ]
    if len(parts) == 1:
        return given == " ".join(parts[0].split())
    return _fits_pattern(parts, given)


def is_pattern(variant: str) -> bool:
    """Whether a variant has a star that stands for any letters."""
    return len(_between_stars(variant)) > 1


def literal(text: str) -> str:
    """Return the variant that accepts just this text."""
    return text.replace("\\", "\\\\").replace("*", "\\*")


def numbers(text: str, unit: str = "") -> frozenset[Decimal]:
    """Return the numbers that a text can mean; none where it is no number."""
    plain = unicodedata.normalize("NFKC", text[:MAX_SHORT]).translate(_ALIKE)
    unit = unicodedata.normalize("NFKC", unit).translate(_ALIKE)
    plain = "".join(_digit(letter) for letter in plain if unicodedata.category(letter) != "Cf").casefold()
    plain = re.sub(r"[\s'_]", "", plain)
    ending = re.sub(r"[\s'_]", "", unit.casefold())
    if ending and plain.endswith(ending):
        plain = plain[: -len(ending)]
    plain = re.sub(r"[x×·*]10\^?\(?([+-]?[0-9]+)\)?$", r"e\1", plain)
    if len(plain) > _MAX_DIGITS or not _NUMBER.fullmatch(plain):
        return frozenset()
    mantissa, _, exponent = plain.partition("e")
    found = set()
    for reading in _readings(mantissa):
        try:
            found.add(exact(f"{reading}e{exponent or 0}"))
        except ValueError:
            continue
    return frozenset(found)


def overlap(wanted: Locator, given: Locator) -> float:
    """Return how much two places are the same, 0 to 1: the smaller of both parts that lie in the other."""
    counted = _by_offsets(wanted, given)
    return _by_words(wanted, given) if counted is None else counted


def _letters(text: str, is_case_strict: bool, is_accent_strict: bool) -> str:
    text = unicodedata.normalize("NFKC", text.translate(_ALIKE)).translate(_ALIKE)
    text = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    if not is_case_strict:
        text = unicodedata.normalize("NFKC", text.casefold())
    if not is_accent_strict:
        text = _ACCENTED.sub(r"\1", _POINTS.sub("", unicodedata.normalize("NFD", text))).translate(_BARE)
    return unicodedata.normalize("NFC", text)


def _between_stars(variant: str) -> list[str]:
    parts = [""]
    letters = iter(variant)
    for letter in letters:
        if letter == "\\":
            parts[-1] += next(letters, "\\")
        elif letter == "*":
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def _fits_pattern(parts: list[str], given: str) -> bool:
    first, *middle, last = parts
    if len(given) < len(first) + len(last) or not given.startswith(first) or not given.endswith(last):
        return False
    at, end = len(first), len(given) - len(last)
    for part in middle:
        found = given.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


def _digit(letter: str) -> str:
    if letter in "٫":
        return "."
    if letter in "٬":
        return ""
    value = unicodedata.decimal(letter, None)
    return letter if value is None else str(value)


def _readings(mantissa: str) -> set[str]:
    """Return the ways to read points and commas, each as Python writes a number."""
    marks = [mark for mark in mantissa if mark in ".,"]
    if not marks:
        return {mantissa}
    if len(set(marks)) == 2:
        last = marks[-1]
        other = "," if last == "." else "."
        if marks.count(last) > 1 or not _are_thousands(mantissa.rpartition(last)[0], other):
            return set()
        return {mantissa.replace(other, "").replace(last, ".")}
    mark = marks[0]
    found = set()
    if len(marks) == 1:
        found.add(mantissa.replace(mark, "."))
    if _are_thousands(mantissa, mark):
        found.add(mantissa.replace(mark, ""))
    return found


def _are_thousands(text: str, mark: str) -> bool:
    first, *groups = text.lstrip("+-").split(mark)
    return 1 <= len(first) <= 3 and first != "0" and all(len(group) == 3 for group in groups)


def _by_offsets(wanted: Locator, given: Locator) -> float | None:
    """Return the overlap in the coordinates of one edition, or None where the two do not share any."""
    if wanted.edition != given.edition or wanted.text_version != given.text_version:
        return None
    mine, theirs = _range(wanted), _range(given)
    if mine is None or theirs is None:
        return None
    if mine[0] != theirs[0]:
        return 0.0
    common = min(mine[2], theirs[2]) - max(mine[1], theirs[1])
    longer = max(mine[2] - mine[1], theirs[2] - theirs[1])
    return max(0.0, common / longer) if longer > 0 else 0.0


def _range(place: Locator) -> tuple[str, int, int] | None:
    match place.target:
        case EpubTarget(href, start, end) | TextTarget(href, start, end):
            return href, start, end
        case PdfTarget(page, start, end, end_page) if end_page in (None, page):
            return str(page), start, end
        case PdfTarget() | ImageTarget():
            return None
        case _:
            return None


def _by_words(wanted: Locator, given: Locator) -> float:
    """Return the overlap of the quoted words; short ones count with what stands around them."""
    mine, theirs = _words(wanted), _words(given)
    if not mine[0] or not theirs[0]:
        return 0.0
    if min(len(mine[0]), len(theirs[0])) < _SHORT_QUOTE and _common(mine[1], theirs[1]) < 0.5:
        return 0.0
    return _common(mine[0], theirs[0])


def _words(place: Locator) -> tuple[str, str]:
    quote = place.quote
    if quote is None:
        return "", ""
    exact = fold(quote.exact[:_MAX_QUOTE])
    return exact, fold(f"{quote.prefix}{quote.exact[:_MAX_QUOTE]}{quote.suffix}")


def _common(mine: str, theirs: str) -> float:
    found = SequenceMatcher(None, mine, theirs, autojunk=False).find_longest_match()
    return found.size / max(len(mine), len(theirs))
