"""How QTI 1.2 says what is right: the conditions of an item, each with what it tests, gives and says."""

from __future__ import annotations

from dataclasses import dataclass, field

from alexandria_desktop.teach.formats.xml import Element, below, child, children, number_of, words
from alexandria_desktop.text.canonical import local_name


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison of a response with a value."""

    response: str
    value: str
    relation: str
    """The element: ``varequal``, ``vargte``, ``varsubstring`` …"""
    is_negated: bool = False
    is_case_strict: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """What is tested, how much it gives, and which feedback it shows."""

    tests: tuple[Test, ...]
    is_any: bool
    """Whether it holds for whatever was answered."""
    score: float | None
    links: tuple[str, ...]


@dataclass(slots=True)
class Scoring:
    """All conditions of an item."""

    conditions: list[Condition] = field(default_factory=list)
    full: float = 100.0
    """The score that a wholly right answer gets."""

    def right(self) -> list[Condition]:
        """Return the conditions that give anything."""
        return [one for one in self.conditions if one.score and one.score > 0]

    def share(self, condition: Condition) -> float:
        """Return what a condition gives, as a part of all."""
        return max(-1.0, min(1.0, (condition.score or 0.0) / self.full)) if self.full else 0.0


def scoring_of(item: Element) -> Scoring:
    """Return the conditions of an item."""
    found = Scoring()
    maxima: list[float] = []
    for processing in children(item, "resprocessing"):
        for variable in below(processing, "decvar"):
            value = number_of(variable.get("maxvalue"))
            maxima.extend([value] if value else [])
        found.conditions.extend(_condition(one) for one in children(processing, "respcondition"))
    given = [one.score for one in found.conditions if one.score is not None and one.score > 0]
    full = maxima[0] if maxima else 0.0
    found.full = full if full and full >= max(given, default=0.0) else max(given, default=100.0)
    return found


def _condition(element: Element) -> Condition:
    tested = child(element, "conditionvar")
    tests = tuple(_tests(tested)) if tested is not None else ()
    given = child(element, "setvar")
    score = number_of(words(given)) if given is not None else None
    if given is not None and (given.get("action") or "").lower() == "subtract" and score:
        score = -score
    return Condition(
        tests=tests, is_any=not tests, score=score,
        links=tuple(str(one.get("linkrefid")) for one in children(element, "displayfeedback") if one.get("linkrefid")),
    )  # fmt: skip


def _tests(element: Element, *, is_negated: bool = False) -> list[Test]:
    found: list[Test] = []
    for one in children(element):
        name = local_name(one)
        if name in ("and", "or", "not"):
            found += _tests(one, is_negated=is_negated != (name == "not"))
        elif name.startswith("var"):
            found.append(
                Test(
                    one.get("respident") or "", words(one).strip(), name, is_negated,
                    (one.get("case") or "").lower() == "yes",
                )
            )  # fmt: skip
    return found
