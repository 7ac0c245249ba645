"""The questions of an assessment on a page, without their answers."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from alexandria_desktop.teach.formats.intake import picture
from sync.assessing.assessment import AssessmentDocument
from sync.assessing.markup import without_illegal
from sync.assessing.media import Media
from sync.assessing.questions import model as q
from sync.assessing.questions.shuffling import scattered
from sync.assessing.rich_text import as_blocks

Address = Callable[[Media], str]


def assessment_html(one: AssessmentDocument, address: Address) -> str:
    """Return the body of a page with all questions of an assessment; no key is ever looked at."""
    items = "".join(f"<li>{question_html(question, address)}</li>" for question in one.questions)
    title = escape(without_illegal(one.title))
    return f"<section><h2>{title}</h2>{as_blocks(one.instructions)}{f'<ol>{items}</ol>' if items else ''}</section>"


def question_html(question: q.Question, address: Address) -> str:
    """Return a question as it would be printed."""
    prompt = as_blocks(question.prompt)
    if isinstance(question, q.Cloze):
        for gap in question.gaps:
            words = " / ".join(choice.text for choice in gap.choices)
            shown = f" ({words})" if words else ""
            prompt = prompt.replace(f"[[{gap.id}]]", f'<span class="gap">…</span>{shown}', 1)
    parts = [prompt, *(picture(media, address(media)) for media in question.media)]
    match question:
        case q.MultipleChoice() | q.MultipleAnswer():
            parts.append(_choices(question.choices, address))
        case q.TrueFalse():
            parts.append('<ol class="choices"><li>True</li><li>False</li></ol>')
        case q.Matching():
            parts += [_choices(question.premises, address), _choices(scattered(question.responses), address)]
        case q.Ordering():
            parts.append(_choices(scattered(question.items), address))
        case q.FindPassage():
            parts.append(f"<p>{escape(without_illegal(question.book_title))}</p>" if question.book_title else "")
        case q.ShortText() | q.Numeric():
            parts.append('<p><span class="gap">…</span></p>')
    return without_illegal("".join(parts)) or "<p></p>"


def _choices(choices: tuple[q.Choice, ...], address: Address) -> str:
    items = "".join(
        f"<li>{as_blocks(one.text)}{''.join(picture(media, address(media)) for media in one.media)}</li>"
        for one in choices
    )
    return f'<ol class="choices">{items}</ol>' if items else ""
