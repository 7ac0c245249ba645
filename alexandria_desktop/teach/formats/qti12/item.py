"""One item of QTI 1.2, cut into its parts: metadata, words, responses, scoring, feedback."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any

from alexandria_desktop.teach.formats.intake import Intake
from alexandria_desktop.teach.formats.qti12.scoring import Condition, Scoring, scoring_of
from alexandria_desktop.teach.formats.report import Loss
from alexandria_desktop.teach.formats.xml import Element, below, child, children, words
from alexandria_desktop.text.canonical import local_name
from sync.assessing.media import Media
from sync.assessing.questions import keys as k
from sync.assessing.rich_text import from_plain

_RESPONSES = ("response_lid", "response_str", "response_num", "response_grp", "response_xy")
_RIGHT = frozenset({"correct_fb", "correct"})
_WRONG = frozenset({"general_incorrect_fb", "incorrect_fb", "incorrect"})
_GENERAL = frozenset({"general_fb", "general", "solution"})


@dataclass(slots=True)
class Label:
    """Something that can be chosen."""

    ident: str
    text: str
    media: tuple[Media, ...]


@dataclass(slots=True)
class Response:
    """Something to answer."""

    ident: str
    element: Element
    html: str
    """The words that stand with it, such as a premise."""
    labels: list[Label] = field(default_factory=list)


class Item:
    """An item that is being read."""

    def __init__(self, element: Element, identity: str, where: str, intake: Intake) -> None:
        self.element = element
        self.id = identity
        self.where = where
        self.intake = intake
        self.fields = dict(fields_of(element))
        self.scoring: Scoring = scoring_of(element)
        presentation = child(element, "presentation")
        self._presentation = element if presentation is None else presentation
        self.responses = [self._response(one) for one in _responses(self._presentation)]
        self._said = {
            str(one.get("ident")): self._html(one) for one in children(element, "itemfeedback") if one.get("ident")
        }

    @property
    def kind(self) -> str:
        """What the file calls the kind of question: Canvas' name or the profile of a Common Cartridge."""
        return self.fields.get("question_type") or self.fields.get("cc_profile") or ""

    def prompt(self) -> tuple[str, tuple[Media, ...]]:
        """Return the words of the question and their pictures."""
        return self.intake.illustrated(self._html(self._presentation), self.where)

    def facts(self) -> dict[str, Any]:
        """Return what every question has."""
        html, media = self.prompt()
        title = " ".join((self.element.get("title") or "").split())
        return {"id": self.id, "prompt": html, "media": media, "points": self.points(), "title": title}

    def points(self) -> float:
        """Return what the item brings."""
        for name in ("points_possible", "cc_weighting", "qmd_weighting"):
            try:
                value = float(self.fields.get(name, ""))
            except ValueError:
                continue
            if 0 <= value < 1e6:
                return value
        return 1.0 if self.scoring.full in (0.0, 100.0) else self.scoring.full

    def feedback(self, each: dict[str, str], *, is_said_apart: bool = False) -> k.Feedback:
        """Return what is said; ``each`` names our id of each of the file's choices.

        ``is_said_apart`` where feedback to single answers is asked for by ``said_to``.
        """
        found: dict[str, str] = {"general": "", "right": "", "wrong": ""}
        by_choice: dict[str, str] = {}
        for ident, html in self._said.items():
            text = self.intake.rich(html, self.where)
            place = self._place(ident)
            choice = next((each[value] for value in self._values(ident) if value in each), "")
            if place:
                found[place] += text if not found[place] else ""
            elif choice:
                by_choice[choice] = text
            elif text and not is_said_apart:
                self.intake.report.add(self.where, "A feedback could not be tied to an answer.", Loss.FEEDBACK)
        return k.Feedback(**found, each=by_choice)

    def said_to(self, condition: Condition) -> str:
        """Return the feedback to one accepted answer."""
        own = [link for link in condition.links if not self._place(link)]
        return self.intake.rich(self._said.get(own[0], ""), self.where) if own else ""

    def _place(self, ident: str) -> str:
        name = ident.lower()
        if name in _GENERAL:
            return "general"
        if name in _RIGHT:
            return "right"
        if name in _WRONG:
            return "wrong"
        return ""

    def _values(self, ident: str) -> list[str]:
        """Return the choices to which a feedback is shown."""
        return [
            test.value
            for condition in self.scoring.conditions
            if ident in condition.links and len(condition.tests) == 1 and not condition.tests[0].is_negated
            for test in condition.tests
        ]

    def _response(self, element: Element) -> Response:
        labels = [self._label(one) for one in below(element, "response_label")]
        return Response(element.get("ident") or "", element, self._html(element), labels)

    def _label(self, element: Element) -> Label:
        html, media = self.intake.illustrated(self._html(element), self.where)
        return Label(element.get("ident") or "", html, media)

    def _html(self, element: Element) -> str:
        return "".join(_material(element))


def fields_of(element: Element) -> Iterator[tuple[str, str]]:
    """Give the metadata of an item, section or assessment by their labels in lower case."""
    for name in ("itemmetadata", "qtimetadata"):
        for holder in children(element, name):
            for one in below(holder, "qtimetadatafield"):
                label, entry = child(one, "fieldlabel"), child(one, "fieldentry")
                yield words(label).strip().lower(), words(entry).strip()


def _responses(element: Element) -> Iterator[Element]:
    for one in children(element):
        if local_name(one) in _RESPONSES:
            yield one
        elif local_name(one) != "material":
            yield from _responses(one)


def _material(element: Element) -> Iterator[str]:
    """Give the HTML of the words in an element, but not of the responses and choices below it."""
    for one in children(element):
        name = local_name(one)
        if name == "mattext":
            text = words(one)
            is_html = "html" in (one.get("texttype") or "") or "<" in text
            yield text if is_html else from_plain(text)
        elif name == "matimage":
            yield f'<img src="{escape(one.get("uri") or "")}" alt=""/>'
        elif name not in (*_RESPONSES, "response_label", "itemfeedback", "resprocessing"):
            yield from _material(one)
