"""Items of QTI 1.2 as our questions: by what the file calls them, and where it says nothing by their shape."""

from __future__ import annotations

from decimal import Decimal

from alexandria_desktop.teach.formats.held import from_shares
from alexandria_desktop.teach.formats.naming import drawn_id, drawn_unless_ours
from alexandria_desktop.teach.formats.qti12.item import Item, Response
from alexandria_desktop.teach.formats.qti12.scoring import Condition, Test
from alexandria_desktop.teach.formats.report import Loss
from alexandria_desktop.teach.formats.xml import first
from alexandria_desktop.text.canonical import local_name
from sync.assessing.exact import exact
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from sync.assessing.questions.sameness import literal
from sync.assessing.questions.shuffling import scattered
from sync.assessing.rich_text import to_plain

Found = tuple[q.Question, k.Key]
_LEFT_OUT = {
    "text_only_question": "It is a text without a question",
    "file_upload_question": "It asks for a file to be handed in, which is no question here",
    "calculated_question": "Its numbers are drawn by a formula, which is no question here",
}


def question_of(item: Item) -> Found | None:
    """Return an item as a question; None, said in the report, where we have no such kind."""
    kind = item.kind.lower()
    reason = _LEFT_OUT.get(kind) or (None if item.responses else _LEFT_OUT["text_only_question"])
    if reason:
        item.intake.report.add(item.where, f"{reason}, so it was left out.", Loss.QUESTION)
        return None
    if kind == "matching_question" or (len(item.responses) > 1 and not _is_cloze(item)):
        return _matching(item)
    if len(item.responses) > 1 or kind in ("multiple_dropdowns_question", "fill_in_multiple_blanks_question"):
        return _cloze(item)
    response = item.responses[0]
    name = local_name(response.element)
    if name == "response_lid":
        return _chosen(item, response)
    if name in ("response_str", "response_num"):
        return _written(item, response)
    item.intake.report.add(item.where, "It is answered on a picture or in groups, so it was left out.", Loss.QUESTION)
    return None


def _is_cloze(item: Item) -> bool:
    text = to_plain(item.prompt()[0])
    names = [to_plain(one.html) or one.ident.removeprefix("response_") for one in item.responses]
    return all(f"[{name}]" in text for name in names)


def _chosen(item: Item, response: Response) -> Found:
    ids = {label.ident: drawn_unless_ours(label.ident) for label in response.labels}
    choices = tuple(q.Choice(id=ids[one.ident], text=one.text, media=one.media) for one in response.labels)
    cardinality = (response.element.get("rcardinality") or "single").lower()
    feedback = item.feedback(ids)
    if cardinality == "ordered":
        order = tuple(ids[test.value] for one in item.scoring.right() for test in one.tests if test.value in ids)
        return q.Ordering(**item.facts(), items=scattered(choices)), k.OrderingKey(order=order, feedback=feedback)
    render = first(response.element, "render_choice")
    is_shuffled = render is not None and (render.get("shuffle") or "").lower() == "yes"
    if cardinality == "multiple":
        many = q.MultipleAnswer(**item.facts(), choices=choices, is_shuffled=is_shuffled)
        return many, _many(item, ids, feedback)
    shares = {
        ids[one.tests[0].value]: item.scoring.share(one)
        for one in item.scoring.right()
        if one.tests and one.tests[0].value in ids and not one.tests[0].is_negated
    }
    names = [to_plain(choice.text).strip().lower() for choice in choices]
    if sorted(names) == ["false", "true"] and max(shares.values(), default=0.0) == 1.0:
        by_name = dict(zip(names, choices, strict=True))
        each = {name: feedback.each[one.id] for name, one in by_name.items() if one.id in feedback.each}
        said = k.Feedback(general=feedback.general, right=feedback.right, wrong=feedback.wrong, each=each)
        return q.TrueFalse(**item.facts()), k.TrueFalseKey(is_true=by_name["true"].id in shares, feedback=said)
    question = q.MultipleChoice(**item.facts(), choices=choices, is_shuffled=is_shuffled)
    return question, k.MultipleChoiceKey(shares=shares, feedback=feedback)


def _many(item: Item, ids: dict[str, str], feedback: k.Feedback) -> k.MultipleAnswerKey:
    right = item.scoring.right()
    whole = [one for one in right if len(one.tests) > 1] or (right if len(right) == 1 else [])
    if whole:
        chosen = [test.value for test in whole[0].tests if not test.is_negated]
        found = tuple(ids[value] for value in ids if value in chosen)
        return k.MultipleAnswerKey(right=found, credit=k.Credit.ALL, feedback=feedback)
    shares = dict.fromkeys(ids.values(), 0.0)
    full = sum(one.score or 0.0 for one in right) or 1.0
    for one in item.scoring.conditions:
        if one.score and one.tests and one.tests[0].value in ids:
            shares[ids[one.tests[0].value]] = one.score / full
    key = from_shares(shares, item.intake.report, item.where)
    return k.MultipleAnswerKey(right=key.right, credit=key.credit, feedback=feedback)


