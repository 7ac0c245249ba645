"""What an answer is worth: accents, case, variants, tolerance, partial credit, other scripts."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from sync.assessing.questions.answers import Answer, Chosen, Filled, Matched, Ordered, Selected, Written
from sync.assessing.questions.grading import Verdict, grade, total
from sync.assessing.questions.sameness import is_pattern, literal, numbers
from sync.places.locator import EpubTarget, Locator, PdfTarget, Quote
from tests.support.courses import Pair, questions
from tests.support.examples import examples


def written(text: str, *variants: str, is_case: bool = False, is_accent: bool = False) -> bool:
    key = k.ShortTextKey(
        variants=tuple(k.Variant(text=one) for one in variants), is_case_strict=is_case, is_accent_strict=is_accent
    )
    return grade(q.ShortText(id="q"), key, Written(text)).verdict is Verdict.RIGHT


@pytest.mark.parametrize(
    ("answer", "variant"),
    [
        ("paris", "Paris"),
        ("  Charles   Darwin ", "Charles Darwin"),
        ("Elan", "Élan"),
        ("E\u0301lan", "\u00c9lan"),
        ("strasse", "Straße"),
        ("ΣΊΣΥΦΟΣ", "Σίσυφος"),
        ("Ёлка", "елка"),
        ("Lodz", "Łódź"),
        ("ﬁnch", "finch"),
        ("l’homme", "l'homme"),
        ("\u200fשלום\u200e", "שָׁלוֹם"),
        ("محمد", "مُحَمَّد"),
        ("ｔｅｎ", "ten"),
        ("İstanbul", "istanbul"),
    ],
)
def test_what_is_the_same_unless_the_key_is_strict(answer: str, variant: str) -> None:
    assert written(answer, variant)


@pytest.mark.parametrize(
    ("answer", "variant"),
    [("कि", "का"), ("हिन्दी", "हनद"), ("กา", "กิ"), ("ぱ", "は"), ("Pariss", "Paris"), ("a b", "ab")],
)
def test_what_is_another_word(answer: str, variant: str) -> None:
    assert not written(answer, variant)


def test_case_and_accents_count_where_the_key_says_so() -> None:
    assert not written("paris", "Paris", is_case=True)
    assert written("Élan", "E\u0301lan", is_case=True, is_accent=True)
    assert not written("Elan", "Élan", is_accent=True)
    assert written("élan", "Élan", is_accent=True)


def test_any_variant_is_accepted_and_the_first_that_fits_counts() -> None:
    assert written("UK", "United Kingdom", "UK")
    key = k.ShortTextKey(
        variants=(k.Variant(text="finch"), k.Variant(text="*finch*", share=0.5, feedback="Close."), k.Variant(text="*", share=0.0, feedback="No."))  # noqa: E501
    )  # fmt: skip
    question = q.ShortText(id="q", points=4)
    given_ = {text: grade(question, key, Written(text)) for text in ("finch", "a finch, I think", "crow")}
    assert [one.points for one in given_.values()] == [4, 2, 0]
    assert [one.feedback for one in given_.values()] == [(), ("Close.",), ("No.",)]


def test_a_star_stands_for_letters_unless_it_is_escaped() -> None:
    assert written("the origin of species", "*origin*species")
    assert not written("the species of origin", "*origin*species")
    assert written("2*3", r"2\*3")
    assert not written("2x3", r"2\*3")


@given(st.text(min_size=1, max_size=30))
def test_a_literal_variant_accepts_its_own_text(text: str) -> None:
    assert not is_pattern(literal(text))
    assert not text.strip() or written(text, literal(text), is_case=True, is_accent=True)


def test_a_pattern_with_many_stars_does_not_hang() -> None:
    assert not written("a" * 2_000, "*a" * 400 + "*b")


def number(text: str, value: str, tolerance: str = "0", *, relative: bool = False, unit: str = "") -> bool:
    variant = k.NumberVariant(value=Decimal(value), tolerance=Decimal(tolerance), is_relative=relative)
    key = k.NumericKey(variants=(variant,))
    return grade(q.Numeric(id="q", unit=unit), key, Written(text)).verdict is Verdict.RIGHT


@pytest.mark.parametrize(
    ("text", "value", "tolerance", "relative", "right"),
    [
        ("3.5", "3.5", "0", False, True),
        ("3,5", "3.5", "0", False, True),
        ("0.3", "0.1", "0.2", False, True),
        ("0.30001", "0.1", "0.2", False, False),
        ("105", "100", "0.05", True, True),
        ("95", "100", "0.05", True, True),
        ("94.99", "100", "0.05", True, False),
        ("-105", "-100", "0.05", True, True),
        ("1,234", "1234", "0", False, True),
        ("1,234", "1.234", "0", False, True),
        ("1.234.567,5", "1234567.5", "0", False, True),
        ("1,234,567.5", "1234567.5", "0", False, True),
        ("1 234 567", "1234567", "0", False, True),
        ("1'234", "1234", "0", False, True),
        ("−4", "-4", "0", False, True),
        ("6.02e23", "602000000000000000000000", "0", False, True),
        ("6,02·10^23", "6.02e23", "0", False, True),
        ("٣٫٥", "3.5", "0", False, True),
        ("１２", "12", "0", False, True),
        ("three", "3", "0", False, False),
        ("3.5.1", "3.5", "0", False, False),
        ("", "0", "0", False, False),
        ("0", "0", "0.1", True, True),
        ("0.05", "0", "0.1", True, False),
        ("1e999999999", "1", "0", False, False),
        ("nan", "0", "9999", False, False),
        (".5", "0.5", "0", False, True),
    ],
)
def test_numbers(text: str, value: str, tolerance: str, relative: bool, right: bool) -> None:
    assert number(text, value, tolerance, relative=relative) is right


def test_a_unit_may_be_written_and_no_other() -> None:
    assert number("20 °C", "20", unit="°C")
    assert number("20", "20", unit="°C")
    assert not number("20 °F", "20", unit="°C")


@settings(max_examples=examples(300))
@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_numbers(text: str) -> None:
    assert all(one.is_finite() for one in numbers(text))


ABCD = tuple(q.Choice(id=one, text=one) for one in "abcd")


def worth(question: q.Question, key: k.Key, answer: Answer | None) -> float:
    return grade(question, key, answer).points


def test_multiple_choice_gives_the_share_of_the_choice_and_never_less_than_nothing() -> None:
    question = q.MultipleChoice(id="q", points=4, choices=ABCD)
    key = k.MultipleChoiceKey(shares={"a": 1.0, "b": 0.5, "c": -0.5}, feedback=k.Feedback(right="Yes", each={"a": "A"}))
    found = [worth(question, key, Chosen((one,))) for one in ("a", "b", "c", "d", "stranger")]
    assert found == [4, 2, 0, 0, 0]
    assert worth(question, key, Chosen(("a", "b"))) == 0
    assert grade(question, key, Chosen(("a",))).feedback == ("A", "Yes")


def test_multiple_answer_takes_wrong_ones_from_right_ones() -> None:
    question = q.MultipleAnswer(id="q", points=2, choices=ABCD)
    each, whole = (k.MultipleAnswerKey(right=("a", "b"), credit=one) for one in (k.Credit.EACH, k.Credit.ALL))
    tries = [("a", "b"), ("a",), ("a", "c"), ("a", "b", "c"), ("a", "b", "c", "d"), ("c",)]
    assert [worth(question, each, Chosen(one)) for one in tries] == [2, 1, 0, 1, 0, 0]
    assert [worth(question, whole, Chosen(one)) for one in tries] == [2, 0, 0, 0, 0, 0]
    assert worth(question, each, Chosen(("a", "a", "b"))) == 2


def test_choosing_nothing_is_right_only_where_nothing_is() -> None:
    question = q.MultipleAnswer(id="q", choices=ABCD)
    assert worth(question, k.MultipleAnswerKey(), Chosen(())) == 1
    assert grade(question, k.MultipleAnswerKey(), None).verdict is Verdict.UNANSWERED
    assert grade(question, k.MultipleAnswerKey(right=("a",)), Chosen(())).verdict is Verdict.UNANSWERED


def test_true_and_false() -> None:
    question, key = (
        q.TrueFalse(id="q"),
        k.TrueFalseKey(is_true=False, feedback=k.Feedback(each={"true": "Look again."})),
    )
    assert worth(question, key, Chosen(("false",))) == 1
    assert grade(question, key, Chosen(("true",))).feedback == ("Look again.",)


def test_matching_counts_pairs() -> None:
    question = q.Matching(id="q", points=3, premises=ABCD[:3], responses=tuple(q.Choice(id=one) for one in "xyz"))
    pairs = {"a": "x", "b": "y", "c": "z"}
    swapped = Matched({"a": "x", "b": "z", "c": "y"})
    assert worth(question, k.MatchingKey(pairs=pairs), swapped) == 1
    assert worth(question, k.MatchingKey(pairs=pairs, credit=k.Credit.ALL), swapped) == 0
    assert grade(question, k.MatchingKey(pairs=pairs), swapped).parts == {"a": 1, "b": 0, "c": 0}
    assert worth(question, k.MatchingKey(pairs=pairs), Matched(pairs)) == 3


def test_ordering_counts_all_or_neighbours() -> None:
    question = q.Ordering(id="q", points=3, items=ABCD)
    order = ("d", "a", "c", "b")
    each = k.OrderingKey(order=order, credit=k.Credit.EACH)
    assert worth(question, k.OrderingKey(order=order), Ordered(order)) == 3
    assert worth(question, k.OrderingKey(order=order), Ordered(("a", "d", "c", "b"))) == 0
    assert worth(question, each, Ordered(("b", "d", "a", "c"))) == 2
    assert worth(question, each, Ordered(("d", "d", "a", "c"))) == 0


def test_cloze_weighs_its_gaps() -> None:
    question = q.Cloze(
        id="q", points=4, prompt="[[g1]] [[g2]] [[g3]]",
        gaps=(q.Gap(id="g1"), q.Gap(id="g2", kind="number"), q.Gap(id="g3", kind="choice", weight=2.0, choices=ABCD)),
    )  # fmt: skip
    key = k.ClozeKey(
        gaps={
            "g1": k.GapKey(variants=(k.Variant(text="Beagle"),)),
            "g2": k.GapKey(numbers=(k.NumberVariant(value=Decimal(1831), tolerance=Decimal(1)),)),
            "g3": k.GapKey(shares={"c": 1.0}),
        }
    )
    assert worth(question, key, Filled({"g1": "beagle", "g2": "1832", "g3": "c"})) == 4
    assert worth(question, key, Filled({"g1": "beagle", "g2": "1900", "g3": "a"})) == 1
    assert grade(question, key, Filled({"g1": " "})).verdict is Verdict.UNANSWERED


def test_an_essay_waits_for_a_person_and_an_empty_one_does_not() -> None:
    assert grade(q.Essay(id="q", points=9), k.EssayKey(), Written("Because.")).needs_person
    assert grade(q.Essay(id="q"), k.EssayKey(), Written("  ")).verdict is Verdict.UNANSWERED


def test_without_its_key_an_answer_waits() -> None:
    question = q.MultipleChoice(id="q", choices=ABCD)
    assert grade(question, None, Chosen(("a",))).needs_person
    assert grade(question, k.TrueFalseKey(), Chosen(("a",))).needs_person


def place(start: int, end: int, *, edition: str = "e1", href: str = "c1", quote: str = "", before: str = "") -> Locator:
    return Locator(EpubTarget(href, start, end), Quote(quote, before) if quote else None, 0.1, edition)


LONG = "natural selection is daily and hourly scrutinising"


@pytest.mark.parametrize(
    ("selected", "right"),
    [
        (place(100, 200), True),
        (place(110, 205), True),
        (place(100, 149), False),
        (place(0, 5000), False),
        (place(100, 200, href="c2"), False),
        (place(150, 150), False),
        (place(7, 57, edition="e2", quote=LONG), True),
        (place(7, 57, edition="e2", quote="something else altogether here"), False),
        (Locator(PdfTarget(3, 5, 55), Quote(LONG.upper()), 0.1, "pdf"), True),
    ],
)
def test_a_passage_is_found_if_the_selection_and_it_cover_each_other(selected: Locator, right: bool) -> None:
    key = k.FindPassageKey(passages=(place(100, 200, quote=LONG),))
    assert (worth(q.FindPassage(id="q"), key, Selected(selected)) == 1) is right


def test_few_words_count_with_what_stands_before_them() -> None:
    key = k.FindPassageKey(passages=(place(100, 104, quote="fish", before="the whale is not a "),))
    same = place(9, 13, edition="e2", quote="fish", before="the whale is not a ")
    other = place(9, 13, edition="e2", quote="fish", before="we ate some fresh ")
    assert worth(q.FindPassage(id="q"), key, Selected(same)) == 1
    assert worth(q.FindPassage(id="q"), key, Selected(other)) == 0


def right_answer(question: q.Question, key: k.Key) -> Answer | None:
    """The answer that the key says is right."""
    match key:
        case k.MultipleChoiceKey():
            return Chosen((max(key.shares, key=lambda one: key.shares[one]),))
        case k.MultipleAnswerKey():
            return Chosen(key.right)
        case k.TrueFalseKey():
            return Chosen(("true" if key.is_true else "false",))
        case k.ShortTextKey():
            return Written(key.variants[0].text.replace("\\*", "*").replace("\\\\", "\\"))
        case k.NumericKey():
            return Written(f"{key.variants[0].value:f}".replace(".", ","))
        case k.MatchingKey():
            return Matched(key.pairs)
        case k.OrderingKey():
            return Ordered(key.order)
        case k.FindPassageKey():
            return Selected(key.passages[0])
    return None


@settings(max_examples=examples(300), deadline=None)
@given(questions())
def test_the_right_answer_to_any_question_is_right(pair: Pair) -> None:
    answer = right_answer(*pair)
    if answer is not None:
        assert grade(*pair, answer).points == pair[0].points


@settings(max_examples=examples(200), deadline=None)
@given(questions(), questions())
def test_no_answer_is_worth_less_than_nothing_or_more_than_all(pair: Pair, other: Pair) -> None:
    for answer in (None, right_answer(*other), Chosen(("x",)), Written("x"), Matched({}), Ordered(()), Filled({})):
        found = grade(*pair, answer)
        assert 0 <= found.points <= found.out_of
    assert total([grade(*pair, None)]) == (0, pair[0].points)
