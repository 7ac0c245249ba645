"""The sample: a short book about how books were kept, which has its reader try each thing that the program can do."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from alexandria_desktop.base.resources import resource
from alexandria_desktop.library.binding import Manuscript
from alexandria_desktop.library.shipped import on_the_shelf

if TYPE_CHECKING:
    from alexandria_desktop.library.library import Library

TITLE = "How Books Were Kept"
AUTHOR = "The makers of Alexandria"
IDENTIFIER = "urn:uuid:0d6b2c1a-94a7-5c5e-8f3d-3f0f6a1b7c52"

_STYLE = """
table { border-collapse: collapse; margin: 1em 0; width: 100%; }
td, th { border-bottom: 1px solid; padding: 0.3em 0.8em 0.3em 0; text-align: left; vertical-align: top; }
td:first-child { white-space: nowrap; }
blockquote { margin: 2em 0 1em; padding: 0 0 0 1em; border-left: 2px solid; break-inside: avoid; }
blockquote p { margin: 0 0 0.6em; text-indent: 0; text-align: left; hyphens: manual; }
blockquote p:last-child { margin-bottom: 0; }
figure { margin: 1.6em 0; break-inside: avoid; text-align: center; }
figure svg { width: 100%; max-height: 14em; }
figcaption { font-size: 0.85em; margin-top: 0.6em; }
sup { line-height: 0; }
"""


def sample_manuscript() -> Manuscript:
    """Return the sample before it is bound."""
    return Manuscript("sample", resource("sample"), TITLE, AUTHOR, IDENTIFIER, _STYLE)


def sample_book(library: Library) -> UUID:
    """Return the sample's book, put on the shelf the first time, and renewed where this program's text is newer."""
    return on_the_shelf(library, sample_manuscript())
