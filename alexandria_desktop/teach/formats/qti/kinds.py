"""Items of QTI as our questions."""

from __future__ import annotations

from dataclasses import replace

from alexandria_desktop.teach.formats.held import from_shares
from alexandria_desktop.teach.formats.naming import drawn_unless_ours, steady_id
from alexandria_desktop.teach.formats.qti.item import INLINE, Item
from alexandria_desktop.teach.formats.report import Loss
from alexandria_desktop.teach.formats.xml import Element, below, children, inner_markup, words
from alexandria_desktop.text.canonical import local_name
from sync.assessing.exact import exact
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from sync.assessing.questions.sameness import literal
from sync.assessing.questions.shuffling import scattered

Found = tuple[q.Question, k.Key]
_FULL = 0.999


def question_of(item: Item) -> Found | None:
    """Return an item as a question; None, said in the report, where we have no such kind."""
    found = item.interactions()
    kinds = {local_name(one) for one in found}
    if not found:
        item.intake.report.add(item.where, "It is a text without a question, so it was left out.", Loss.QUESTION)
        return None
    if kinds <= set(INLINE):
        is_one = len(found) == 1 and kinds == {"textEntryInteraction"} and item.is_alone(found[0])
        name = found[0].get("responseIdentifier") or ""
        return _written(item, name) if is_one and not name.startswith("gap") else _cloze(item, found)
    readers = {
        "choiceInteraction": _chosen, "matchInteraction": _matching, "orderInteraction": _ordering,
        "extendedTextInteraction": _essay,
    }  # fmt: skip
    reader = readers.get(local_name(found[0]))
    if reader is None or len(found) > 1:
        what = "asks for several things at once" if len(found) > 1 else f"is a “{local_name(found[0])}”"
        item.intake.report.add(item.where, f"It {what}, so it was left out.", Loss.QUESTION)
        return None
    return reader(item, found[0])


def _choices(item: Item, holder: Element, *names: str) -> tuple[tuple[q.Choice, ...], dict[str, str]]:
    ids: dict[str, str] = {}
    choices: list[q.Choice] = []
    for one in below(holder, *names):
        name = one.get("identifier") or ""
        ids[name] = drawn_unless_ours(name)
        for said in list(below(one, "feedbackInline")):
            item.said.setdefault(name, inner_markup(said))
            said.clear()
        text, media = item.intake.illustrated(inner_markup(one), item.where)
        choices.append(q.Choice(id=ids[name], text=text, media=media))
    return tuple(choices), ids


def _chosen(item: Item, interaction: Element) -> Found:
    declared = item.declared.get(interaction.get("responseIdentifier") or "")
    names = [one.get("identifier") for one in below(interaction, "simpleChoice")]
    if sorted(str(name) for name in names) == ["false", "true"] and declared and declared.cardinality == "single":
        feedback = item.feedback({"true": "true", "false": "false"})
        item.tell_unsaid({"true", "false"})
        return q.TrueFalse(**item.facts()), k.TrueFalseKey(is_true=declared.right == ("true",), feedback=feedback)
    choices, ids = _choices(item, interaction, "simpleChoice")
    feedback = item.feedback(ids)
    item.tell_unsaid(set(ids))
    is_shuffled = interaction.get("shuffle") == "true"
    facts = item.facts()
    if declared is None:
        item.intake.report.add(item.where, "It came without its right answer.", Loss.SCORING)
        return q.MultipleChoice(**facts, choices=choices, is_shuffled=is_shuffled), k.MultipleChoiceKey()
    points = item.points() or 1.0
    shares = {ids[name]: value / points for name, value in declared.mapped.items() if name in ids}
    right = tuple(ids[name] for name in ids if name in declared.right)
    if declared.cardinality == "multiple":
        question: q.Question = q.MultipleAnswer(**facts, choices=choices, is_shuffled=is_shuffled)
        if not declared.is_mapped:
            return question, k.MultipleAnswerKey(right=right, credit=k.Credit.ALL, feedback=feedback)
        whole = {one: shares.get(one, 0.0) for one in ids.values()}
        key = from_shares(whole, item.intake.report, item.where)
        return question, replace(key, feedback=feedback)
    if not declared.is_mapped:
        shares = dict.fromkeys(right, 1.0)
    shares = {name: _even(share) for name, share in shares.items() if share}
    question = q.MultipleChoice(**facts, choices=choices, is_shuffled=is_shuffled)
    return question, k.MultipleChoiceKey(shares=shares, feedback=feedback)


def _written(item: Item, response: str) -> Found:
    declared = item.declared.get(response)
    if declared is not None and declared.kind in ("float", "integer"):
        numbers, said = _numbers(item, response, item.points())
        item.tell_unsaid(said)
        key: k.Key = k.NumericKey(variants=numbers, feedback=item.feedback())
        return q.Numeric(**item.facts(), unit=item.unit()), key
    variants, said, is_strict = _texts(item, response, item.points())
    item.tell_unsaid(said)
    key = k.ShortTextKey(
        variants=variants, is_case_strict=is_strict, is_accent_strict=True, feedback=item.feedback()
    )  # fmt: skip
    return q.ShortText(**item.facts()), key


def _texts(item: Item, response: str, points: float) -> tuple[tuple[k.Variant, ...], set[str], bool]:
    declared = item.declared.get(response)
    if declared is None:
        return (), set(), False
    said = item.text_feedback(response)
    texts = declared.mapped or dict.fromkeys(declared.right, points)
    variants = tuple(
        k.Variant(
            text=literal(text), share=_even(value / (points or 1.0)),
            feedback=item.intake.rich(item.said.get(said.get(text, ""), ""), item.where),
        )
        for text, value in texts.items()
    )  # fmt: skip
    return variants, set(said.values()), declared.is_case_strict or not declared.is_mapped