def _written(item: Item, response: Response) -> Found:
    kind = item.kind.lower()
    right = item.scoring.right()
    render = first(response.element, "render_fib")
    form = (render.get("fibtype") or "").lower() if render is not None else ""
    feedback = item.feedback({}, is_said_apart=True)
    if "essay" in kind or not any(one.tests for one in right):
        return q.Essay(**item.facts()), k.EssayKey(feedback=feedback)
    if "numerical" in kind or form in ("decimal", "integer") or local_name(response.element) == "response_num":
        numbers = tuple(number for one in right if (number := _number(item, one)))
        return q.Numeric(**item.facts()), k.NumericKey(variants=numbers, feedback=feedback)
    own = [one for one in item.scoring.conditions if one.tests and len(one.tests) == 1]
    said = {one.tests[0].value: item.said_to(one) for one in own if one.links}
    variants = tuple(
        k.Variant(text=_pattern(test), share=item.scoring.share(one), feedback=said.get(test.value, ""))
        for one in right
        for test in one.tests
        if not test.is_negated
    )
    is_strict = any(test.is_case_strict for one in right for test in one.tests)
    kept = k.Feedback(general=feedback.general, right=feedback.right, wrong=feedback.wrong)
    return q.ShortText(**item.facts()), k.ShortTextKey(variants=variants, is_case_strict=is_strict, feedback=kept)


def _pattern(test: Test) -> str:
    text = literal(test.value)
    return f"*{text}*" if test.relation == "varsubstring" else text


def _number(item: Item, condition: Condition) -> k.NumberVariant | None:
    """Return the number that a condition accepts: one value, or the middle of a range."""
    single: list[Decimal] = []
    ends: list[Decimal] = []
    for test in condition.tests:
        try:
            value = exact(test.value.replace(",", "."))
        except ValueError:
            continue
        (single if test.relation == "varequal" else ends).append(value)
    share, said = item.scoring.share(condition), item.said_to(condition)
    if len(ends) >= 2 and min(ends) != max(ends):
        low, high = min(ends), max(ends)
        return k.NumberVariant(value=(low + high) / 2, tolerance=(high - low) / 2, share=share, feedback=said)
    if not single and not ends:
        item.intake.report.add(item.where, "An accepted answer is no number and was left out.", Loss.SCORING)
        return None
    return k.NumberVariant(value=(single or ends)[0], share=share, feedback=said)


def _matching(item: Item) -> Found:
    responses: dict[str, q.Choice] = {}
    premises: list[q.Choice] = []
    pairs: dict[str, str] = {}
    right = [(test.response, test.value) for one in item.scoring.right() for test in one.tests if not test.is_negated]
    for response in item.responses:
        text, media = item.intake.illustrated(response.html, item.where)
        premises.append(q.Choice(id=drawn_unless_ours(response.ident), text=text, media=media))
        for label in response.labels:
            name = f"{label.text}\x00{label.media}"
            ours = responses.setdefault(
                name, q.Choice(id=drawn_unless_ours(label.ident), text=label.text, media=label.media)
            )  # fmt: skip
            if (response.ident, label.ident) in right:
                pairs[premises[-1].id] = ours.id
    question = q.Matching(**item.facts(), premises=tuple(premises), responses=scattered(responses.values()))
    return question, k.MatchingKey(pairs=pairs, feedback=item.feedback({}))


def _cloze(item: Item) -> Found:
    facts = item.facts()
    gaps: list[q.Gap] = []
    keys: dict[str, k.GapKey] = {}
    is_text = item.kind.lower() == "fill_in_multiple_blanks_question"
    for at, response in enumerate(item.responses, 1):
        name = to_plain(response.html) or response.ident.removeprefix("response_")
        mark = f"[[gap{at}]]"
        if f"[{name}]" in facts["prompt"]:
            facts["prompt"] = facts["prompt"].replace(f"[{name}]", mark, 1)
        else:
            facts["prompt"] += f" {mark}"
        right = [
            (one, test.value) for one in item.scoring.right() for test in one.tests if test.response == response.ident
        ]
        if is_text or not response.labels:
            texts = {label.ident: to_plain(label.text) for label in response.labels}
            variants = tuple(k.Variant(text=literal(texts.get(value, value))) for _, value in right)
            gaps.append(q.Gap(id=f"gap{at}"))
            keys[f"gap{at}"] = k.GapKey(variants=tuple(dict.fromkeys(variants)))
        else:
            ids = {label.ident: drawn_id() for label in response.labels}
            choices = tuple(q.Choice(id=ids[one.ident], text=one.text) for one in response.labels)
            gaps.append(q.Gap(id=f"gap{at}", kind="choice", choices=choices))
            each = item.feedback(ids).each
            keys[f"gap{at}"] = k.GapKey(
                shares={ids[value]: 1.0 for _, value in right if value in ids},
                each={name: text for name, text in each.items() if name in ids.values()},
            )  # fmt: skip
    said = item.feedback({label.ident: label.ident for one in item.responses for label in one.labels})
    feedback = k.Feedback(general=said.general, right=said.right, wrong=said.wrong)
    return q.Cloze(**facts, gaps=tuple(gaps)), k.ClozeKey(gaps=keys, feedback=feedback)
