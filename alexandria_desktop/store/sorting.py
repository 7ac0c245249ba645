"""Keys that put titles and names in the order of a bookshelf."""

from __future__ import annotations

import re
import unicodedata

_ARTICLES = {
    "en": ("the ", "a ", "an "),
    "de": ("der ", "die ", "das ", "ein ", "eine "),
    "fr": ("le ", "la ", "les ", "un ", "une ", "l'", "l’"),
    "es": ("el ", "la ", "los ", "las ", "un ", "una "),
    "it": ("il ", "lo ", "la ", "i ", "gli ", "le ", "un ", "una ", "l'", "l’"),
    "pt": ("o ", "a ", "os ", "as ", "um ", "uma "),
    "nl": ("de ", "het ", "een "),
}
_NUMBER = re.compile(r"\d+")
_LENGTH = 500


def title_key(title: str, language: str | None) -> str:
    """Return a title's key: no leading article, no accents, numbers by value."""
    key = _plain(title)
    for article in _ARTICLES.get((language or "en").split("-")[0], ()):
        if key.startswith(article) and len(key) > len(article):
            key = key[len(article) :]
            break
    return key[:_LENGTH]


def author_key(authors: tuple[str, ...]) -> str:
    """Return the key of a list of names: the first one's surname first."""
    if not authors:
        return "\uffff"  # books without an author stand last
    return "; ".join(_surname_first(_plain(name)) for name in authors)[:_LENGTH]


def _surname_first(name: str) -> str:
    words = name.split()
    if "," in name or len(words) < 2:
        return name
    return f"{words[-1]}, {' '.join(words[:-1])}"


def _plain(text: str) -> str:
    bare = "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))
    return _NUMBER.sub(lambda digits: digits.group().zfill(6), bare.casefold()).strip(" \"'«»“”„‘’¡¿([")
