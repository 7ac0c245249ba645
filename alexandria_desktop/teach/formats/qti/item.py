"""An item of QTI, cut into its parts: declarations, words, interactions, accepted numbers, feedback."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from alexandria_desktop.teach.formats.intake import Intake
from alexandria_desktop.teach.formats.report import Loss
from alexandria_desktop.teach.formats.xml import Element, below, child, children, inner_markup, number_of, words
from sync.assessing.exact import exact
from sync.assessing.media import Media
from sync.assessing.questions import keys as k
from sync.assessing.rich_text import to_plain

INLINE = ("textEntryInteraction", "inlineChoiceInteraction")
_SAID = ("general", "right", "partly", "wrong")
_ALIKE = {"correct": "right", "incorrect": "wrong", "partial": "partly", "solution": "general"}


@dataclass(slots=True)
class Declared:
    """What is declared of a response."""

    cardinality: str = "single"
    kind: str = "identifier"
    right: tuple[str, ...] = ()
    mapped: dict[str, float] = field(default_factory=dict)
    is_mapped: bool = False
    is_case_strict: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """A number that response processing accepts."""

    variant: k.NumberVariant
    points: float | None
    said: str


class Item:
    """An item in the names of 2.1 that is being read."""

    def __init__(self, root: Element, identity: str, where: str, intake: Intake) -> None:
        self.root = root
        self.id = identity
        self.where = where
        self.intake = intake
        self.body = child(root, "itemBody")
        self.declared = {one.get("identifier") or "": _declared(one) for one in children(root, "responseDeclaration")}
        self._outcomes = {one.get("identifier") or "": one for one in children(root, "outcomeDeclaration")}
        self.said = {
            one.get("identifier") or "": inner_markup(one) for one in children(root, "modalFeedback")
        }  # fmt: skip

    def interactions(self) -> list[Element]:
        """Return what is to be answered, in order."""
        if self.body is None:
            return []
        return [one for one in self.body.iter() if isinstance(one.tag, str) and one.tag.endswith("Interaction")]

    def default(self, name: str) -> float | None:
        """Return the default of an outcome, where it is a number."""
        found = self._outcomes.get(name)
        return number_of(words(child(found, "defaultValue")).strip()) if found is not None else None

    def points(self) -> float:
        """Return what the item brings."""
        most = self.default("MAXSCORE")
        if most is None:
            score = self._outcomes.get("SCORE")
            most = number_of(score.get("normalMaximum")) if score is not None else None
        if most is None:
            mapped = [sum(v for v in one.mapped.values() if v > 0) for one in self.declared.values() if one.is_mapped]
            most = mapped[0] if mapped and all(one.cardinality != "single" for one in self.declared.values()) else None
        return most if most is not None and 0 <= most < 1e6 else 1.0

    def facts(self, marks: dict[str, str] | None = None) -> dict[str, Any]:
        """Return what every question has; ``marks`` puts a text in the place of each inline interaction."""
        html, media = self.prompt(marks or {})
        title = " ".join((self.root.get("title") or "").split())
        return {"id": self.id, "prompt": html, "media": media, "points": self.points(), "title": title}

    def prompt(self, marks: dict[str, str]) -> tuple[str, tuple[Media, ...]]:
        """Return the words of the item without its interactions, and their pictures."""
        if self.body is None:
            return "", ()
        body = copy.deepcopy(self.body)
        for one in list(below(body, "rubricBlock", "feedbackBlock", "feedbackInline")):
            _replace(one, "")
        for one in [each for each in below_all(body) if str(each.tag).endswith("Interaction")]:
            mark = marks.get(one.get("responseIdentifier") or "", "")
            asked = child(one, "prompt")
            if asked is not None:
                asked.tag = "div"
                parent = one.getparent()
                if parent is not None:
                    asked.tail = one.tail
                    parent.replace(one, asked)
                continue
            _replace(one, mark)
        for one in [each for each in below(body, "span") if "unit" in (each.get("class") or "").split()]:
            _replace(one, "")
        return self.intake.illustrated(inner_markup(body), self.where)

    def unit(self) -> str:
        """Return the unit that stands behind a number."""
        if self.body is None:
            return ""
        found = [one for one in below(self.body, "span") if "unit" in (one.get("class") or "").split()]
        return words(found[0]).strip() if found else ""

    def is_alone(self, interaction: Element) -> bool:
        """Whether a field to write in stands in a line of its own."""
        line = interaction.getparent()
        if line is None:
            return True
        rest = copy.deepcopy(line)
        for one in list(below(rest, "span")):
            if "unit" in (one.get("class") or "").split():
                _replace(one, "")
        return not to_plain(inner_markup(rest)).strip()

    def feedback(self, each: dict[str, str] | None = None) -> k.Feedback:
        """Return what is said; ``each`` names our id of each of the file's choices."""
        found = {name: "" for name in _SAID}  # noqa: C420
        by_choice: dict[str, str] = {}
        for identifier, html in self.said.items():
            place = _ALIKE.get(identifier.lower(), identifier.lower())
            if place in found:
                found[place] = self.intake.rich(html, self.where)
            elif each and identifier in each:
                by_choice[each[identifier]] = self.intake.rich(html, self.where)
        return k.Feedback(**found, each=by_choice)

    def tell_unsaid(self, said: set[str]) -> None:
        """Say which feedback could not be tied to an answer."""
        for identifier, html in self.said.items():
            name = _ALIKE.get(identifier.lower(), identifier.lower())
            if name not in _SAID and identifier not in said and to_plain(html):
                self.intake.report.add(self.where, "A feedback could not be tied to an answer.", Loss.FEEDBACK)

    def text_feedback(self, response: str) -> dict[str, str]:
        """Return the feedback's identifier by the text that shows it."""
        found: dict[str, str] = {}
        for branch in below(self.root, "responseIf", "responseElseIf"):
            match = child(branch, "stringMatch")
            if match is not None and path_variable(match) == response:
                for said in _says(branch):
                    found[words(child(match, "baseValue"))] = said
        return found

    def numbers(self, response: str) -> Iterator[Accepted]:
        """Give the numbers that response processing accepts for a response."""
        for branch in below(self.root, "responseIf", "responseElseIf"):
            equal = child(branch, "equal")
            if equal is None or path_variable(equal) != response:
                continue
            variant = _number(equal)
            if variant is not None:
                said = next(iter(_says(branch)), "")
                yield Accepted(variant, _gives(branch), said)

    def rubric(self, name: str) -> list[Element]:
        """Return the blocks for graders of a class."""
        if self.body is None:
            return []
        return [one for one in below(self.body, "rubricBlock") if name in (one.get("class") or "").split()]


