"""A small course on gardens, out of one of the sample books."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alexandria_desktop.teach import blocks as b
from alexandria_desktop.teach.document import CourseDocument, LessonDocument
from sync.assessing.assessment import AssessmentDocument, Mode
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q

if TYPE_CHECKING:
    from uuid import UUID

    from alexandria_desktop.library.library import Library

TITLE = "A garden, from the ground up"
SOIL = "It is a mixture of four things: grains of broken rock, the remains of plants and animals, water, and air."
WATER = "A good soaking once a week draws roots down to where the soil stays cool and moist."

_CHOICES = (
    q.Choice(id="c1", text="Sand holds water for weeks, since its grains are large"),
    q.Choice(id="c2", text="Clay holds water for weeks, since its grains are small"),
    q.Choice(id="c3", text="Loam lets water run through in minutes"),
)


def garden_course(library: Library, book: UUID) -> CourseDocument:
    """Return the course; ``book`` is the primer of gardens in a library."""
    title = next(row.title for row in library.shelf.books() if row.id == book)

    def passage(name: str, words: str) -> b.PassageBlock:
        place = b.BookPlace(locator=library.notes.find_quote(book, words), book_id=str(book), book_title=title)
        return b.PassageBlock(id=name, place=place, text=words)

    lessons = (
        LessonDocument(
            id="soil", title="What soil is", minutes=15, objectives=("Explain what soil is made of.",),
            blocks=(
                b.TextBlock(id="t1", html="<p>Take a handful of soil, crumble it, look. Then read slowly.</p>"),
                passage("p1", SOIL),
                b.RevealBlock(id="r1", prompt="Which of the four is not seen?", html="<p>Air: a quarter of it.</p>"),
                b.OrderBlock(
                    id="o1", prompt="From the largest grain to the smallest",
                    items=(b.Item(id="1", text="Sand"), b.Item(id="2", text="Silt"), b.Item(id="3", text="Clay")),
                ),
            ),
        ),
        LessonDocument(
            id="water", title="Water, seldom and deeply", minutes=20, prerequisites=("soil",),
            objectives=("Say when a bed needs water.",), blocks=(passage("p2", WATER),),
        ),
        LessonDocument(id="year", title="A year in four sentences", minutes=10, prerequisites=("water",)),
    )  # fmt: skip
    quiz = AssessmentDocument(
        id="quiz", lesson_id="soil", title="Sand and clay", max_attempts=3,
        questions=(
            q.MultipleChoice(id="m", prompt="Which sentence is true?", choices=_CHOICES),
            q.ShortText(id="s", prompt="What is the dark part of soil called?"),
            q.TrueFalse(id="f", prompt="Roots stay where the water is."),
        ),
        keys={
            "m": k.MultipleChoiceKey(shares={"c2": 1.0}),
            "s": k.ShortTextKey(variants=(k.Variant(text="humus"),)),
            "f": k.TrueFalseKey(is_true=True),
        },
    )  # fmt: skip
    essay = AssessmentDocument(
        id="essay", lesson_id="year", title="Your own bed", mode=Mode.GRADED,
        questions=(q.Essay(id="w", prompt="Plan one bed for a year, and say why.", min_words=80, points=6),),
        keys={"w": k.EssayKey(rubric=(k.Criterion(id="r", title="Rotation", points=3), k.Criterion(id="y", points=3)))},
    )  # fmt: skip
    return CourseDocument(
        id="garden", title=TITLE, description="<p>Three evenings with a spade and a book.</p>",
        objectives=("to know one’s soil", "to water less"), lessons=lessons, assessments=(quiz, essay),
    )  # fmt: skip
