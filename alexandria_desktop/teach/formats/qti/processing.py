"""Response processing that we write: how points come together and which feedback is shown."""

from __future__ import annotations

import re
from decimal import Decimal

from alexandria_desktop.teach.formats.held import number_text
from alexandria_desktop.teach.formats.xml import Element, add
from sync.assessing.questions import keys as k


def value_text(value: float) -> str:
    """Return a number of points as QTI writes it."""
    return f"{value:.6f}".rstrip("0").rstrip(".") or "0"


def base(parent: Element, kind: str, text: str) -> Element:
    """Append a constant."""
    return add(parent, "baseValue", text, baseType=kind)


def add_score(parent: Element) -> Element:
    """Append ``SCORE = SCORE + …`` and return the sum, to which a value is appended."""
    total = add(add(parent, "setOutcomeValue", identifier="SCORE"), "sum")
    add(total, "variable", identifier="SCORE")
    return total


def say(parent: Element, identifier: str) -> None:
    """Append that a feedback is shown too."""
    some = add(add(parent, "setOutcomeValue", identifier="FEEDBACK"), "multiple")
    add(some, "variable", identifier="FEEDBACK")
    base(some, "identifier", identifier)


def map_all(parent: Element, response: str, factor: float) -> None:
    """Append what the mapping of a response gives, times a factor."""
    total = add_score(parent)
    if factor == 1.0:
        add(total, "mapResponse", identifier=response)
        return
    product = add(total, "product")
    base(product, "float", value_text(factor))
    add(product, "mapResponse", identifier=response)


def match_all(parent: Element, response: str, points: float) -> None:
    """Append all points for the right response, none for any other."""
    branch = add(add(parent, "responseCondition"), "responseIf")
    match = add(branch, "match")
    add(match, "variable", identifier=response)
    add(match, "correct", identifier=response)
    base(add_score(branch), "float", value_text(points))


def match_numbers(
    parent: Element, response: str, variants: tuple[k.NumberVariant, ...], points: float, said: dict[int, str]
) -> None:
    """Append what each accepted number gives, the best first; ``said`` names the feedback of each by its place."""
    condition: Element | None = None
    for at, one in sorted(enumerate(variants), key=lambda pair: -pair[1].share):
        if condition is None:
            condition = add(parent, "responseCondition")
            branch = add(condition, "responseIf")
        else:
            branch = add(condition, "responseElseIf")
        allowed = number_text(one.tolerance * Decimal(100) if one.is_relative else one.tolerance)
        equal = add(branch, "equal", toleranceMode="relative" if one.is_relative else "absolute")
        equal.set("tolerance", f"{allowed} {allowed}")
        add(equal, "variable", identifier=response)
        base(equal, "float", number_text(one.value))
        base(add_score(branch), "float", value_text(max(0.0, one.share) * points))
        if at in said:
            say(branch, said[at])


def say_to_texts(parent: Element, response: str, variants: tuple[k.Variant, ...], said: dict[int, str]) -> None:
    """Append which feedback each accepted text shows."""
    for at, one in enumerate(variants):
        if at in said:
            branch = add(add(parent, "responseCondition"), "responseIf")
            match = add(branch, "stringMatch", caseSensitive="false")
            add(match, "variable", identifier=response)
            base(match, "string", plain_variant(one.text))
            say(branch, said[at])


def say_by_choice(parent: Element, response: str) -> None:
    """Append that the feedback named like the chosen choice is shown."""
    some = add(add(parent, "setOutcomeValue", identifier="FEEDBACK"), "multiple")
    add(some, "variable", identifier="FEEDBACK")
    add(some, "variable", identifier=response)


def say_overall(parent: Element, points: float, feedback: k.Feedback) -> None:
    """Append the feedback to everybody, and to right, partly right and wrong answers."""
    if feedback.general:
        say(parent, "general")
    if not (feedback.right or feedback.partly or feedback.wrong):
        return
    condition = add(parent, "responseCondition")
    branch = add(condition, "responseIf")
    _compare(branch, "gte", points)
    say(branch, "right")
    branch = add(condition, "responseElseIf")
    _compare(branch, "gt", 0.0)
    say(branch, "partly")
    say(add(condition, "responseElse"), "wrong")


def plain_variant(text: str) -> str:
    """Return the text that a variant without stars stands for."""
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


def _compare(branch: Element, relation: str, value: float) -> None:
    comparison = add(branch, relation)
    add(comparison, "variable", identifier="SCORE")
    base(comparison, "float", value_text(value))