def below_all(element: Element) -> list[Element]:
    """Return all elements below."""
    return [one for one in element.iter() if isinstance(one.tag, str) and one is not element]


def path_variable(element: Element) -> str:
    """Return the variable that an expression compares."""
    found = child(element, "variable")
    return found.get("identifier") or "" if found is not None else ""


def _replace(element: Element, text: str) -> None:
    """Put a text in the place of an element."""
    parent = element.getparent()
    if parent is None:
        return
    text += element.tail or ""
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + text
    else:
        parent.text = (parent.text or "") + text
    parent.remove(element)


def _declared(element: Element) -> Declared:
    right = child(element, "correctResponse")
    mapping = child(element, "mapping")
    entries = list(children(mapping, "mapEntry")) if mapping is not None else []
    return Declared(
        cardinality=element.get("cardinality") or "single",
        kind=element.get("baseType") or "identifier",
        right=tuple(words(one) for one in children(right, "value")) if right is not None else (),
        mapped={one.get("mapKey") or "": number_of(one.get("mappedValue")) or 0.0 for one in entries},
        is_mapped=mapping is not None,
        is_case_strict=any(one.get("caseSensitive") == "true" for one in entries),
    )


def _says(branch: Element) -> Iterator[str]:
    for one in children(branch, "setOutcomeValue"):
        if one.get("identifier") != "SCORE":
            yield from (words(value).strip() for value in below(one, "baseValue"))


def _gives(branch: Element) -> float | None:
    for one in children(branch, "setOutcomeValue"):
        if one.get("identifier") == "SCORE":
            for value in below(one, "baseValue"):
                return number_of(words(value))
    return None


def _number(equal: Element) -> k.NumberVariant | None:
    tolerance = (equal.get("tolerance") or "0").split()
    is_relative = equal.get("toleranceMode") == "relative"
    try:
        value, allowed = exact(words(child(equal, "baseValue"))), abs(exact(tolerance[0]))
    except (ValueError, IndexError):
        return None
    return k.NumberVariant(value=value, tolerance=allowed / 100 if is_relative else allowed, is_relative=is_relative)
