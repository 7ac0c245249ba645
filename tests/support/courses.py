"""Courses that Hypothesis makes up: every kind of block and question, in several scripts."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from alexandria_desktop.teach import blocks as b
from alexandria_desktop.teach.document import CourseDocument, LayerDocument, LessonDocument, LessonKind
from alexandria_desktop.teach.media import media_of
from sync.assessing.assessment import AssessmentDocument, Mode, Pool
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from sync.assessing.questions.shuffling import scattered
from sync.assessing.rich_text import sanitised
from sync.places.locator import EpubTarget, Locator, Quote


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PICTURE = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\x00\xc0\x40\x40"))
    + _chunk(b"IEND", b"")
)
"""One red point."""
IMAGE = media_of(PICTURE, "dot.png", alt="A dot")
_SONG = b"ID3\x04\x00\x00\x00\x00\x00\x00"
SOUND = media_of(_SONG, "song.mp3", alt='A [humpback] whale sings, "low" & slow')
FILES = {IMAGE.sha256: PICTURE}
HEARD = FILES | {SOUND.sha256: _SONG}

words = st.sampled_from(
    ["origin", "of species", "Élan", "naïve", "Übung", "שלום", "عربي", "物种起源", "a=b", "~#{x}", "50%", "1 < 2 & 3",
     "C:\\dir", "x*y", "{braces}", "::colons::", "// not a comment", "=right", "\u200fRTL", "“quoted”", "#5", "]]>",
     "-->", "[html]", "<b>not bold</b>", "$CATEGORY: x", "%50%", "[[g]]", "{1:SA:=x}"]
)  # fmt: skip
plain = st.lists(words, min_size=1, max_size=3).map(" ".join)
line = plain


def _paragraph(text: str) -> str:
    from html import escape

    return escape(text, quote=False)


_marked = st.builds(
    lambda text, mark: mark.format(_paragraph(text)),
    plain,
    st.sampled_from(
        ["{}", "<em>{}</em>", "<strong>{}</strong>", "<p>{}</p><p>and more</p>", "<ul><li>{}</li><li>two</li></ul>",
         "<h2>{}</h2><p>text</p>", '<a href="https://example.org/?a=1&amp;b=2">{}</a>', '<p dir="rtl">{}</p>',
         "{}<br/>line", "<pre>{}\n  x = 1</pre>", "H<sub>2</sub>O {}", "<blockquote><p>{}</p></blockquote>"]
    ),
)  # fmt: skip
rich = _marked.map(sanitised)
maybe_rich = st.just("") | rich
ids = st.uuids(version=4).map(str)
points = st.sampled_from([1.0, 2.0, 0.5, 10.0])
shares = st.sampled_from([0.5, 0.25, 0.0, -0.5])


def choices(least: int = 2, most: int = 5, texts: st.SearchStrategy[str] = rich) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(
        st.builds(q.Choice, id=ids, text=texts), min_size=least, max_size=most,
        unique_by=(lambda one: one.id, lambda one: one.text),
    ).map(tuple)  # fmt: skip


media = st.just(()) | st.just((IMAGE,))


@st.composite
def feedback(draw: st.DrawFn, each: tuple[str, ...] = ()) -> k.Feedback:
    if draw(st.booleans()):
        return k.Feedback()
    said = {one: draw(rich) for one in each if draw(st.booleans())}
    return k.Feedback(
        general=draw(maybe_rich), right=draw(maybe_rich), partly=draw(maybe_rich), wrong=draw(maybe_rich), each=said
    )


@st.composite
def _asked(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "id": draw(ids), "prompt": draw(rich), "points": draw(points), "title": draw(st.just("") | line),
        "media": draw(media),
    }  # fmt: skip


Pair = tuple[q.Question, k.Key]


@st.composite
def multiple_choice(draw: st.DrawFn) -> Pair:
    some = draw(choices())
    right = draw(st.sampled_from(some)).id
    given = {one.id: draw(shares) for one in some if one.id != right and draw(st.booleans())}
    given = {one: share for one, share in given.items() if share}
    return (
        q.MultipleChoice(**draw(_asked()), choices=some, is_shuffled=draw(st.booleans())),
        k.MultipleChoiceKey(shares={right: 1.0, **given}, feedback=draw(feedback(tuple(one.id for one in some)))),
    )


@st.composite
def multiple_answer(draw: st.DrawFn) -> Pair:
    some = draw(choices())
    right = draw(st.lists(st.sampled_from([one.id for one in some]), min_size=1, unique=True))
    return (
        q.MultipleAnswer(**draw(_asked()), choices=some, is_shuffled=draw(st.booleans())),
        k.MultipleAnswerKey(
            right=tuple(one.id for one in some if one.id in right), credit=draw(st.sampled_from(k.Credit)),
            feedback=draw(feedback(tuple(one.id for one in some))),
        ),
    )  # fmt: skip


@st.composite
def true_false(draw: st.DrawFn) -> Pair:
    return (
        q.TrueFalse(**draw(_asked())),
        k.TrueFalseKey(is_true=draw(st.booleans()), feedback=draw(feedback(("true", "false")))),
    )


@st.composite
def variants(draw: st.DrawFn) -> tuple[k.Variant, ...]:
    texts = draw(st.lists(plain, min_size=1, max_size=3, unique=True))
    escaped = [text.replace("\\", "\\\\").replace("*", "\\*") for text in texts]
    return tuple(
        k.Variant(text=text, share=1.0 if at == 0 else draw(st.sampled_from([1.0, 0.5])), feedback=draw(maybe_rich))
        for at, text in enumerate(escaped)
    )


@st.composite
def short_text(draw: st.DrawFn) -> Pair:
    return (
        q.ShortText(**draw(_asked())),
        k.ShortTextKey(
            variants=draw(variants()), is_case_strict=draw(st.booleans()), is_accent_strict=draw(st.booleans()),
            feedback=draw(feedback()),
        ),
    )  # fmt: skip


@st.composite
def number_variants(draw: st.DrawFn) -> tuple[k.NumberVariant, ...]:
    values = draw(st.lists(st.decimals(-1000, 1000, places=2), min_size=1, max_size=2, unique=True))
    return tuple(
        k.NumberVariant(
            value=value.normalize() + 0, tolerance=draw(st.sampled_from([Decimal(0), Decimal("0.1"), Decimal("2")])),
            share=1.0 if at == 0 else 0.5, feedback=draw(maybe_rich),
        )
        for at, value in enumerate(values)
    )  # fmt: skip


@st.composite
def numeric(draw: st.DrawFn) -> Pair:
    return (
        q.Numeric(**draw(_asked()), unit=draw(st.sampled_from(["", "m", "°C"]))),
        k.NumericKey(variants=draw(number_variants()), feedback=draw(feedback())),
    )


@st.composite
def matching(draw: st.DrawFn) -> Pair:
    premises = draw(choices())
    responses = draw(choices(len(premises), len(premises) + 2, plain.map(_paragraph).map(sanitised)))
    return (
        q.Matching(**draw(_asked()), premises=premises, responses=scattered(responses)),
        k.MatchingKey(
            pairs={one.id: other.id for one, other in zip(premises, responses, strict=False)},
            credit=draw(st.sampled_from(k.Credit)), feedback=draw(feedback()),
        ),
    )  # fmt: skip


@st.composite
def ordering(draw: st.DrawFn) -> Pair:
    items = draw(choices())
    return (
        q.Ordering(**draw(_asked()), items=scattered(items)),
        k.OrderingKey(
            order=tuple(one.id for one in items), credit=draw(st.sampled_from(k.Credit)), feedback=draw(feedback())
        ),
    )


@st.composite
def cloze(draw: st.DrawFn) -> Pair:
    gaps: list[q.Gap] = []
    found: dict[str, k.GapKey] = {}
    for at in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(["text", "number", "choice"]))
        some = draw(choices(2, 3, plain.map(_paragraph).map(sanitised))) if kind == "choice" else ()
        gaps.append(q.Gap(id=f"gap{at + 1}", kind=kind, weight=draw(st.sampled_from([1.0, 2.0])), choices=some))
        if kind == "text":
            found[f"gap{at + 1}"] = k.GapKey(variants=draw(variants()), is_case_strict=draw(st.booleans()))
        elif kind == "number":
            found[f"gap{at + 1}"] = k.GapKey(numbers=draw(number_variants()))
        else:
            found[f"gap{at + 1}"] = k.GapKey(shares={some[0].id: 1.0}, each={some[1].id: draw(rich)})
    asked = draw(_asked())
    text = " and ".join(f"{_paragraph(draw(plain))} [[{gap.id}]]" for gap in gaps)
    asked["prompt"] = sanitised(draw(st.sampled_from(["{}", "<p>First</p><p>{}</p>"])).format(text))
    return q.Cloze(**asked, gaps=tuple(gaps)), k.ClozeKey(gaps=found, feedback=draw(feedback()))


@st.composite
def essay(draw: st.DrawFn) -> Pair:
    rubric = draw(
        st.lists(st.builds(k.Criterion, id=ids, title=line, text=maybe_rich, points=points), max_size=2).map(tuple)
    )
    return (
        q.Essay(**draw(_asked()), min_words=draw(st.none() | st.just(50)), max_words=draw(st.none() | st.just(500))),
        k.EssayKey(
            rubric=rubric, model_answer=draw(maybe_rich), notes=draw(maybe_rich), feedback=draw(feedback())
        ),
    )  # fmt: skip


locators = st.builds(
    lambda start, length, text: Locator(
        EpubTarget("OEBPS/c1.xhtml", start, start + length), Quote(text, "before ", " after"), 0.25, "ab" * 32
    ),
    st.integers(0, 10_000), st.integers(1, 300), plain,
)  # fmt: skip


@st.composite
def find_passage(draw: st.DrawFn) -> Pair:
    return (
        q.FindPassage(**draw(_asked()), book_id=draw(ids), book_title=draw(line), book_author=draw(line)),
        k.FindPassageKey(passages=(draw(locators),), feedback=draw(feedback())),
    )


KINDS = {
    "multiple_choice": multiple_choice(), "multiple_answer": multiple_answer(), "true_false": true_false(),
    "short_text": short_text(), "numeric": numeric(), "matching": matching(), "ordering": ordering(),
    "cloze": cloze(), "essay": essay(), "find_passage": find_passage(),
}  # fmt: skip


def questions(*kinds: str) -> st.SearchStrategy[Pair]:
    return st.one_of([KINDS[kind] for kind in kinds or KINDS])


@st.composite
def assessments(draw: st.DrawFn, *kinds: str, lesson: str = "") -> AssessmentDocument:
    pairs = draw(st.lists(questions(*kinds), min_size=1, max_size=4, unique_by=lambda pair: pair[0].id))
    pooled = tuple(pair[0].id for pair in pairs[:2])
    return AssessmentDocument(
        id=draw(ids), lesson_id=lesson, title=draw(line), instructions=draw(maybe_rich),
        mode=draw(st.sampled_from(Mode)), passing_score=draw(st.sampled_from([50.0, 70.0])),
        time_limit=draw(st.none() | st.just(600)), max_attempts=draw(st.none() | st.just(2)),
        is_shuffled=draw(st.booleans()),
        pools=(Pool(id=draw(ids), title=draw(line), questions=pooled),) if draw(st.booleans()) else (),
        questions=tuple(pair[0] for pair in pairs), keys={pair[0].id: pair[1] for pair in pairs},
    )  # fmt: skip


places = st.builds(b.BookPlace, locator=locators, book_id=ids, book_title=line, book_author=line)
_items = st.lists(st.builds(b.Item, id=ids, text=rich), min_size=1, max_size=3).map(tuple)
BLOCKS: dict[str, st.SearchStrategy[b.Block]] = {
    "text": st.builds(b.TextBlock, id=ids, html=rich),
    "passage": st.builds(b.PassageBlock, id=ids, place=places, text=plain),
    "note": st.builds(b.NoteBlock, id=ids, place=places, html=rich, text=plain, color=st.just("yellow")),
    "image": st.builds(b.ImageBlock, id=ids, media=st.just(IMAGE), caption=maybe_rich),
    "chapter": st.builds(b.ChapterBlock, id=ids, place=places, title=line),
    "video": st.builds(b.VideoBlock, id=ids, url=st.just("https://example.org/film.mp4"), title=line),
    "reveal": st.builds(b.RevealBlock, id=ids, prompt=rich, html=rich),
    "order": st.builds(b.OrderBlock, id=ids, prompt=rich, items=_items),
    "match": st.builds(
        b.MatchBlock, id=ids, prompt=rich,
        pairs=st.lists(st.builds(b.Pair, id=ids, left=rich, right=rich), min_size=1, max_size=3).map(tuple),
    ),
    "hotspot": st.builds(
        b.HotspotBlock, id=ids, media=st.just(IMAGE), prompt=rich,
        spots=st.just((b.Spot(id="spot", x=0.1, y=0.2, width=0.3, height=0.4, label="Eye", text="It sees."),)),
    ),
    "timeline": st.builds(
        b.TimelineBlock, id=ids, title=line,
        events=st.lists(st.builds(b.Event, id=ids, when=line, title=line, text=maybe_rich), max_size=2).map(tuple),
    ),
}  # fmt: skip


@st.composite
def lessons(draw: st.DrawFn, *kinds: str) -> LessonDocument:
    found = draw(st.lists(st.one_of([BLOCKS[kind] for kind in kinds or BLOCKS]), max_size=4))
    return LessonDocument(
        id=draw(ids), title=draw(line), kind=draw(st.sampled_from(LessonKind)),
        objectives=tuple(draw(st.lists(line, max_size=2))), minutes=draw(st.none() | st.integers(1, 90)),
        blocks=tuple(replace(block, order=f"a{at}") for at, block in enumerate(found)),
    )  # fmt: skip


@st.composite
def layers(draw: st.DrawFn) -> LayerDocument:
    found = draw(st.lists(st.one_of(BLOCKS["note"], BLOCKS["passage"]), max_size=3))
    return LayerDocument(
        id=draw(ids), edition=draw(st.sampled_from(["", "e" * 64])), title=draw(line), author=draw(line),
        blocks=tuple(replace(block, order=f"a{at}") for at, block in enumerate(found)),
    )  # fmt: skip


@st.composite
def courses(draw: st.DrawFn) -> CourseDocument:
    some = draw(st.lists(lessons(), max_size=3, unique_by=lambda one: one.id))
    some = [replace(one, prerequisites=(some[at - 1].id,) if at else ()) for at, one in enumerate(some)]
    tests = [draw(assessments(lesson=one.id)) for one in some if draw(st.booleans())]
    return CourseDocument(
        id=draw(ids), title=draw(line), description=draw(maybe_rich), language=draw(st.sampled_from(["", "en", "he"])),
        objectives=tuple(draw(st.lists(line, max_size=2))), difficulty=draw(st.sampled_from(["", "beginner"])),
        code=draw(st.sampled_from(["", "BIO-1"])), settings=draw(st.just({}) | st.just({"late": "mark"})),
        lessons=tuple(some), assessments=tuple(tests),
        layers=tuple(draw(st.lists(layers(), max_size=2, unique_by=lambda one: one.id))),
    )  # fmt: skip
