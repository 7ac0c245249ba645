"""A small course for the tour, made around one place in a book."""

from __future__ import annotations

from alexandria_desktop.search.finder import Hit
from alexandria_desktop.teach import blocks as b
from alexandria_desktop.teach.document import CourseDocument, LessonDocument
from sync.assessing.assessment import AssessmentDocument, Mode
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q

_CHOICES = (
    q.Choice(id="c7d1", text="In the words that were quoted"),
    q.Choice(id="a02f", text="In the title alone"),
    q.Choice(id="e95b", text="Nowhere"),
)


def sample_course(hit: Hit) -> CourseDocument:
    """Return a course of three lessons and two assessments that quotes a place."""
    place = b.BookPlace(locator=hit.locator, book_id=str(hit.book_id), book_title=hit.title)
    words = hit.locator.quote.exact if hit.locator.quote is not None else hit.snippet.text
    lessons = (
        LessonDocument(
            id="1", title="Reading one sentence slowly", objectives=("Notice what a sentence does not say.",),
            blocks=(
                b.TextBlock(id="a", html="<p>Read the words below <em>twice</em>, then look away.</p>"),
                b.PassageBlock(id="b", place=place, text=words),
                b.RevealBlock(id="c", prompt="What did you remember?", html="Mostly the verb."),
                b.OrderBlock(
                    id="d", prompt="How one comes to understand",
                    items=(b.Item(id="1", text="Hear"), b.Item(id="2", text="Ask"), b.Item(id="3", text="Answer")),
                ),
            ),
        ),
        LessonDocument(id="2", title="Reading the page around it", prerequisites=("1",), minutes=20),
        LessonDocument(id="3", title="Writing about it", prerequisites=("2",), minutes=45),
    )  # fmt: skip
    practice = AssessmentDocument(
        id="p", lesson_id="1", title="Did it stay?", max_attempts=3,
        questions=(
            q.MultipleChoice(id="m", prompt="Where does the argument stand?", choices=_CHOICES),
            q.ShortText(id="s", prompt="One word that you remember"),
            q.FindPassage(id="f", prompt="Find the sentence again.", book_title=hit.title, edition=hit.locator.edition),
        ),
        keys={
            "m": k.MultipleChoiceKey(shares={"c7d1": 1.0}),
            "s": k.ShortTextKey(variants=(k.Variant(text="*"),)),
            "f": k.FindPassageKey(passages=(hit.locator,)),
        },
    )  # fmt: skip
    essay = AssessmentDocument(
        id="e", lesson_id="3", title="An essay", mode=Mode.GRADED,
        questions=(q.Essay(id="w", prompt="What does the sentence leave out?", min_words=80, max_words=300, points=6),),
        keys={"w": k.EssayKey(rubric=(k.Criterion(id="t", title="Thought", points=4), k.Criterion(id="l", points=2)))},
    )  # fmt: skip
    return CourseDocument(
        id="c", title="Reading closely", description="<p>Three evenings with one sentence.</p>",
        objectives=("to read slowly", "to tell a writer’s words from one’s own"), lessons=lessons,
        assessments=(practice, essay),
    )  # fmt: skip
