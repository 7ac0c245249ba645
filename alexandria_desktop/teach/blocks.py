"""The blocks of a lesson: words, places in books, pictures, films, and exercises that need no script.

Each block has an id that never changes and an order key; blocks are shown by ``(order, id)``. Their JSON form is an
object with ``kind`` and the fields below; a lesson keeps an object of them by id, because that merges leaf by leaf.
A kind that this release does not know is kept as it is and shown as such, never dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from alexandria_desktop.base.errors import ReaderError
from alexandria_desktop.teach.unreadable import invalid, said_to_reader
from sync.assessing.codec import decode, encode
from sync.assessing.media import Media
from sync.assessing.rich_text import RichText
from sync.places.locator import Locator


@dataclass(frozen=True, slots=True, kw_only=True)
class BookPlace:
    """A place in a book, with what people need to find the book where it is not on the shelf."""

    locator: Locator
    book_id: str = ""
    """The book's item; empty where the book is not known here."""
    book_title: str = ""
    book_author: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A thing to put in order, or an entry of a list, with an id of its own."""

    id: str
    text: RichText = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two things that belong together."""

    id: str
    left: RichText = ""
    right: RichText = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A part of a picture and what is said about it; a rectangle in fractions of the picture's size."""

    id: str
    x: float
    y: float
    width: float
    height: float
    label: str = ""
    text: RichText = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A moment of a timeline; ``when`` is in the teacher's words, and the teacher's order counts."""

    id: str
    when: str = ""
    title: str = ""
    text: RichText = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Captions:
    """The words of a film in one language (WebVTT)."""

    media: Media
    language: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """What all blocks have."""

    kind: ClassVar[str] = ""
    id: str
    order: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form, with ``kind``."""
        return {"kind": self.kind, **encode(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBlock(Block):
    """Words of the teacher's."""

    kind: ClassVar[str] = "text"
    html: RichText = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageBlock(Block):
    """Words of a book, which open in the book."""

    kind: ClassVar[str] = "passage"
    place: BookPlace
    text: str = ""
    """The quoted words, plain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteBlock(Block):
    """The teacher's words on a passage."""

    kind: ClassVar[str] = "note"
    place: BookPlace
    html: RichText = ""
    text: str = ""
    """The words of the book that the note is about, plain."""
    color: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageBlock(Block):
    """A picture; ``media.alt`` holds its alternative text."""

    kind: ClassVar[str] = "image"
    media: Media
    caption: RichText = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterBlock(Block):
    """A whole chapter to read in its book."""

    kind: ClassVar[str] = "chapter"
    place: BookPlace
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoBlock(Block):
    """A film: a file of the course, or an address on the web."""

    kind: ClassVar[str] = "video"
    media: Media | None = None
    url: str = ""
    title: str = ""
    captions: tuple[Captions, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RevealBlock(Block):
    """A question or heading, and what appears when it is opened."""

    kind: ClassVar[str] = "reveal"
    prompt: RichText = ""
    html: RichText = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderBlock(Block):
    """Things to put in order; they are kept in the right one."""

    kind: ClassVar[str] = "order"
    prompt: RichText = ""
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchBlock(Block):
    """Pairs to bring together."""

    kind: ClassVar[str] = "match"
    prompt: RichText = ""
    pairs: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HotspotBlock(Block):
    """A picture with parts that say something when they are chosen."""

    kind: ClassVar[str] = "hotspot"
    media: Media
    prompt: RichText = ""
    spots: tuple[Spot, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineBlock(Block):
    """Moments in a row."""

    kind: ClassVar[str] = "timeline"
    title: str = ""
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherBlock(Block):
    """A block of a kind that this release does not know, kept as it came."""

    data: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return what came, with the id and order it has here."""
        return {**self.data, "id": self.id, "order": self.order}


BLOCK_KINDS: Mapping[str, type[Block]] = {
    kind.kind: kind
    for kind in (
        TextBlock, PassageBlock, NoteBlock, ImageBlock, ChapterBlock, VideoBlock, RevealBlock, OrderBlock, MatchBlock,
        HotspotBlock, TimelineBlock,
    )
}  # fmt: skip


def block_from_json(data: object) -> Block:
    """Read a block; raises ReaderError(course.invalid)."""
    if not isinstance(data, Mapping) or not isinstance(data.get("id"), str):
        raise invalid("a block is an object with an id")
    kind = BLOCK_KINDS.get(str(data.get("kind")))
    if kind is None:
        return OtherBlock(id=data["id"], order=str(data.get("order") or ""), data=dict(data))
    with said_to_reader():
        return decode(kind, data)


def in_order(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Return blocks as they are shown."""
    return tuple(sorted(blocks, key=lambda block: (block.order, block.id)))


def blocks_to_json(blocks: Iterable[Block]) -> dict[str, Any]:
    """Return the object by id that a lesson keeps."""
    return {block.id: block.to_json() for block in blocks}


def blocks_from_json(data: object) -> tuple[Block, ...]:
    """Read the object by id that a lesson keeps, in the order of display; raises ReaderError(course.invalid).

    A block that cannot be read is kept as an ``OtherBlock``: where one device deletes a block while another changes a
    word of it, the merge may leave half of one, and that must not close the lesson.
    """
    if not isinstance(data, Mapping):
        raise invalid("the blocks of a lesson are an object by id")
    return in_order(readable_block(str(key), value) for key, value in data.items())


def readable_block(key: str, value: object) -> Block:
    """Return the block of this id, as an ``OtherBlock`` where it cannot be read."""
    if not isinstance(value, Mapping):
        return OtherBlock(id=key, data={"value": value})
    try:
        return block_from_json({**value, "id": key})
    except ReaderError:
        return OtherBlock(id=key, order=str(value.get("order") or ""), data=dict(value))