def _numbers(item: Item, response: str, points: float) -> tuple[tuple[k.NumberVariant, ...], set[str]]:
    found = list(item.numbers(response))
    variants = tuple(
        replace(
            one.variant, share=_even((points if one.points is None else one.points) / (points or 1.0)),
            feedback=item.intake.rich(item.said.get(one.said, ""), item.where),
        )
        for one in found
    )  # fmt: skip
    if not variants:
        declared = item.declared[response]
        for text in (*declared.right, *declared.mapped):
            try:
                variants += (k.NumberVariant(value=exact(text)),)
            except ValueError:
                continue
    return tuple(dict.fromkeys(variants)), {one.said for one in found}


def _matching(item: Item, interaction: Element) -> Found:
    sets = list(children(interaction, "simpleMatchSet"))
    premises, left = _choices(item, sets[0], "simpleAssociableChoice") if sets else ((), {})
    responses, right = _choices(item, sets[1], "simpleAssociableChoice") if len(sets) > 1 else ((), {})
    declared = item.declared.get(interaction.get("responseIdentifier") or "")
    pairs: dict[str, str] = {}
    for text in declared.right if declared else ():
        one, _, other = text.strip().partition(" ")
        if one in left and other.strip() in right:
            if left[one] in pairs:
                item.intake.report.add(item.where, "Only one response to each premise came over.", Loss.SCORING)
            pairs.setdefault(left[one], right[other.strip()])
    credit = k.Credit.EACH if declared and declared.is_mapped else k.Credit.ALL
    item.tell_unsaid(set())
    question = q.Matching(**item.facts(), premises=premises, responses=scattered(responses))
    return question, k.MatchingKey(pairs=pairs, credit=credit, feedback=item.feedback())


def _ordering(item: Item, interaction: Element) -> Found:
    items, ids = _choices(item, interaction, "simpleChoice")
    declared = item.declared.get(interaction.get("responseIdentifier") or "")
    order = tuple(ids[one] for one in (declared.right if declared else ()) if one in ids)
    item.tell_unsaid(set())
    question = q.Ordering(**item.facts(), items=scattered(items))
    return question, k.OrderingKey(order=order, feedback=item.feedback())


def _essay(item: Item, _interaction: Element) -> Found:
    def text(name: str) -> str:
        return "".join(item.intake.rich(inner_markup(one), item.where) for one in item.rubric(name)[:1])

    criteria: list[k.Criterion] = []
    for block in item.rubric("criterion"):
        holder = next(below(block, "div"), block)
        parts = {one.get("class") or "": one for one in below(holder, "p", "div")}
        try:
            points = float(words(parts.get("points")))
        except ValueError:
            points = 1.0
        body = parts.get("text")
        criteria.append(
            k.Criterion(
                id=steady_id("qti", item.id, holder.get("id") or f"{len(criteria)}"), title=words(parts.get("title")),
                text=item.intake.rich(inner_markup(body), item.where) if body is not None else "", points=points,
            )
        )  # fmt: skip
    item.tell_unsaid(set())
    key = k.EssayKey(
        rubric=tuple(criteria), model_answer=text("model-answer"), notes=text("notes"), feedback=item.feedback()
    )  # fmt: skip
    return q.Essay(**item.facts()), key


def _cloze(item: Item, found: list[Element]) -> Found:
    names = {one.get("responseIdentifier") or f"{at}": f"gap{at}" for at, one in enumerate(found, 1)}
    weights = {name: item.default(f"WEIGHT_{name}") or _most(item, name) for name in names}
    unit = item.points() / (sum(weights.values()) or 1.0)
    gaps: list[q.Gap] = []
    keys: dict[str, k.GapKey] = {}
    said: set[str] = set()
    for one, (name, ours) in zip(found, names.items(), strict=False):
        declared, points = item.declared.get(name), weights[name] * unit
        if local_name(one) == "inlineChoiceInteraction":
            choices, ids = _choices(item, one, "inlineChoice")
            mapped = declared.mapped or dict.fromkeys(declared.right, points) if declared else {}
            shares = {ids[key]: _even(value / (points or 1.0)) for key, value in mapped.items() if key in ids}
            each = item.feedback(ids).each
            said |= set(ids)
            gaps.append(q.Gap(id=ours, kind="choice", weight=weights[name], choices=choices))
            keys[ours] = k.GapKey(shares=shares, each=each)
        elif declared is not None and declared.kind in ("float", "integer"):
            numbers, more = _numbers(item, name, points)
            said |= more
            gaps.append(q.Gap(id=ours, kind="number", weight=weights[name]))
            keys[ours] = k.GapKey(numbers=numbers)
        else:
            variants, more, is_strict = _texts(item, name, points)
            said |= more
            gaps.append(q.Gap(id=ours, weight=weights[name]))
            keys[ours] = k.GapKey(variants=variants, is_case_strict=is_strict, is_accent_strict=True)
    item.tell_unsaid(said)
    facts = item.facts({name: f"[[{ours}]]" for name, ours in names.items()})
    return q.Cloze(**facts, gaps=tuple(gaps)), k.ClozeKey(gaps=keys, feedback=item.feedback())


def _most(item: Item, name: str) -> float:
    declared = item.declared.get(name)
    return max(declared.mapped.values(), default=1.0) if declared else 1.0


def _even(share: float) -> float:
    """Return a share without what rounding left of it."""
    return max(-1.0, min(1.0, round(share, 4)))
